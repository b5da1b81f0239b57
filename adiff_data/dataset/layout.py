"""What a published folder is known by, and the files in it."""

from collections.abc import Iterator
from pathlib import Path

CROISSANT = "croissant.json"
CARD = "README.md"
CLIPS = "_clips"  # what the name of a config of clips ends in


def files_in(folder: Path) -> Iterator[tuple[str, int]]:
    """Yields the name and size (bytes) of every file below a folder, by name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.stat().st_size
