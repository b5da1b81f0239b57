"""What every reader asks of its rows: captions that are not empty, names that stand once and stay inside."""

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from adiff_data.core.errors import InputError
from adiff_data.core.files import plain_path, unsafe_reason
from adiff_data.core.text_files import json_type


def caption_file(root: Path, layouts: Iterable[str], name: str) -> Path:
    """A caption file in `root`, or in one of the folders below it in which copies of a corpus keep it.

    `root` may be any folder on the way there. Where there is no such file, it is the one in `root` that is missing.
    """
    ways = (
        parts[start:] for layout in layouts if (parts := PurePosixPath(layout).parts) for start in range(len(parts))
    )
    candidates = (root / name, *(root.joinpath(*way, name) for way in ways))
    return next((path for path in candidates if path.is_file()), root / name)


def nonempty(caption: Any, column: str, path: Path, row: int) -> str:
    """The caption without white space around it, or an InputError where nothing is left of it."""
    if caption is not None and not isinstance(caption, str):
        raise InputError(f"{column} is {json_type(caption)}, not a text", file=path, row=row)
    if not caption or not caption.strip():
        raise InputError(f"{column} is empty", file=path, row=row)
    text = caption.strip()
    if "\0" in text:
        raise InputError(f"{column} has a zero byte, which no text has", file=path, row=row)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{column} has half a surrogate pair, which is no text", file=path, row=row) from None
    return text


def distinct(path: Path) -> Callable[[str, int], str]:
    """A check for the names of one file: returns each name in its plain spelling, or raises where it is unsafe or came
    before, in whatever spelling."""
    seen: dict[str, int] = {}

    def check(name: str, row: int) -> str:
        reason = unsafe_reason(name)
        if reason is not None:
            raise InputError(f"'{name}': {reason}", file=path, row=row)
        plain = plain_path(name)
        if plain == ".":
            raise InputError(f"'{name}': the path names no file", file=path, row=row)
        if plain in seen:
            raise InputError(f"'{name}' stands in row {seen[plain]} already", file=path, row=row)
        seen[plain] = row
        return plain

    return check
