"""A dataset as `adiff build` left it: its CSV files, and in `work/` how its answers came to be and were judged."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adiff_data.annotation.run_file import read_run
from adiff_data.checks.verdicts import Verdict, read_verdicts
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_objects, without_cut_line
from adiff_data.published_csv import parse_file_name
from adiff_data.records import Annotation
from adiff_data.tiers import TIERS

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
        config: its name in the repository.
        tables: its files, split by split, a split's tiers in their order.
        annotations, verdicts: what was kept of the work, as far as it is there.
    """

    config: str
    folder: Path
    tables: tuple[BuiltTable, ...]
    annotations: tuple[Path, ...]
    verdicts: tuple[Path, ...]

    @property
    def date(self) -> str:
        """The day of the last change: of the annotations where their run is known, else of the files. UTC."""
        runs = [run for path in self.annotations if (run := read_run(path))]
        if runs:
            return max(run.updated for run in runs)[:10]
        newest = max(table.path.stat().st_mtime for table in self.tables)
        return datetime.fromtimestamp(newest, UTC).date().isoformat()


def find_built(given: str) -> BuiltFolder:
    """The dataset in a folder: `data/CLD`, or `name=data/CLD` for a config of another name.

    Raises:
        InputError: no such folder, no built CSV in it, or CSVs of several datasets.
    """
    name, _, rest = given.partition("=")
    folder = Path(rest or given)
    if not folder.is_dir():
        raise InputError("no such folder", file=folder)
    named = {path: parts for path in sorted(folder.glob("*.csv")) if (parts := parse_file_name(path.name))}
    if not named:
        raise InputError("no built CSV is here", file=folder, mend="adiff build makes them")
    datasets = sorted({dataset for dataset, _, _ in named.values()})
    if len(datasets) > 1:
        raise InputError(f"holds several datasets: {', '.join(datasets)}", file=folder, mend="give each a folder")
    config = name if rest else datasets[0]
    if not _CONFIG.fullmatch(config):
        raise InputError(f"'{config}' is no name of a config", mend="letters, digits, _ and - may be in it")
    unknown = [path for path, (_, _, tier) in named.items() if tier not in TIERS]
    if unknown:
        raise InputError(f"'{named[unknown[0]][2]}' is no tier", file=unknown[0])
    tables = [BuiltTable(path, split, tier) for path, (_, split, tier) in named.items()]
    tables.sort(key=lambda table: (table.split, list(TIERS).index(table.tier)))
    return BuiltFolder(
        config=config,
        folder=folder,
        tables=tuple(tables),
        annotations=tuple(sorted(folder.glob("work/*/annotations.jsonl"))),
        verdicts=tuple(sorted(folder.glob("work/*/verdicts.jsonl"))),
    )


def read_verdicts_by_id(paths: tuple[Path, ...]) -> dict[str, Verdict]:
    """The verdicts of a dataset, by the row's id."""
    return {verdict.id: verdict for path in paths for verdict in read_verdicts(path)}


class Origins:
    """How each answer came to be: annotations looked up by id, read from their files one at a time."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._files = [path.open("rb") for path in paths]
        self._places: dict[str, tuple[int, int]] = {}
        for number, path in enumerate(paths):
            self._index(number, path)

    def _index(self, number: int, path: Path) -> None:
        starts, position = [], 0
        for line in self._files[number]:
            starts.append(position)
            position += len(line)
        for row, fields in without_cut_line(read_objects(path)):
            self._places[str(fields.get("id"))] = number, starts[row - 1]

    def __enter__(self) -> "Origins":
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def complete(self, row: Annotation) -> Annotation:
        """The row with its provenance, strategy and similarity; as it is where nothing is known of it, or where its
        answer is not the one that was written then."""
        place = self._places.get(row.id)
        if place is None:
            return row
        file = self._files[place[0]]
        file.seek(place[1])
        origin = Annotation.model_validate_json(file.readline())
        return origin if origin.answer == row.answer else row
