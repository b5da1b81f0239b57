"""Any CSV or JSONL file with a path and one or more captions.

Columns: `path` (relative to the folder of recordings), `caption` or `caption_1`, `caption_2` …, and `split` if the
clips are divided. In JSONL, `captions` may hold a list.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_objects
from adiff_data.core.tables import read_table
from adiff_data.core.text_files import json_type
from adiff_data.records import Clip
from adiff_data.sources.captions import distinct, nonempty
from adiff_data.sources.corpus import UNDIVIDED, Corpus, Terms

_CAPTION_COLUMN = re.compile(r"caption(_\d+)?")


class Manifest(Corpus):
    """A corpus of the user's own: one file names its clips, captions and splits."""

    name, taskname, folder, dataset = "manifest", "manifest", "", "manifest"
    splits = ()
    terms = Terms(
        title="a corpus of the publisher's own",
        captions="as its publisher says",
        recordings="as its publisher says",
    )

    def read_clips(self, root: Path, split: str, *, exclude: str) -> Iterator[Clip]:
        """Yields the clips of a split in the file's order; a file without a `split` column is one split, `all`.

        Args:
            root: the manifest file itself.
            split: a value of the `split` column.
            exclude: of no meaning here.

        Raises:
            InputError: a path is missing, absolute, leaves its folder or stands twice in a split, in whatever
                spelling; a split is neither a text nor a whole number; a clip has no caption or an empty one; no clip
                is in the split.
        """
        del exclude
        distinct_name = distinct(root)
        splits: set[str] = set()
        for row, fields in _rows(root):
            row_split = _split(fields, root, row)
            splits.add(row_split)
            if row_split == split:
                filepath = distinct_name(_path(fields, root, row), row)
                yield Clip(corpus=self.name, split=split, filepath=filepath, captions=_captions(fields, root, row))
        if not splits:
            raise InputError("holds no clip", file=root)
        if split not in splits:
            raise InputError(f"no split '{split}'", file=root, mend=f"its splits: {', '.join(sorted(splits))}")

    def caption_files(self, root: Path, split: str) -> list[Path]:
        """The manifest."""
        del split
        return [root]

    def splits_in(self, root: Path) -> tuple[str, ...]:
        """The values of the `split` column, in the order in which they come."""
        return tuple(dict.fromkeys(_split(fields, root, row) for row, fields in _rows(root)))

    def listed_paths(self, root: Path) -> Iterator[str]:
        """Yields the path of every row, of whichever split."""
        with suppress(InputError):
            yield from [path for _, fields in _rows(root) if isinstance(path := fields.get("path"), str)]


CORPUS = Manifest()


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if path.suffix == ".csv":
        return iter(read_table(path, ("path",)))
    if path.suffix == ".jsonl":
        return read_objects(path)
    raise InputError("a manifest is a .csv or .jsonl file", file=path)


def _path(fields: dict[str, Any], file: Path, row: int) -> str:
    path = fields.get("path")
    if path is None:
        raise InputError("no path", file=file, row=row)
    if not isinstance(path, str):
        raise InputError(f"path is {json_type(path)}, not a text", file=file, row=row)
    return path


def _split(fields: dict[str, Any], file: Path, row: int) -> str:
    split = fields.get("split")
    if split is None:
        return UNDIVIDED
    if isinstance(split, float) and split.is_integer():
        split = int(split)
    if isinstance(split, bool) or not isinstance(split, str | int):
        raise InputError(f"split is {json_type(split)}, not a text", file=file, row=row)
    return str(split).strip() or UNDIVIDED


def _captions(fields: dict[str, Any], path: Path, row: int) -> tuple[str, ...]:
    listed = fields.get("captions")
    if isinstance(listed, list) and listed:
        return tuple(nonempty(caption, "captions", path, row) for caption in listed)
    columns = sorted((name for name in fields if _CAPTION_COLUMN.fullmatch(name)), key=_number)
    if not columns:
        raise InputError("no caption", file=path, row=row, mend="columns: caption, or caption_1, caption_2 …")
    return tuple(nonempty(fields[column], column, path, row) for column in columns)


def _number(column: str) -> int:
    return int(column.partition("_")[2] or 0)
