"""How each metric follows people: whether it prefers those answers, and those systems, that raters prefer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.wording import listed
from adiff_data.studies.answers import Given
from adiff_data.studies.plan import FIRST, NEITHER, SECOND, Study
from adiff_data.studies.resampling import Estimate, FloatArray, Resamples, all_once, estimate, resamples_of
from adiff_data.studies.results import StudyResults, study_results, system_statistic
from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.scoring import GroupScores, Scores
from adiff_model.metrics.text_scores import Score

_MARGIN = {FIRST: 1.0, NEITHER: 0.0, SECOND: -1.0}


@dataclass(frozen=True)
class Following:
    """How a metric follows what raters say to a question: Kendall's tau-b, 1 in the same order, 0 by chance.

    Attributes:
        answers: over the two answers to one row by two systems, in all rows; None where no two can be compared.
        systems: over the systems, by the means of the rows that were rated.
        pairs: how many two answers are compared.
    """

    question: str
    metric: str
    answers: Estimate | None
    systems: Estimate | None
    pairs: int


@dataclass(frozen=True)
class People:
    """A study's results, and how each metric follows them."""

    results: StudyResults
    following: tuple[Following, ...]


@checks_arguments
def follow_people(scores: Mapping[str, Mapping[tuple[str, str], GroupScores]], study: str | Path) -> People:
    """How each metric of an evaluation follows the raters of a study of the same systems.

    A metric in which a low score is better is turned round. Intervals are from resamples of rows and raters.

    Args:
        scores: what `evaluate` returned.
        study: the study's folder.

    Raises:
        InputError: fewer than two systems are in both, nothing was answered yet, or the study has other answers.
    """
    results = study_results(study)
    systems = [system for system in results.study.systems if system in scores]
    if len(systems) < 2:
        known = listed([f"'{system}'" for system in results.study.systems])
        raise InputError("fewer than two systems are in the study and in the evaluation", mend=f"the study has {known}")
    return People(results, tuple(_follow(scores, results, systems, Path(study))))


def _follow(scores: Scores, results: StudyResults, systems: Sequence[str], folder: Path) -> list[Following]:
    study = results.study
    given = [each for each in results.counted if set(each.trial.systems) <= set(systems)]
    rows = sorted({each.trial.row for each in given})
    _require_same_answers(scores, study, systems, rows, folder)
    metrics = _row_scores(scores, systems, rows)
    if not metrics:
        raise InputError("no metric has scores of the study's rows", file=folder)
    chunks = resamples_of([each.trial.row for each in given], [each.rater for each in given])
    return [
        following
        for question in study.questions
        for following in _Question(study, question.name, given, rows, systems).follow(metrics, chunks)
    ]


def _require_same_answers(
    scores: Scores, study: Study, systems: Sequence[str], rows: Sequence[str], folder: Path
) -> None:
    """Raises InputError where people rated other answers than those that were scored."""
    for system in systems:
        scored = {row.id: row.prediction.strip() for group in scores[system].values() for row in group.rows}
        for row in rows:
            if scored.get(row) != study.row_of[row].answers[system]:
                raise InputError(
                    f"{system} has another answer to '{row}' here, or none", file=folder, mend="name its predictions"
                )


def _row_scores(scores: Scores, systems: Sequence[str], rows: Sequence[str]) -> dict[str, FloatArray]:
    """Of each metric that scores rows, (rows, systems), turned so that more is better; NaN where there is no score."""
    place = {row: number for number, row in enumerate(rows)}
    metrics: dict[str, FloatArray] = {}
    for column, system in enumerate(systems):
        for group in scores[system].values():
            for metric, score in group.scores.items():
                if not isinstance(score, Score):
                    continue
                table = metrics.setdefault(metric, np.full((len(rows), len(systems)), np.nan))
                sign = 1.0 if describe_metric(metric).higher_is_better else -1.0
                scored = range(len(group.rows)) if score.sample is None else score.sample
                for index, value in zip(scored, score.row_scores, strict=True):
                    if group.rows[index].id in place:
                        table[place[group.rows[index].id], column] = sign * value
    return {metric: table for metric, table in metrics.items() if (np.isfinite(table).sum(axis=1) >= 2).any()}


class _Question:
    """What raters say to one question, in resamples."""

    def __init__(
        self, study: Study, question: str, given: Sequence[Given], rows: Sequence[str], systems: Sequence[str]
    ) -> None:
        self._study, self._question, self._given, self._systems = study, question, given, systems
        self._num_rows = len(rows)
        self._pairs = np.array(list(combinations(range(len(systems)), 2)))
        place = {row: number for number, row in enumerate(rows)}
        self._row = np.array([place[each.trial.row] for each in given])
        self._columns = [study.systems.index(system) for system in systems]
        self._statistic = system_statistic(study, question, given)

    def follow(self, metrics: Mapping[str, FloatArray], chunks: Sequence[Resamples]) -> list[Following]:
        """How each metric follows them."""
        all_answers = self._taus(metrics, all_once(len(self._given)))
        resampled = [self._taus(metrics, chunk) for chunk in chunks]
        found = []
        for metric in metrics:
            answers, systems, pairs = all_answers[metric]
            of_answers = np.concatenate([taus[metric][0] for taus in resampled])
            of_systems = np.concatenate([taus[metric][1] for taus in resampled])
            found.append(
                Following(
                    self._question,
                    metric,
                    estimate(answers[0], of_answers) if np.isfinite(answers[0]) else None,
                    estimate(systems[0], of_systems) if np.isfinite(systems[0]) else None,
                    pairs,
                )
            )
        return found

    def _taus(
        self, metrics: Mapping[str, FloatArray], resamples: Resamples
    ) -> dict[str, tuple[FloatArray, FloatArray, int]]:
        """Of each metric, the tau of answers and that of systems in each resample, and how many pairs there are."""
        drawn = self._rows_drawn(resamples)
        preferred = np.sign(self._margins(resamples.weights))
        values = np.round(self._statistic(resamples.weights)[:, self._columns], 6)
        of_systems = np.sign(self._differences(values))
        taus = {}
        for metric, table in metrics.items():
            judged = np.sign(self._differences(table))[None]
            known = np.isfinite(table)
            sums, counts = drawn @ np.where(known, table, 0.0), drawn @ known.astype(float)
            with np.errstate(invalid="ignore", divide="ignore"):
                judged_systems = np.sign(self._differences(np.round(sums / counts, 12)))
            pairs = int((np.isfinite(preferred[0]) & np.isfinite(judged[0]) & (preferred[0] != 0)).sum())
            taus[metric] = (
                tau_b(preferred, judged, drawn[:, :, None]),
                tau_b(of_systems[:, None], judged_systems[:, None], np.ones((1, 1, 1))),
                pairs,
            )
        return taus

    def _rows_drawn(self, resamples: Resamples) -> FloatArray:
        """How often each row was drawn, (resamples, rows)."""
        drawn = np.zeros((len(resamples.rows), self._num_rows))
        drawn[:, self._row] = resamples.rows
        return drawn

    def _differences(self, values: FloatArray) -> FloatArray:
        """Between both systems of each pair, (…, systems) to (…, pairs)."""
        differences: FloatArray = values[..., self._pairs[:, 0]] - values[..., self._pairs[:, 1]]
        return differences

    def _margins(self, weights: FloatArray) -> FloatArray:
        """How far people prefer the first system of each pair in each row, (resamples, rows, pairs); NaN: not asked."""
        if self._study.kind == "rating":
            size = len(self._systems)
            place = [self._systems.index(each.trial.systems[0]) for each in self._given]
            values = np.array([each.values[self._question] for each in self._given], dtype=float)
            return self._differences(self._means(weights, np.array(place), values, size))
        pairs = [tuple(pair) for pair in self._pairs.tolist()]
        place, values = [], np.zeros(len(self._given))
        for number, each in enumerate(self._given):
            first, second = (self._systems.index(system) for system in each.trial.systems)
            place.append(pairs.index((min(first, second), max(first, second))))
            values[number] = _MARGIN[each.values[self._question]] * (1 if first < second else -1)
        return self._means(weights, np.array(place), values, len(pairs))

    def _means(self, weights: FloatArray, place: np.ndarray, values: FloatArray, size: int) -> FloatArray:
        """The weighted mean of each row's values at each place, (resamples, rows, size); NaN where there is none."""
        shape = (len(place), self._num_rows * size)
        at = csr_array((np.ones(len(place)), (np.arange(len(place)), self._row * size + place)), shape=shape)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = ((weights * values) @ at) / (weights @ at)
        return np.round(means, 12).reshape(len(weights), self._num_rows, size)


def tau_b(first: FloatArray, second: FloatArray, weights: FloatArray) -> FloatArray:
    """Kendall's tau-b over pairs that are given by the signs of their differences; NaN where all are ties.

    Args:
        first, second: (resamples or 1, rows, pairs), -1, 0 or 1; NaN where there is no difference to know.
        weights: how often each row counts, (resamples or 1, rows, 1).
    """
    known = np.isfinite(first) & np.isfinite(second)
    one, other = np.where(known, first, 0.0), np.where(known, second, 0.0)
    same = (weights * one * other).sum(axis=(1, 2))
    untied = [(weights * known * np.abs(each)).sum(axis=(1, 2)) for each in (one, other)]
    with np.errstate(invalid="ignore", divide="ignore"):
        tau: FloatArray = same / np.sqrt(untied[0] * untied[1])
    return tau
