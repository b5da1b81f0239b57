"""All scores of systems: of their texts, and of what n-grams do not see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from adiff_data.audio.differences import PairFactsSource
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_model.evaluation.systems import Group, System
from adiff_model.evaluation.truthfulness import Findings, RowFindings, Truth, find
from adiff_model.metrics.confidence import interval, resampled
from adiff_model.metrics.fense import Fense
from adiff_model.metrics.java import MetricMissing
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.spice import Spice
from adiff_model.metrics.spice_parts import metrics_folder
from adiff_model.metrics.text_scores import METRICS, Found, NoScore, RowMetric, Score, text_scores
from adiff_model.metrics.tokenization import Tokenizer
from adiff_model.prediction_file import Prediction

RIGHT_SIDE, CONTRADICTED, PASSED = "right side", "contradicted", "checks passed"
MEASURES = (RIGHT_SIDE, CONTRADICTED, PASSED)
ALL_METRICS = (*METRICS, *MEASURES)
_OUTCOME: dict[str, Callable[[RowFindings], bool | None]] = {
    RIGHT_SIDE: lambda row: row.right_side,
    CONTRADICTED: lambda row: row.contradicted,
    PASSED: lambda row: row.passed,
}
_NO_ROW = {
    RIGHT_SIDE: "no row whose events are known: captions that AudioSet's names tell, or a demo corpus by --audio-root",
    CONTRADICTED: "no comparison that was measured: --audio-root names the recordings",
}


@dataclass(frozen=True)
class Scored:
    """One system on one tier of one dataset.

    Attributes:
        scores: by metric, those of `METRICS` and of `MEASURES`.
        rows: the predictions.
        findings: of each row, and over all of them.
    """

    scores: Found
    rows: tuple[Prediction, ...]
    findings: Findings


Scores = Mapping[str, Mapping[Group, Scored]]  # by system


@dataclass(frozen=True)
class Scoring:
    """How systems are scored.

    Attributes:
        spice_rows: SPICE is scored on so many rows of each tier, the same for all systems; None for all.
        spice: whether it is scored at all.
        facts: what was measured on the pairs' recordings, where anything was.
        truth: the events of clips, where they are known.
    """

    spice_rows: int | None = None
    spice: bool = True
    facts: PairFactsSource | None = None
    truth: Truth | None = None

    def score(self, systems: Sequence[System], progress: ProgressCallback | None = None) -> Scores:
        """Scores every system on every tier that it answers."""
        tokenizer = Tokenizer()
        with Meteor() as meteor:
            with suppress(MetricMissing):  # each cell will say so
                tokenizer([text for system in systems for text in _texts(system)])
            score = partial(self._score, tokenizer=tokenizer, meteor=meteor, fense=Fense(), progress=progress)
            return {
                system.name: {group: score(system.name, group, rows) for group, rows in system.groups.items()}
                for system in systems
            }

    def _score(
        self,
        name: str,
        group: Group,
        rows: tuple[Prediction, ...],
        *,
        tokenizer: Tokenizer,
        meteor: Meteor,
        fense: Fense,
        progress: ProgressCallback | None,
    ) -> Scored:
        sample = self._sample(group, len(rows))
        scored = len(rows) if sample is None else len(sample)
        counter = ProgressCounter(progress, f"score {name}, {' '.join(group)}", scored)
        scores = text_scores(
            [row.prediction for row in rows],
            [row.references for row in rows],
            tokenizer=tokenizer,
            meteor=meteor,
            spice=self._spice(counter.advance),
            fense=fense,
            sample=sample,
        )
        findings = find(rows, truth=self.truth or {}, facts=self.facts)
        measures = {name: _share(name, [outcome(row) for row in findings.rows]) for name, outcome in _OUTCOME.items()}
        return Scored({**scores, **measures}, rows, findings)

    def _spice(self, advance: Callable[[int], None]) -> RowMetric | NoScore:
        if not self.spice:
            return NoScore("left out: --no-spice")
        folder: Path = metrics_folder()
        return Spice(folder, folder / "spice", advance)

    def _sample(self, group: Group, rows: int) -> list[int] | None:
        """Places that follow from the group and the number of rows alone: the same for all systems."""
        if self.spice_rows is None or self.spice_rows >= rows:
            return None
        return sorted(Seeded("evaluate", *group, rows).sample(list(range(rows)), self.spice_rows))


def _texts(system: System) -> Iterator[str]:
    for rows in system.groups.values():
        for row in rows:
            yield row.prediction
            yield from row.references


def _share(name: str, outcomes: Sequence[bool | None]) -> Score | NoScore:
    """The share of the rows with an outcome in which it is so; `sampled` tells which rows have one."""
    decided = tuple(place for place, outcome in enumerate(outcomes) if outcome is not None)
    if not decided:
        return NoScore(_NO_ROW[name])
    values = np.array([np.nan if outcome is None else float(outcome) for outcome in outcomes])
    draws = resampled(lambda places: _mean_of_known(values[places]), len(values))
    known = values[list(decided)]
    return Score(
        float(known.mean()), interval(draws), known.tolist(), draws, decided if len(decided) < len(values) else None
    )


def _mean_of_known(values: np.ndarray) -> np.ndarray:
    """The mean over the last axis of what is no NaN; of nothing, 0."""
    known = ~np.isnan(values)
    return np.nansum(values, axis=-1) / np.maximum(known.sum(axis=-1), 1)
