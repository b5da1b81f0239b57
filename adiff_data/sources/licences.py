"""Who made a clip, under which licence, and whether that licence lets a dataset hand it on."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict

_CREATIVE_COMMONS = re.compile(
    r"(?:\bcc[- ]|licenses/|creative commons )(by(?:-nc)?(?:-nd|-sa)?)\b[/ -]*(\d\.\d)?", re.IGNORECASE
)
_ZERO = re.compile(r"\bcc-?0\b|publicdomain/zero|creative commons (?:0|zero)", re.IGNORECASE)
_SAMPLING = re.compile(r"sampling\+[/ ]*(\d\.\d)?", re.IGNORECASE)
UNKNOWN = "its licence is not known"


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
    """The short name of a licence (CC0 1.0, CC BY-NC 4.0, Sampling+ 1.0), or None for one that is not known here."""
    if _ZERO.search(licence):
        return "CC0 1.0"
    if match := _SAMPLING.search(licence):
        return f"Sampling+ {match[1] or '1.0'}"
    if match := _CREATIVE_COMMONS.search(licence):
        return f"CC {match[1].upper()} {match[2] or ''}".rstrip()
    return None


def forbidden(licence: str | None) -> str | None:
    """Why a licence does not allow a clip to stand in a dataset for research, or None where it does.

    Clips are parts of recordings: licences without derivatives (ND) do not cover them.
    """
    name = licence_name(licence) if licence else None
    if name is None:
        return UNKNOWN
    if name.split()[1].endswith("-ND"):
        return f"{name}: no derivatives, and a clip is one"
    return None
