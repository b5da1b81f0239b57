"""The answers of one split of a dataset that can be reviewed."""

from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.dataset.built_folder import REVIEWS_FILE, Origins, find_built
from adiff_data.dataset.layout import hub_split
from adiff_data.published_csv import read_annotations, read_published
from adiff_data.records import Annotation


def answers_of_split(dataset: Path, split: str, tier: str | None = None) -> tuple[list[Annotation], Path]:
    """The answered rows of a split, and where their review is kept.

    They are those of `work/SPLIT/annotations.jsonl`, also those that failed their checks; where there is no such file,
    those of the CSV files.

    Args:
        dataset: a built folder, such as `data/CLD`.
        split: its name, or the Hub's (`test` for `evaluation`).
        tier: take only this one.

    Raises:
        InputError: there is no such folder, split or tier in it, or a file is wrong.
    """
    built = find_built(str(dataset))
    tables = [table for table in built.tables if split in (table.split, hub_split(table.split))]
    if not tables:
        known = ", ".join(sorted({table.split for table in built.tables}))
        raise InputError(f"no split '{split}'", file=dataset, mend=f"its splits: {known}")
    work = built.folder / "work" / tables[0].split
    annotations = work / "annotations.jsonl"
    if annotations.is_file():
        rows = list(read_annotations(annotations))
    else:
        with Origins(built.annotations) as origins:
            rows = [origins.complete(row) for table in tables for row in read_published(table.path)]
    answered = {row.id: row for row in rows if not row.failed and row.answer.strip() and tier in (None, row.tier)}
    if not answered:
        raise InputError("no answer to review is here", file=dataset, mend="name another split or tier")
    return list(answered.values()), work / REVIEWS_FILE
