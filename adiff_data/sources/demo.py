"""The built-in corpus, as `adiff_data.demo` writes it: in Clotho's own layout."""

from collections.abc import Iterator
from pathlib import Path

from adiff_data.records import Clip
from adiff_data.sources.clotho import read_clotho_layout


def read_clips(root: Path, split: str) -> Iterator[Clip]:
    """Yields the clips of a split in the file's order; errors as `clotho.read_clips`."""
    return read_clotho_layout(root, split, corpus="demo")
