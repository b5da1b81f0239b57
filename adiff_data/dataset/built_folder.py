"""A dataset as `adiff build` left it: its CSV files and, in `work/`, its annotations and their verdicts."""

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from adiff_data.annotation.run_file import read_run
from adiff_data.checks.verdicts import Verdict, read_verdicts
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_objects, without_cut_line
from adiff_data.published_csv import parse_file_name
from adiff_data.records import Annotation
from adiff_data.tiers import ANSWER_KINDS

REVIEWS_FILE = "reviews.sqlite"
_CONFIG = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class BuiltTable:
    """One CSV file: a split and a tier."""

    path: Path
    split: str
    tier: str


@dataclass(frozen=True)
class BuiltFolder:
    """A dataset that was built.

    Attributes:
        config: its name in a published repository.
        dataset: its name in file names, such as `cld`.
        folder: where it is.
        tables: its files, by split and then by tier.
        annotations, verdicts, shortcuts, reviews: the files in `work/`, as far as there are any.
    """

    config: str
    dataset: str
    folder: Path
    tables: tuple[BuiltTable, ...]
    annotations: tuple[Path, ...]
    verdicts: tuple[Path, ...]
    shortcuts: tuple[Path, ...]
    reviews: tuple[Path, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of answer that its files hold."""
        return frozenset(table.tier for table in self.tables)

    @property
    def date(self) -> str:
        """The day (UTC) of the last change: of the annotations if their run is known, else of the CSV files."""
        runs = [run for path in self.annotations if (run := read_run(path))]
        if runs:
            return max(run.updated for run in runs)[:10]
        newest = max(table.path.stat().st_mtime for table in self.tables)
        return datetime.fromtimestamp(newest, UTC).date().isoformat()


def find_built(argument: str) -> BuiltFolder:
    """The dataset in a folder: `data/CLD`, or `name=data/CLD` to give its config another name.

    Raises:
        InputError: there is no such folder, it has no built CSV, or CSVs of several datasets.
    """
    name, _, path = argument.partition("=")
    folder = Path(path or argument)
    if not folder.is_dir():
        raise InputError("no such folder", file=folder)
    dataset, tables = _find_tables(folder)
    config = name if path else dataset
    if not _CONFIG.fullmatch(config):
        raise InputError(f"'{config}' is no name of a config", mend="letters, digits, _ and - may be in it")
    return BuiltFolder(
        config=config,
        dataset=dataset,
        folder=folder,
        tables=tables,
        annotations=tuple(sorted(folder.glob("work/*/annotations.jsonl"))),
        verdicts=tuple(sorted(folder.glob("work/*/verdicts.jsonl"))),
        shortcuts=tuple(sorted(folder.glob("work/*/shortcuts.jsonl"))),
        reviews=tuple(sorted(folder.glob(f"work/*/{REVIEWS_FILE}"))),
    )


def _find_tables(folder: Path) -> tuple[str, tuple[BuiltTable, ...]]:
    """The name of the dataset that was built in a folder, and its tables."""
    datasets, tables = set(), []
    for path in sorted(folder.glob("*.csv")):
        if parts := parse_file_name(path.name):
            dataset, split, tier = parts
            datasets.add(dataset)
            tables.append(BuiltTable(path, split, tier))
    if not tables:
        raise InputError("no built CSV is here", file=folder, mend="adiff build makes them")
    if len(datasets) > 1:
        raise InputError(
            f"holds several datasets: {', '.join(sorted(datasets))}", file=folder, mend="give each a folder"
        )
    for table in tables:
        if table.tier not in ANSWER_KINDS:
            raise InputError(f"'{table.tier}' is no tier", file=table.path)
    tables.sort(key=lambda table: (table.split, list(ANSWER_KINDS).index(table.tier)))
    return datasets.pop(), tuple(tables)


def read_verdicts_by_id(paths: tuple[Path, ...]) -> dict[str, Verdict]:
    """The verdicts in some files, by the id of the row."""
    return {verdict.id: verdict for path in paths for verdict in read_verdicts(path)}


class Origins:
    """How each answer came to be: annotations that are looked up by id, and read one at a time.

    Args:
        paths: the files of annotations.
    """

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._files = [path.open("rb") for path in paths]
        self._location_of: dict[str, tuple[BinaryIO, int]] = {}  # the file and the offset of the line, in bytes
        for file, path in zip(self._files, paths, strict=True):
            self._locate_rows(file, path)

    def _locate_rows(self, file: BinaryIO, path: Path) -> None:
        offsets = list(accumulate((len(line) for line in file), initial=0))
        for row, fields in without_cut_line(read_objects(path)):
            self._location_of[str(fields.get("id"))] = file, offsets[row - 1]

    def __enter__(self) -> "Origins":
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def complete(self, row: Annotation) -> Annotation:
        """The row with its provenance, strategy and similarity.

        A row of which nothing is known, or whose answer is another than the one that was annotated, stays as it is.
        """
        if row.id not in self._location_of:
            return row
        file, offset = self._location_of[row.id]
        file.seek(offset)
        origin = Annotation.model_validate_json(file.readline().removeprefix(BOM_UTF8))
        return origin if origin.answer == row.answer else row
