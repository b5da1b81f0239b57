"""Markdown: tables, and foreign text, which shows as text whatever is in it."""

import re
import unicodedata
from collections.abc import Collection, Sequence

_MARKUP = re.compile(r"[\\`*_\[\]#|~$@]|^[-+=!]|^\d+(?=[.)](?:\s|$))|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_NUMBER = re.compile(r"[\d,]+(\.\d+)?%?|–")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def as_text(text: str, limit: int = 1200) -> str:
    """One line of Markdown that shows `text` as it is, cut at `limit` characters.

    Markup is escaped, HTML becomes entities, and characters that are invisible or change the direction of writing are
    shown by their code, such as `U+202E`.
    """
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    visible = "".join(_visible(character) for character in cut)
    escaped = "".join(_HTML.get(character, character) for character in " ".join(visible.split()))
    return _MARKUP.sub(_escape, escaped)


def table(header: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Collection[str] = ()) -> str:
    """A Markdown table with columns of numbers aligned to the right, and those whose heading is in `numbers`.

    Cells must be safe: foreign text goes through `as_text`.
    """
    numeric = [
        heading in numbers or (bool(rows) and all(_is_number(row[column]) for row in rows))
        for column, heading in enumerate(header)
    ]
    lines = [tuple(header), tuple("---:" if is_numeric else "---" for is_numeric in numeric)]
    lines += [tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _is_number(cell: object) -> bool:
    """Whether a cell is a number, also as text: `98.5%`, or the dash of one that is missing."""
    return isinstance(cell, int | float) or (isinstance(cell, str) and bool(_NUMBER.fullmatch(cell)))


def _escape(match: re.Match[str]) -> str:
    """Escapes the match; a number that would begin a list is escaped behind it, where the full stop is."""
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def _visible(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"):
        return f"U+{ord(character):04X}"
    return character
