"""Who made a clip, under which licence, and whether that licence lets a dataset hand it on.

A licence is known if all of its text is one of the names or addresses of a Creative Commons licence. Text that has any
other word in it ("not CC0", "was CC BY") is not known, and what is not known is not published.
"""

import re
import unicodedata
from typing import Any
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict

UNKNOWN = "its licence is not known"

_VERSIONS = {"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"}
_PORTS = (
    "am ar at au az be bg br by ca ch cl cn co cr cz de dk ec ee eg es fi fr ge gr gt hk hr hu ie igo il in it jo jp kr"
    " kz lu mk mt mx my ng nl no nz pe ph pl pr pt ro rs scotland se sg si th tn tr tw tz ua ug uk us ve vn za"
)
_COUNTRIES = (
    "australia|austria|belgium|brazil|canada|chile|china mainland|czech republic|denmark|england wales|finland|france"
    "|germany|greece|hungary|india|ireland|italy|japan|korea|mexico|netherlands|new zealand|norway|poland|portugal"
    "|romania|russia|scotland|singapore|south africa|spain|sweden|switzerland|taiwan|uk england wales|united kingdom"
    "|united states"
)
_PORT = rf"(?:{_PORTS.replace(' ', '|')})"
_ELEMENTS = {
    "by": "by|attribution",
    "nc": "nc|non ?commercial",
    "nd": r"nd|no ?deriv(?:ative)?s?(?: works)?",
    "sa": "sa|share ?alike",
}
_ELEMENT = "|".join(f"(?P<{element}>{words})" for element, words in _ELEMENTS.items())
_ANY_ELEMENT = "|".join(_ELEMENTS.values())
_COMMONS = r"(?:cc|creative commons)(?: licen[cs]e)?"
_ENDING = r"(?: (?:deed|legal ?code|(?:public )?licen[cs]e))?"
_NUMBER = r" ?(?:v ?|version )?(?P<version>\d(?:\.\d)?)"
_VERSION = rf"(?:{_NUMBER})?"
_REGION = rf"(?: (?:international|unported|generic|(?P<port>{_PORT}|{_COUNTRIES})))?"
_NAME = re.compile(
    rf"(?:{_COMMONS} ?)?(?P<elements>(?:{_ANY_ELEMENT})(?: ?(?:{_ANY_ELEMENT}))*)(?:{_NUMBER}{_REGION})?{_ENDING}"
)
_ZERO = re.compile(
    rf"(?:{_COMMONS} )?(?:cc ?(?:0|zero)|(?<=commons )(?:0|zero)){_VERSION}(?: universal)?"
    rf"(?: public domain(?: dedication)?)?{_ENDING}"
)
_DEDICATION = "public domain dedication"  # behind "CC0 1.0 Universal (CC0 1.0)"
_MARK = re.compile(rf"(?:{_COMMONS} )?(?:public domain mark|pdm){_VERSION}(?: universal)?")
_SAMPLING = rf"sampling ?(?:\+|plus){_VERSION}{_ENDING}"
_WITHOUT_ELEMENTS = (
    (_ZERO, "CC0"),
    (_MARK, "Public Domain Mark"),
    (re.compile(rf"(?:{_COMMONS} )?{_SAMPLING}"), "Sampling+"),
    (re.compile(rf"(?:{_COMMONS} )?(?:nc|non ?commercial) {_SAMPLING}"), "NC-Sampling+"),
)
_HOST = r"(?:(?:https?:)?//)?(?:www\.)?creativecommons\.org/"
_ADDRESS = re.compile(
    rf"{_HOST}(?:licenses|publicdomain)/(?P<code>[a-z+-]+)(?:/(?P<version>\d\.\d)(?:/{_PORT})?)?"
    r"(?:/(?:deed|legalcode|rdf)?(?:[./][a-z]{2,3}(?:[-_][a-z]{2,4})?)?)?/?(?:[?#]\S*)?"
)
_PARTS = re.compile(rf"{_HOST}[^\s()<>\[\]|]+|[^()<>\[\]|]+?(?={_HOST}|[()<>\[\]|]|$)")


class ClipSource(BaseModel):
    """Where a clip comes from; what is not known is None."""

    model_config = ConfigDict(frozen=True)

    title: str | None = None
    author: str | None = None
    licence: str | None = None
    link: str | None = None


def clip_source(fields: dict[str, Any], *, title: str, author: str, licence: str, link: str) -> ClipSource:
    """A clip's source from the fields of a file, by the names that they have there."""
    text = {name: str(fields.get(name) or "").strip() or None for name in (title, author, licence, link)}
    stated = text[licence]
    return ClipSource(
        title=text[title],
        author=text[author],
        licence=(licence_name(stated) or stated) if stated else None,
        link=text[link],
    )


def licence_name(licence: str) -> str | None:
    """The short name of a licence (CC0 1.0, CC BY-NC 4.0, Sampling+ 1.0), or None for one that is not known.

    Names may be written with any hyphens or spaces, in any case, short, long or as SPDX has them; addresses are those
    of creativecommons.org. A name with its address or its long name beside it is known if they are of one licence.
    """
    parts = [part.strip(" .,;:-") for part in _PARTS.findall(_plain(licence))]
    names = {_name_of_part(part) for part in parts if part and part != _DEDICATION}
    if _DEDICATION in parts and not all(str(name).startswith("CC0") for name in names):
        return None
    if len(names) == 2 and None not in names:  # with its version, and without
        shorter, longer = sorted(map(str, names), key=len)
        return longer if longer.rpartition(" ")[0] == shorter else None
    return names.pop() if len(names) == 1 else None


def forbidden(licence: str | None) -> str | None:
    """Why a licence does not allow a clip to stand in a dataset for research, or None where it does.

    Clips are parts of recordings: licences without derivatives (ND) do not cover them.
    """
    name = licence_name(licence) if licence else None
    if name is None:
        return UNKNOWN
    if "-ND" in name:
        return f"{name}: no derivatives, and a clip is one"
    return None


def _plain(licence: str) -> str:
    """Without what only looks different: compatibility characters, case, invisible characters."""
    text = unicodedata.normalize("NFKC", licence).casefold()
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def _name_of_part(part: str) -> str | None:
    address = _ADDRESS.fullmatch(unquote(part))
    if address:
        return _name_of_code(address["code"], address["version"])
    words = " ".join(re.sub(r"[-_,:&/]", " ", _with_plain_hyphens(part)).split())
    for pattern, name in _WITHOUT_ELEMENTS:
        if match := pattern.fullmatch(words):
            return _with_version(name, match["version"], default="1.0", known={"1.0"})
    match = _NAME.fullmatch(words)
    if match is None or not (words.startswith(("cc", "creative commons")) or match["version"]):
        return None
    if match["port"] and match["version"] in ("4", "4.0"):  # it is the same in every country
        return None
    return _name_of_elements(
        [str(found.lastgroup) for found in re.finditer(_ELEMENT, match["elements"])], match["version"]
    )


def _name_of_code(code: str, version: str | None) -> str | None:
    """The name of a licence by the code in its address, such as `by-nc-sa`."""
    special = {"zero": "CC0", "mark": "Public Domain Mark", "sampling+": "Sampling+", "nc-sampling+": "NC-Sampling+"}
    if code in special:
        return _with_version(special[code], version, default="1.0", known={"1.0"})
    return _name_of_elements(code.split("-"), version)


def _name_of_elements(elements: list[str], version: str | None) -> str | None:
    kept = [element for element in _ELEMENTS if element in elements]
    if sorted(kept) != sorted(elements) or "by" not in kept or {"nd", "sa"} <= set(kept):
        return None
    return _with_version(f"CC {'-'.join(kept).upper()}", version, known=_VERSIONS)


def _with_version(name: str, version: str | None, *, known: set[str], default: str = "") -> str | None:
    if not version:
        return f"{name} {default}".rstrip()
    full = version if "." in version else f"{version}.0"
    return f"{name} {full}" if full in known else None


def _with_plain_hyphens(text: str) -> str:
    dashes = {
        character for character in text if unicodedata.category(character) == "Pd" or character == "\N{MINUS SIGN}"
    }
    return "".join("-" if character in dashes else character for character in text)
