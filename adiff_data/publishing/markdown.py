"""Foreign text inside a card: it shows as text, whatever it holds."""

import re
import unicodedata
from collections.abc import Sequence

_MARKUP = re.compile(r"[\\`*_\[\]#|~$@]|^[-+=!]|^\d+(?=[.)](?:\s|$))|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def as_text(text: str, limit: int = 1200) -> str:
    """`text` on one line of Markdown that shows it as it is: markup escaped, HTML as entities, characters that do
    not show or turn the direction of writing as `U+202E`, cut at `limit` characters."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    visible = "".join(_visible(character) for character in cut)
    escaped = "".join(_HTML.get(character, character) for character in " ".join(visible.split()))
    return _MARKUP.sub(_escape, escaped)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; numbers to the right. Cells are taken as they are: foreign text goes through `as_text`."""
    numbers = [bool(rows) and all(isinstance(row[place], int | float) for row in rows) for place in range(len(header))]
    lines = [tuple(header), tuple("---:" if number else "---" for number in numbers)]
    lines += [tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _escape(found: re.Match[str]) -> str:
    """A number that would begin a list is kept from it by what follows."""
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _visible(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"):
        return f"U+{ord(character):04X}"
    return character
