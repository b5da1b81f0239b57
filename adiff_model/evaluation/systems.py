"""Predictions of systems, read to be evaluated: each row's dataset, tier, prediction and references."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.sources import corpus_of_path
from adiff_data.tiers import TIERS
from adiff_model.prediction_file import Prediction

Group = tuple[str, str]  # dataset and tier


@dataclass(frozen=True)
class System:
    """One system's predictions.

    Attributes:
        name: what it is called in tables.
        groups: its rows by dataset and tier, both in the order of the datasets and tiers.
    """

    name: str
    groups: dict[Group, tuple[Prediction, ...]]

    @property
    def empty(self) -> int:
        """Rows without a prediction: they count, and score nothing."""
        return sum(not row.prediction.strip() for rows in self.groups.values() for row in rows)


def read_systems(given: Sequence[str]) -> list[System]:
    """Systems from `PATH` or `NAME=PATH`.

    Raises:
        InputError: a file is none, a row of it cannot be evaluated, two systems have one name, or they answer
            different rows.
    """
    systems = [_read_system(*_name_and_path(text)) for text in given]
    names = [system.name for system in systems]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two systems are called '{name}'", mend="give NAME=PATH")
    for system in systems[1:]:
        _require_same_rows(systems[0], system)
    return systems


def _name_and_path(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if equals and not Path(text).exists():
        return name, Path(path)
    return Path(text).stem, Path(text)


def _read_system(name: str, path: Path) -> System:
    found: dict[Group, list[Prediction]] = {}
    first_row: dict[str, int] = {}
    for row, line in enumerate(read_records(path, Prediction), start=1):
        if line.id in first_row:
            raise InputError(f"the id '{line.id}' stands in row {first_row[line.id]} too", file=path, row=row)
        first_row[line.id] = row
        if not any(reference.strip() for reference in line.references):
            raise InputError("no reference to hold the prediction against", file=path, row=row)
        if line.tier not in TIERS:
            raise InputError(f"no tier '{line.tier}'", file=path, row=row, mend=f"one of {', '.join(TIERS)}")
        found.setdefault((dataset_of(line.filepath1), line.tier), []).append(line)
    if not found:
        raise InputError("holds no prediction", file=path)
    order = list(TIERS)
    groups = sorted(found, key=lambda group: (group[0], order.index(group[1])))
    return System(name, {group: tuple(found[group]) for group in groups})


def dataset_of(filepath: str) -> str:
    """`cld`, `acd`, `wcd`, `demo`, or `other`."""
    corpus = corpus_of_path(filepath)
    return corpus.dataset if corpus else "other"


def _require_same_rows(first: System, other: System) -> None:
    """Scores are compared row by row, so both must have the same rows in the same order."""
    for group in {**first.groups, **other.groups}:
        ids = [[row.id for row in system.groups.get(group, ())] for system in (first, other)]
        if ids[0] != ids[1]:
            dataset, tier = group
            raise InputError(
                f"{first.name} and {other.name} do not answer the same rows of {dataset}, {tier}",
                mend="evaluate them apart, or predict the same split with both",
            )
