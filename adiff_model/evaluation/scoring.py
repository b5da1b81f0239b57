"""All scores of systems: text metrics, and truth metrics, which measure what n-grams cannot."""

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
from adiff_model.evaluation.truthfulness import Assessment, GroundTruth, RowAssessment, assess
from adiff_model.metrics.bootstrap import FloatArray, bootstrap, confidence_interval
from adiff_model.metrics.fense import Fense
from adiff_model.metrics.java import MetricUnavailable
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.spice import Spice
from adiff_model.metrics.spice_files import metrics_folder
from adiff_model.metrics.text_scores import METRICS, MetricScores, NoScore, RowMetric, Score, text_scores
from adiff_model.metrics.tokenization import Tokenizer
from adiff_model.prediction_file import Prediction

RIGHT_SIDE, CONTRADICTED, PASSED = "right side", "contradicted", "checks passed"
TRUTH_METRICS = (RIGHT_SIDE, CONTRADICTED, PASSED)
ALL_METRICS = (*METRICS, *TRUTH_METRICS)
_OUTCOME: dict[str, Callable[[RowAssessment], bool | None]] = {
    RIGHT_SIDE: lambda row: row.right_side,
    CONTRADICTED: lambda row: row.contradicted,
    PASSED: lambda row: row.passed,
}
_NO_OUTCOME = {
    RIGHT_SIDE: "no row with known events: they come from AudioSet's class names in captions, or from a demo corpus "
    "(--audio-root)",
    CONTRADICTED: "no comparison was measured: --audio-root names the recordings",
    PASSED: "no row was checked",
}


@dataclass(frozen=True)
class GroupScores:
    """One system on one tier of one dataset.

    Attributes:
        scores: by metric, the text metrics (`METRICS`) and the truth metrics (`TRUTH_METRICS`).
        rows: the predictions.
        assessment: what the checks say about each row and about all of them.
    """

    scores: MetricScores
    rows: tuple[Prediction, ...]
    assessment: Assessment


Scores = Mapping[str, Mapping[Group, GroupScores]]  # by system


def groups_of(scores: Scores) -> list[Group]:
    """The datasets and tiers that any system answers, each once."""
    return list(dict.fromkeys(group for groups in scores.values() for group in groups))


@dataclass(frozen=True)
class Scorer:
    """How systems are scored.

    Attributes:
        spice_rows: SPICE is scored on a sample of this many rows of each tier, the same for all systems; None for all.
        spice: whether SPICE is scored.
        facts: the facts of the pairs' recordings, if they were measured.
        ground_truth: the events of clips, if they are known.
    """

    spice_rows: int | None = None
    spice: bool = True
    facts: PairFactsSource | None = None
    ground_truth: GroundTruth | None = None

    def score(self, systems: Sequence[System], progress: ProgressCallback | None = None) -> Scores:
        """Scores every system on every tier that it answers."""
        tokenizer = Tokenizer()
        with Meteor() as meteor:
            with suppress(MetricUnavailable):  # the cells of the tables give the reason
                tokenizer([text for system in systems for text in _texts(system)])
            score = partial(self._score, tokenizer=tokenizer, meteor=meteor, fense=Fense(), progress=progress)
            return {
                system.name: {group: score(system.name, group, rows) for group, rows in system.groups.items()}
                for system in systems
            }

    def _score(
        self,
        system: str,
        group: Group,
        rows: tuple[Prediction, ...],
        *,
        tokenizer: Tokenizer,
        meteor: Meteor,
        fense: Fense,
        progress: ProgressCallback | None,
    ) -> GroupScores:
        sample = self._sample(group, len(rows))
        num_scored = len(rows) if sample is None else len(sample)
        counter = ProgressCounter(progress, f"score {system}, {' '.join(group)}", num_scored)
        scores = text_scores(
            [row.prediction for row in rows],
            [row.references for row in rows],
            tokenizer=tokenizer,
            meteor=meteor,
            spice=self._spice(counter.advance),
            fense=fense,
            sample=sample,
        )
        assessment = assess(rows, ground_truth=self.ground_truth or {}, facts=self.facts)
        for metric, outcome in _OUTCOME.items():
            scores[metric] = _share(metric, [outcome(row) for row in assessment.rows])
        return GroupScores(scores, rows, assessment)

    def _spice(self, advance: Callable[[int], None]) -> RowMetric | NoScore:
        if not self.spice:
            return NoScore("left out: --no-spice")
        folder: Path = metrics_folder()
        return Spice(folder, folder / "spice", advance)

    def _sample(self, group: Group, num_rows: int) -> list[int] | None:
        """Indices that depend on the group and the number of rows alone: the same for all systems."""
        if self.spice_rows is None or self.spice_rows >= num_rows:
            return None
        return sorted(Seeded("evaluate", *group, num_rows).sample(list(range(num_rows)), self.spice_rows))


def _texts(system: System) -> Iterator[str]:
    for row in system.rows:
        yield row.prediction
        yield from row.references


def _share(metric: str, outcomes: Sequence[bool | None]) -> Score | NoScore:
    """The share of positive outcomes among the rows that have one."""
    known_rows = tuple(row for row, outcome in enumerate(outcomes) if outcome is not None)
    if not known_rows:
        return NoScore(_NO_OUTCOME[metric])
    values = np.array([np.nan if outcome is None else float(outcome) for outcome in outcomes])
    distribution = bootstrap(lambda indices: _mean_of_known(values[indices]), len(values))
    known = values[list(known_rows)]
    sample = known_rows if len(known_rows) < len(values) else None
    return Score(float(known.mean()), confidence_interval(distribution), known.tolist(), distribution, sample)


def _mean_of_known(values: FloatArray) -> FloatArray:
    """The mean over the last axis of all values but NaN; 0 where all are NaN."""
    count = (~np.isnan(values)).sum(axis=-1)
    return np.nansum(values, axis=-1) / np.maximum(count, 1)
