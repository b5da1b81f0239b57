"""Any CSV or JSONL file with a path and one or more captions.

Columns: `path` (relative to the folder of recordings), `caption` or `caption_1`, `caption_2` …, and `split` if the
clips are divided. In JSONL, `captions` may hold a list.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_objects
from adiff_data.core.tables import read_table
from adiff_data.records import Clip
from adiff_data.sources.captions import distinct, nonempty

UNDIVIDED = "all"
_CAPTION_COLUMN = re.compile(r"caption(_\d+)?")


def read_clips(root: Path, split: str) -> Iterator[Clip]:
    """Yields the clips of a split in the file's order; a file without a `split` column is one split, `all`.

    Args:
        root: the manifest file itself.
        split: a value of the `split` column.

    Raises:
        InputError: a path is missing, absolute, leaves its folder or stands twice in a split; a clip has no
            caption or an empty one; no clip is in the split.
    """
    checks = {}
    splits: set[str] = set()
    for row, fields in _rows(root):
        own_split = str(fields.get("split") or UNDIVIDED)
        splits.add(own_split)
        if own_split != split:
            continue
        check = checks.setdefault(split, distinct(root))
        filepath = check(str(fields.get("path", "")), row)
        yield Clip(corpus="manifest", split=split, filepath=filepath, captions=_captions(fields, root, row))
    if split not in splits:
        known = ", ".join(sorted(splits)) or "none"
        raise InputError(f"no split '{split}'", file=root, mend=f"its splits: {known}")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if path.suffix == ".csv":
        return iter(read_table(path, ("path",)))
    if path.suffix == ".jsonl":
        return read_objects(path)
    raise InputError("a manifest is a .csv or .jsonl file", file=path)


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
