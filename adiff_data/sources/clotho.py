"""Clotho v2.1 (Drossos et al., 2020): `clotho_captions_{split}.csv`, five captions a clip."""

from collections.abc import Iterator
from pathlib import Path

from adiff_data.core.tables import read_table
from adiff_data.records import Clip
from adiff_data.sources.captions import distinct, nonempty
from adiff_data.sources.corpus import CORPORA

CAPTION_COLUMNS = tuple(f"caption_{number}" for number in range(1, 6))


def read_clips(root: Path, split: str) -> Iterator[Clip]:
    """Yields the clips of a split in the file's order.

    Raises:
        InputError: a column is missing, a caption is empty, or a file name stands twice.
    """
    return read_clotho_layout(root, split, corpus="clotho")


def read_clotho_layout(root: Path, split: str, *, corpus: str) -> Iterator[Clip]:
    """Yields the clips of a corpus that is kept in Clotho's own layout."""
    path = root / f"clotho_captions_{split}.csv"
    names = distinct(path)
    for row, fields in read_table(path, ("file_name", *CAPTION_COLUMNS)):
        name = names(fields["file_name"], row)
        captions = tuple(nonempty(fields[column], column, path, row) for column in CAPTION_COLUMNS)
        yield Clip(
            corpus=corpus,
            split=split,
            filepath=f"{CORPORA[corpus].folder}/{split}/{name}",
            captions=captions,
        )
