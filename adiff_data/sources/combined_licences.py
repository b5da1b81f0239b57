"""The source of a clip that is made of several recordings: whose they are, and under which licence it is handed on."""

from collections.abc import Callable, Sequence

from adiff_data.sources.licences import ClipSource, licence_name

_FREE = ("CC0 1.0", "Public Domain Mark 1.0")
_ATTRIBUTION, _SHARE_ALIKE, _NON_COMMERCIAL = "CC BY", "-SA", "-NC"


def combined_source(sources: Sequence[ClipSource | None]) -> ClipSource:
    """Everybody's title, author and address, and the licence that keeps all of theirs, if there is one.

    Args:
        sources: of each recording in the clip; None where nothing is known of one.
    """
    known = [source for source in sources if source is not None]

    def joined(field: Callable[[ClipSource], str | None], separator: str) -> str | None:
        return separator.join(dict.fromkeys(text for source in known if (text := field(source)))) or None

    return ClipSource(
        title=joined(lambda source: source.title, "; "),
        author=joined(lambda source: source.author, "; "),
        licence=combined_licence([source.licence if source else None for source in sources]),
        link=joined(lambda source: source.link, " "),
    )


def combined_licence(licences: Sequence[str | None]) -> str | None:
    """The licence that a work made of several others can be given, or None where there is none or one is not known.

    Public domain adds nothing, attribution (BY) is kept beside any other terms, non-commercial use (NC) stays so, and
    share-alike (SA) asks for the same licence. As in Creative Commons' own table of what can be remixed
    (https://wiki.creativecommons.org/wiki/Wiki/cc_license_compatibility).
    """
    names = [licence_name(licence) if licence else None for licence in licences]
    if not names or None in names:
        return None
    different = sorted({str(name) for name in names} - set(_FREE))
    if not different:
        return _FREE[0] if _FREE[0] in names else _FREE[1]
    if len(different) == 1:
        return different[0]
    if any(not name.startswith(_ATTRIBUTION) or "-ND" in name for name in different):
        return None
    sharing = [name for name in different if _SHARE_ALIKE in name]
    restricted = [name for name in different if _NON_COMMERCIAL in name]
    if len(sharing) > 1 or (sharing and restricted and sharing[0] not in restricted):
        return None
    return max(sharing or restricted or different, key=_version)


def _version(name: str) -> str:
    """The number at the end of a name; nothing comes before all of them."""
    return name.rpartition(" ")[2] if name[-1].isdigit() else ""
