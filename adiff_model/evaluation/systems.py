"""The systems to evaluate: their predictions, read from files and grouped by dataset and tier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.sources import corpus_of_path
from adiff_data.tiers import ANSWER_KINDS, require_tier
from adiff_model.evaluation.foreign_predictions import read_predictions
from adiff_model.prediction_file import Prediction

Group = tuple[str, str]  # dataset and tier
PredictionSource = str | Path | Sequence[Prediction]  # a file, or predictions in memory
SystemSources = str | Path | Sequence[str | Path] | Mapping[str, PredictionSource]
_ONE_TASK = "a file may leave these fields out: they are taken from the first system's"


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
            different rows. Their order does not matter.
    """
    sources = _by_name(predictions)
    names = [name for name, _ in sources]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two systems are called '{name}'", mend="give NAME=PATH")
    systems: list[System] = []
    for name, source in sources:
        systems.append(_make_system(name, source, systems[0] if systems else None))
    return systems


def read_probed(system: System, probe: str, path: Path) -> System:
    """A system's answers to the same rows under a probe, in the order of its own.

    Raises:
        InputError: as `read_systems`.
    """
    return _make_system(f"{system.name}, {probe}", path, system)


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


def _make_system(name: str, source: PredictionSource, first: System | None) -> System:
    """A system; where there is a first one, with the same rows in the same order."""
    if isinstance(source, str | Path):
        row_by_id = {row.id: row for row in first.rows} if first else {}
        groups = _group(source, read_predictions(Path(source), row_by_id))
        system = System(name, groups, Path(source))
    else:
        system = System(name, _group(name, enumerate(source, start=1)))
    return _align(system, first) if first else system


def _group(source: str | Path, predictions: Iterable[tuple[int, Prediction]]) -> dict[Group, tuple[Prediction, ...]]:
    """Predictions by dataset and tier; `source` is what errors name."""
    by_group: dict[Group, list[Prediction]] = {}
    first_row: dict[str, int] = {}
    for row, prediction in predictions:
        if prediction.id in first_row:
            reason = f"the id '{prediction.id}' stands in row {first_row[prediction.id]} too"
            raise InputError(reason, file=source, row=row)
        first_row[prediction.id] = row
        if not any(reference.strip() for reference in prediction.references):
            raise InputError("no reference to compare the prediction with", file=source, row=row)
        require_tier(prediction.tier, file=source, row=row)
        by_group.setdefault((dataset_of(prediction.filepath1), prediction.tier), []).append(prediction)
    if not by_group:
        raise InputError("holds no prediction", file=source)
    tiers = list(ANSWER_KINDS)
    groups = sorted(by_group, key=lambda group: (group[0], tiers.index(group[1])))
    return {group: tuple(by_group[group]) for group in groups}


def dataset_of(filepath: str) -> str:
    """`cld`, `acd`, `wcd`, `demo`, or `other`."""
    corpus = corpus_of_path(filepath)
    return corpus.dataset if corpus else "other"


def _align(system: System, first: System) -> System:
    """The system with its rows in the order of the first one's, since systems are compared row by row.

    Raises:
        InputError: it has other rows, or other references for a row.
    """
    rows = {row.id: row for row in system.rows}
    first_rows = {row.id: row for row in first.rows}
    lacking = [row for row in first_rows if row not in rows]
    further = [row for row in rows if row not in first_rows]
    if lacking or further:
        differences = [
            f"{verb} {len(ids):,} {'row' if len(ids) == 1 else 'rows'}, such as '{ids[0]}'"
            for verb, ids in (("lacks", lacking), ("adds", further))
            if ids
        ]
        raise InputError(
            f"{first.name} and {system.name} do not answer the same rows: {system.name} {' and '.join(differences)}",
            mend="evaluate them separately, or predict the same split with both",
        )
    for row, first_row in first_rows.items():
        same_references = sorted(rows[row].references) == sorted(first_row.references)
        if rows[row].tier != first_row.tier or not same_references:
            differing = "tier" if same_references else "references"
            reason = f"{first.name} and {system.name} have other {differing} for the row '{row}'"
            raise InputError(reason, mend=_ONE_TASK)
    groups = {group: tuple(rows[row.id] for row in group_rows) for group, group_rows in first.groups.items()}
    return replace(system, groups=groups)
