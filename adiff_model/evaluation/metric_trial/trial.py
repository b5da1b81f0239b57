"""How far each metric falls with each damage, and whether it falls further with more of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback
from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.metric_trial.damages import (
    FAULTS,
    GRADED,
    Answers,
    Damage,
    Degree,
    TrialRow,
    broken_answers,
)
from adiff_model.evaluation.scoring import Scorer
from adiff_model.evaluation.systems import System, dataset_of
from adiff_model.metrics.bootstrap import ConfidenceInterval, confidence_interval
from adiff_model.metrics.java import MetricUnavailable
from adiff_model.metrics.text_scores import MetricScores, NoScore, Score, mean_score
from adiff_model.prediction_file import Prediction

RowScores = Callable[[Sequence[Prediction]], Sequence[float]]  # a metric of one's own: a score of each row
Cell = tuple[Damage, Degree]
CELLS: tuple[Cell, ...] = tuple(
    (damage, degree) for damage in Damage for degree in Degree if damage in GRADED or degree is Degree.ALL
)
_LEAST, _LEAST_FALL = 1e-9, 0.01
_FEWEST_ROWS = 5  # of which anything can be said
_TOO_FEW = NoScore(f"fewer than {_FEWEST_ROWS} rows can be broken in this way")
_NOTHING_TO_LOSE = NoScore("right answers score 0")


class Verdict(StrEnum):
    """What becomes of a metric with more and more of a damage."""

    FALLS = "yes"  # the further the more is damaged
    NOT_MONOTONE = "not monotone"  # more damage costs less than less of it
    BLIND = "no fall"  # with all damaged less than 1 %, or its interval includes 0
    RISES = "rises"  # damaged answers score better


@dataclass(frozen=True)
class Fall:
    """What a metric loses when answers are broken.

    Attributes:
        rows: how many rows can be broken in this way.
        right, broken: the metric's score of the right and of the broken answers to these rows.
        share: of the right answers' score that is lost; below 0 where it rises.
        interval: the 95 % confidence interval of the share, by paired bootstrap over the rows.
    """

    rows: int
    right: float
    broken: float
    share: float
    interval: ConfidenceInterval


@dataclass(frozen=True)
class MetricTrial:
    """A metric in one tier.

    Attributes:
        metric: its name; a score that is better where it is lower is tried as what it lacks to 1, "not …".
        falls: by damage and degree, or why there is none.
    """

    metric: str
    falls: Mapping[Cell, Fall | NoScore]

    def verdict(self, damage: Damage) -> Verdict | None:
        """Whether it falls the further the more is damaged; None where that is not known."""
        falls = [self.falls.get((damage, degree)) for degree in Degree]
        known = [fall for fall in falls if isinstance(fall, Fall)]
        if len(known) < len(Degree):
            return None
        if known[-1].interval.high < 0:
            return Verdict.RISES
        if known[-1].interval.low <= 0 or known[-1].share < _LEAST_FALL:
            return Verdict.BLIND
        return (
            Verdict.FALLS if all(more.share >= less.share for less, more in pairwise(known)) else Verdict.NOT_MONOTONE
        )

    @property
    def smallest_fault(self) -> Damage | None:
        """The damage of which one claim costs it least; None where none was tried."""
        costs = {damage: fall.share for damage in FAULTS if isinstance(fall := self.falls[damage, Degree.ONE], Fall)}
        return min(costs, key=lambda damage: costs[damage]) if costs else None

    @property
    def forgives_paraphrase(self) -> bool | None:
        """Whether other words for all claims cost it less than one fault of any kind; None where that is not known."""
        paraphrase, smallest = self.falls[Damage.PARAPHRASED, Degree.ALL], self.smallest_fault
        if not isinstance(paraphrase, Fall) or smallest is None:
            return None
        fault = self.falls[smallest, Degree.ONE]
        return isinstance(fault, Fall) and paraphrase.share < fault.share


@dataclass(frozen=True)
class TierTrial:
    """All metrics in one tier.

    Attributes:
        rows: the rows with their right answers.
        broken: their broken answers.
        metrics: those that were tried, with those that could not be.
    """

    tier: str
    rows: tuple[TrialRow, ...]
    broken: tuple[Answers, ...]
    metrics: tuple[MetricTrial, ...]

    def count(self, damage: Damage) -> int:
        """How many rows can be broken in a way."""
        return sum(damage in answers for answers in self.broken)


def try_metrics(
    rows: Sequence[TrialRow],
    scorer: Scorer,
    own_metrics: Mapping[str, RowScores],
    progress: ProgressCallback | None = None,
) -> TierTrial:
    """Scores the right and the broken answers to the rows of one tier by every metric.

    Args:
        own_metrics: further metrics by name.
    """
    tier = rows[0].task.tier
    broken = broken_answers(rows)
    usable = {damage: tuple(place for place, answers in enumerate(broken) if damage in answers) for damage in Damage}
    fewest = min(_FEWEST_ROWS, len(rows))
    places = {cell: usable[cell[0]] for cell in CELLS if len(usable[cell[0]]) >= fewest}
    answers: dict[_Key, tuple[Prediction, ...]] = {these: _predictions(rows, these) for these in places.values()}
    answers |= {cell: _predictions(rows, these, cell, broken) for cell, these in places.items()}
    scores = _scores(answers, tier, scorer, own_metrics, progress)
    metrics = next(iter(scores.values()))
    falls = {
        metric: {
            cell: _fall(scores[places[cell]][metric], scores[cell][metric], len(places[cell]))
            if cell in places
            else _TOO_FEW
            for cell in CELLS
        }
        for metric in metrics
    }
    return TierTrial(tier, tuple(rows), tuple(broken), tuple(MetricTrial(*each) for each in falls.items()))


_Key = Cell | tuple[int, ...]  # of broken answers, or of the right answers to these rows


def _predictions(
    rows: Sequence[TrialRow], places: Sequence[int], cell: Cell | None = None, broken: Sequence[Answers] = ()
) -> tuple[Prediction, ...]:
    """The rows at `places` with their right answers, or with those of a cell."""
    return tuple(
        Prediction(
            **rows[place].task.model_dump(),
            prediction=broken[place][cell[0]][cell[1]] if cell else rows[place].answer.text(),
        )
        for place in places
    )


def _scores(
    answers: Mapping[_Key, tuple[Prediction, ...]],
    tier: str,
    scorer: Scorer,
    own_metrics: Mapping[str, RowScores],
    progress: ProgressCallback | None,
) -> dict[_Key, MetricScores]:
    own_scores = {
        key: {metric: _own_score(metric, of_rows, predictions) for metric, of_rows in own_metrics.items()}
        for key, predictions in answers.items()
    }
    group = dataset_of(next(iter(answers.values()))[0].filepath1), tier
    names = {key: f"answers {number} of {len(answers)}" for number, key in enumerate(answers, start=1)}
    scored = scorer.score([System(names[key], {group: rows}) for key, rows in answers.items()], progress)
    return {
        key: dict(_upwards(metric, score) for metric, score in scored[names[key]][group].scores.items())
        | own_scores[key]
        for key in answers
    }


def _upwards(metric: str, score: Score | NoScore) -> tuple[str, Score | NoScore]:
    """A score that is better where it is higher: of one that is not, what it lacks to 1."""
    if describe_metric(metric).higher_is_better:
        return metric, score
    if isinstance(score, NoScore):
        return f"not {metric}", score
    rows, distribution = [1 - value for value in score.row_scores], 1 - score.distribution
    return f"not {metric}", Score(1 - score.value, confidence_interval(distribution), rows, distribution, score.sample)


def _own_score(metric: str, of_rows: RowScores, predictions: Sequence[Prediction]) -> Score | NoScore:
    """The mean of a metric of one's own.

    Raises:
        InputError: it does not give each row a finite score.
    """
    try:
        row_scores = [float(score) for score in of_rows(predictions)]
    except MetricUnavailable as unavailable:
        return NoScore(str(unavailable))
    if len(row_scores) != len(predictions) or not np.isfinite(row_scores).all():
        raise InputError(f"the metric '{metric}' does not give each of {len(predictions):,} rows a finite score")
    return mean_score(row_scores)


def _fall(right: Score | NoScore, broken: Score | NoScore, rows: int) -> Fall | NoScore:
    if isinstance(right, NoScore):
        return right
    if isinstance(broken, NoScore):
        return broken
    if right.value <= 0:
        return _NOTHING_TO_LOSE
    distribution = 1 - broken.distribution / np.maximum(right.distribution, _LEAST)
    share = float(1 - broken.value / right.value)
    return Fall(rows, float(right.value), float(broken.value), share, confidence_interval(distribution))
