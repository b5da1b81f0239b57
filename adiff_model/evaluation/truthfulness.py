"""What n-grams cannot measure: whether events are on the right side, whether comparisons contradict the measurements,
and whether answers pass the checks that data must pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adiff_data.audio.differences import PairFactsSource
from adiff_data.checks.checking import check_all
from adiff_data.checks.contradiction import NAME as CONTRADICTION
from adiff_data.checks.verdicts import Finding, Outcome
from adiff_data.claims.comparisons import comparisons
from adiff_data.claims.equality import equal_claims
from adiff_data.claims.sides import sides_of
from adiff_data.demo.truthfulness import events_named
from adiff_data.tiers import is_about_similarity
from adiff_model.as_annotation import as_annotation
from adiff_model.evaluation.ground_truth import GroundTruth
from adiff_model.events import named_classes
from adiff_model.prediction_file import Prediction


@dataclass(frozen=True)
class RowAssessment:
    """What is known about one prediction.

    Attributes:
        right_side: whether events of both audios are named, and none on a side where it does not sound; None if no
            event of an audio is known, or what both share was asked.
        contradicted: whether a comparison contradicts the measurement; None if no comparison could be measured.
        passed: whether it passes the checks of data.
        reasons: what the checks say that failed.
        doubts: what the checks say that could not decide.
    """

    right_side: bool | None
    contradicted: bool | None
    passed: bool
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """What is known about the rows of a group, and notes about all of them together."""

    rows: tuple[RowAssessment, ...]
    notes: tuple[str, ...]


def assess(
    rows: Sequence[Prediction], *, ground_truth: GroundTruth, facts: PairFactsSource | None = None
) -> Assessment:
    """Judges predictions as `adiff check` judges data.

    Args:
        ground_truth: what is known of clips. Of other clips, captions tell the events by AudioSet's class names.
        facts: the facts of the pairs' recordings, if they were measured.
    """
    report = check_all([as_annotation(row) for row in rows], facts=facts)
    contradicted = {row for row, _ in report.failures[CONTRADICTION]}
    undecided = {row for row, _ in report.undecided[CONTRADICTION]}
    assessments = []
    for index, (row, verdict, findings) in enumerate(zip(rows, report.verdicts, report.findings, strict=True)):
        was_measured = index not in undecided and _compares(row.prediction)
        assessments.append(
            RowAssessment(
                right_side=_is_on_right_side(row, ground_truth),
                contradicted=index in contradicted if was_measured else None,
                passed=not verdict.failed,
                reasons=_texts(findings, Outcome.FAIL),
                doubts=_texts(findings, Outcome.UNDECIDED),
            )
        )
    return Assessment(tuple(assessments), tuple(report.notes))


def _texts(findings: Iterable[Finding], outcome: Outcome) -> tuple[str, ...]:
    return tuple(finding.as_text() for finding in findings if finding.outcome is outcome)


def _compares(answer: str) -> bool:
    return any(comparisons(answer)) or any(equal_claims(answer))


def _is_on_right_side(row: Prediction, ground_truth: GroundTruth) -> bool | None:
    if is_about_similarity(row.tier):
        return None
    if clips := ground_truth.clips_of(row):
        return events_named(row.prediction, *clips).on_the_right_side
    heard1, heard2 = named_classes(row.caption1), named_classes(row.caption2)
    if not heard1 or not heard2:
        return None
    sides = sides_of(row.prediction)
    named1, named2 = named_classes(sides.first), named_classes(sides.second)
    exchanged = named1 & (heard2 - heard1) or named2 & (heard1 - heard2)
    return bool(named1 & heard1 and named2 & heard2) and not exchanged
