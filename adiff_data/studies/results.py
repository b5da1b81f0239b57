"""What follows from a study: how systems are rated or preferred, how far raters agree, and which raters paid attention.

Raters are numbers here; nothing of it has their names.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.listeners.agreement import alpha
from adiff_data.studies.answers import Given, RaterAnswers, answers_of
from adiff_data.studies.plan import FIRST, NEITHER, PREFERENCES, SECOND, Study, read_plan
from adiff_data.studies.preference import log_strengths
from adiff_data.studies.resampling import (
    Estimate,
    FloatArray,
    Statistic,
    estimate,
    estimates,
    means_by,
    resamples_of,
)
from adiff_data.studies.store import ANSWERS_FILE, StudyStore

LEAST_ATTENTION = 0.75  # of the checks that a rater must pass to be counted
ALL_TIERS = "all"


@dataclass(frozen=True)
class SystemResult:
    """What raters say of one system.

    Attributes:
        tier: `all` for all of them together.
        value: the mean rating, 1 to 5; of preference, the logarithm of its strength, whose mean over systems is 0.
        difference: from the first system; None for that system itself.
        preferred: of preference, the share of its comparisons in which it was preferred, a tie counting half.
        answers: how many were counted.
    """

    question: str
    tier: str
    system: str
    value: Estimate
    difference: Estimate | None
    preferred: float | None
    answers: int


@dataclass(frozen=True)
class RaterResult:
    """One rater.

    Attributes:
        rater: their number.
        answered, asked: how many of their counted trials; those that they could not judge are answered too.
        seconds: a trial, the median; None where nothing was answered.
        checks_passed, checks: of attention, among those that they came to.
        is_counted: whether they passed enough of them.
    """

    rater: int
    answered: int
    asked: int
    seconds: float | None
    checks_passed: int
    checks: int
    is_counted: bool


@dataclass(frozen=True)
class StudyResults:
    """What follows from a study.

    Attributes:
        systems: by question, tier and system.
        agreement: by question, Krippendorff's alpha (ordinal); None where no two raters judged the same.
        raters: all of them, also those who are not counted.
        counted: the counted answers of the raters who are counted.
    """

    study: Study
    systems: tuple[SystemResult, ...]
    agreement: dict[str, float | None]
    raters: tuple[RaterResult, ...]
    counted: tuple[Given, ...]


@checks_arguments
def study_results(folder: str | Path, *, least_attention: float = LEAST_ATTENTION) -> StudyResults:
    """What follows from the answers to a study so far.

    Args:
        folder: the study's.
        least_attention: the share of checks of attention that a rater must pass to be counted, 0 to 1.

    Raises:
        InputError: no study is there, or nobody answered yet.
    """
    study = read_plan(Path(folder))
    return results_of(study, read_answers(Path(folder), study), least_attention)


def read_answers(folder: Path, study: Study) -> list[RaterAnswers]:
    """What each rater of a study said.

    Raises:
        InputError: nobody answered yet, or the answers are to another study.
    """
    if not (folder / ANSWERS_FILE).exists():
        raise InputError("nobody has answered yet", file=folder)
    with StudyStore.of_study(folder, study) as store:
        return answers_of(study, store.raters(), store.events())


def results_of(study: Study, raters: Sequence[RaterAnswers], least_attention: float = LEAST_ATTENTION) -> StudyResults:
    """What follows from what raters said.

    Raises:
        InputError: nothing is left that counts.
    """
    told = [_rater_result(study, answers, least_attention) for answers in raters]
    counted = tuple(
        given
        for answers, result in zip(raters, told, strict=True)
        for given in answers.given
        if result.is_counted and given.trial.kind == "counted" and given.values
    )
    if not counted:
        raise InputError("no answer counts: nobody answered, or nobody passed enough checks of attention")
    tiers = {study.row_of[given.trial.row].tier for given in counted}
    groups = {ALL_TIERS: counted} | (
        {tier: _of_tier(study, counted, tier) for tier in sorted(tiers)} if len(tiers) > 1 else {}
    )
    systems = [
        result
        for question in study.questions
        for tier, given in groups.items()
        for result in _system_results(study, question.name, tier, given)
    ]
    agreement = {question.name: _agreement(study, question.name, counted) for question in study.questions}
    return StudyResults(study, tuple(systems), agreement, tuple(told), counted)


def _of_tier(study: Study, given: Iterable[Given], tier: str) -> tuple[Given, ...]:
    return tuple(each for each in given if study.row_of[each.trial.row].tier == tier)


def _rater_result(study: Study, answers: RaterAnswers, least_attention: float) -> RaterResult:
    checks = [given for given in answers.given if given.trial.kind == "check"]
    passed = sum(_is_passed(given) for given in checks)
    counted = [given for given in answers.given if given.trial.kind == "counted"]
    seconds = [given.seconds for given in counted if given.seconds is not None]
    return RaterResult(
        answers.rater,
        len(counted),
        sum(trial.kind == "counted" for trial in study.sheets[answers.sheet]),
        median(seconds) if seconds else None,
        passed,
        len(checks),
        passed >= least_attention * len(checks),
    )


def _is_passed(check: Given) -> bool:
    return bool(check.values) and all(value == check.trial.right for value in check.values.values())


def _system_results(study: Study, question: str, tier: str, given: Sequence[Given]) -> list[SystemResult]:
    """One question's figures of every system, in the order of the systems."""
    chunks = resamples_of([each.trial.row for each in given], [each.rater for each in given])
    figures = _mean_ratings if study.kind == "rating" else _strengths
    statistic, counts, preferred = figures(study, question, given)
    values, distribution = estimates(statistic, chunks)
    return [
        SystemResult(
            question,
            tier,
            system,
            estimate(values[place], distribution[:, place]),
            estimate(values[place] - values[0], distribution[:, place] - distribution[:, 0])
            if place and counts[0]
            else None,
            preferred[place],
            counts[place],
        )
        for place, system in enumerate(study.systems)
        if counts[place]
    ]


def system_statistic(study: Study, question: str, given: Sequence[Given]) -> Statistic:
    """The mean rating of every system, or its strength, as a statistic of the weights of answers."""
    return (_mean_ratings if study.kind == "rating" else _strengths)(study, question, given)[0]


_Figures = tuple[Statistic, list[int], list[float | None]]  # the statistic, and of each system answers and share


def _mean_ratings(study: Study, question: str, given: Sequence[Given]) -> _Figures:
    places = np.array([study.systems.index(each.trial.systems[0]) for each in given])
    values = np.array([each.values[question] for each in given], dtype=float)
    size = len(study.systems)
    return means_by(places, values, size), np.bincount(places, minlength=size).tolist(), [None] * size


def _strengths(study: Study, question: str, given: Sequence[Given]) -> _Figures:
    size = len(study.systems)
    wins = np.zeros((len(given), size, size))
    for table, each in zip(wins, given, strict=True):
        first, second = (study.systems.index(system) for system in each.trial.systems)
        value = each.values[question]
        table[first, second] = {FIRST: 1.0, NEITHER: 0.5, SECOND: 0.0}[value]
        table[second, first] = 1.0 - table[first, second]
    flat = wins.reshape(len(given), -1)

    def statistic(weights: FloatArray) -> FloatArray:
        return log_strengths((weights @ flat).reshape(-1, size, size))

    total = wins.sum(axis=0)
    counts = (total + total.T).sum(axis=1)
    shares = [float(won / count) if count else None for won, count in zip(total.sum(axis=1), counts, strict=True)]
    return statistic, [round(count) for count in counts], shares


def _agreement(study: Study, question: str, given: Iterable[Given]) -> float | None:
    """Krippendorff's alpha of what was said of each answer, or of each two answers, whichever stood first."""
    said: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for each in given:
        systems = sorted(each.trial.systems)
        value = each.values[question]
        is_turned = systems != list(each.trial.systems)
        said[each.trial.row, *systems].append(_TURNED[value] if is_turned else value)
    return alpha(said.values(), study.values, "ordinal")


_TURNED = dict(zip(PREFERENCES, reversed(PREFERENCES), strict=True))
