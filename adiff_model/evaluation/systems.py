"""The systems to evaluate: their predictions, read from files and grouped by dataset and tier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.journal import read_journal
from adiff_data.sources import corpus_of_path
from adiff_data.tiers import TIERS
from adiff_model.prediction_file import Prediction

Group = tuple[str, str]  # dataset and tier
PredictionSource = str | Path | Sequence[Prediction]  # a file, or predictions in memory
SystemSources = str | Path | Sequence[str | Path] | Mapping[str, PredictionSource]


@dataclass(frozen=True)
class System:
    """One system's predictions.

    Attributes:
        name: what tables call it.
        groups: its rows by dataset and tier, in alphabetical order of the datasets and in the order of the tiers.
        file: where the predictions were read; None for predictions in memory.
    """

    name: str
    groups: dict[Group, tuple[Prediction, ...]]
    file: Path | None = None

    @property
    def rows(self) -> list[Prediction]:
        """The rows of all groups."""
        return [row for rows in self.groups.values() for row in rows]

    @property
    def num_empty(self) -> int:
        """The number of rows without a prediction: they count, and score 0."""
        return sum(not row.prediction.strip() for row in self.rows)


def read_systems(predictions: SystemSources) -> list[System]:
    """Systems from files, or from predictions in memory.

    Args:
        predictions: a file, several files (`PATH` or `NAME=PATH` each), or files or predictions by the name of their
            system.

    Raises:
        InputError: a file is missing, a row cannot be evaluated, two systems have the same name, or they answer
            different rows.
    """
    systems = [_make_system(name, source) for name, source in _by_name(predictions)]
    names = [system.name for system in systems]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two systems are called '{name}'", mend="give NAME=PATH")
    for system in systems[1:]:
        _require_same_rows(systems[0], system)
    return systems


def _by_name(predictions: SystemSources) -> list[tuple[str, PredictionSource]]:
    if isinstance(predictions, Mapping):
        return list(predictions.items())
    if isinstance(predictions, str | Path):
        predictions = [predictions]
    return [_name_and_path(path) for path in predictions]


def _name_and_path(path: str | Path) -> tuple[str, Path]:
    name, equals, named_path = str(path).partition("=")
    if equals and not Path(path).exists():
        return name, Path(named_path)
    return Path(path).stem, Path(path)


def _make_system(name: str, source: PredictionSource) -> System:
    if isinstance(source, str | Path):
        return System(name, _group(source, read_journal(Path(source), Prediction)), Path(source))
    return System(name, _group(name, source))


def _group(source: str | Path, predictions: Iterable[Prediction]) -> dict[Group, tuple[Prediction, ...]]:
    """Predictions by dataset and tier; `source` is what errors name."""
    by_group: dict[Group, list[Prediction]] = {}
    first_row: dict[str, int] = {}
    for row, prediction in enumerate(predictions, start=1):
        if prediction.id in first_row:
            reason = f"the id '{prediction.id}' stands in row {first_row[prediction.id]} too"
            raise InputError(reason, file=source, row=row)
        first_row[prediction.id] = row
        if not any(reference.strip() for reference in prediction.references):
            raise InputError("no reference to compare the prediction with", file=source, row=row)
        if prediction.tier not in TIERS:
            raise InputError(f"no tier '{prediction.tier}'", file=source, row=row, mend=f"one of {', '.join(TIERS)}")
        by_group.setdefault((dataset_of(prediction.filepath1), prediction.tier), []).append(prediction)
    if not by_group:
        raise InputError("holds no prediction", file=source)
    tiers = list(TIERS)
    groups = sorted(by_group, key=lambda group: (group[0], tiers.index(group[1])))
    return {group: tuple(by_group[group]) for group in groups}


def dataset_of(filepath: str) -> str:
    """`cld`, `acd`, `wcd`, `demo`, or `other`."""
    corpus = corpus_of_path(filepath)
    return corpus.dataset if corpus else "other"


def _require_same_rows(first: System, second: System) -> None:
    """Systems are compared row by row, so both must have the same rows in the same order."""
    for group in {**first.groups, **second.groups}:
        first_ids, second_ids = ([row.id for row in system.groups.get(group, ())] for system in (first, second))
        if first_ids != second_ids:
            dataset, tier = group
            raise InputError(
                f"{first.name} and {second.name} do not answer the same rows of {dataset}, {tier}",
                mend="evaluate them separately, or predict the same split with both",
            )
