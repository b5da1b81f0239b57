"""A study's results as Markdown and as records, and its answers as records: raters are numbers in all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict

from adiff_data.core.markdown import as_text, table
from adiff_data.studies.answers import RaterAnswers
from adiff_data.studies.plan import Study, TrialKind
from adiff_data.studies.resampling import Estimate
from adiff_data.studies.results import StudyResults, SystemResult

DASH = "–"
_LEGENDS = {
    "rating": "Mean ratings from 1 to 5",
    "preference": "Strengths by Bradley and Terry (the mean over systems is 0; 1 more is preferred 73 times of 100)",
}


class AnswerRecord(BaseModel):
    """One answer of a rater, as it may be published.

    Attributes:
        rater: their number.
        systems: whose answers were judged, the first one first; none of a check.
        values: by question: 1 to 5, or which answer is better (1, 2; 0 for neither).
        right: of a check, the value that was asked for.
        seconds: how long it was looked at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rater: int
    row: str
    tier: str
    kind: TrialKind
    systems: tuple[str, ...]
    values: dict[str, int]
    right: int | None
    seconds: float | None
    comment: str


def answer_records(study: Study, raters: Sequence[RaterAnswers]) -> Iterator[AnswerRecord]:
    """Every answer, rater by rater."""
    for rater in raters:
        for given in rater.given:
            yield AnswerRecord(
                rater=rater.rater,
                row=given.trial.row,
                tier=study.row_of[given.trial.row].tier,
                kind=given.trial.kind,
                systems=given.trial.systems,
                values=dict(given.values),
                right=given.trial.right,
                seconds=given.seconds,
                comment=given.comment,
            )


class ResultsDocument(BaseModel):
    """Results as plain values, for a JSON file."""

    study: str
    kind: str
    systems: list[dict[str, object]]
    agreement: dict[str, float | None]
    raters: list[dict[str, object]]


def results_document(results: StudyResults) -> ResultsDocument:
    """The results, by question, tier and system, and by rater."""
    return ResultsDocument(
        study=results.study.id,
        kind=results.study.kind,
        systems=[asdict(system) for system in results.systems],
        agreement=results.agreement,
        raters=[asdict(rater) for rater in results.raters],
    )


def results_markdown(results: StudyResults) -> str:
    """Tables of the systems, of the agreement, and of the raters."""
    study = results.study
    is_preference = study.kind == "preference"
    headings = ["question", "tier", "system", "value", f"against {as_text(study.systems[0])}"]
    headings += ["preferred"] if is_preference else []
    systems = [_system_line(result, is_preference) for result in results.systems]
    agreement = [
        (as_text(question), DASH if value is None else f"{value:.2f}") for question, value in results.agreement.items()
    ]
    raters = [
        (
            str(rater.rater),
            f"{rater.answered} of {rater.asked}",
            DASH if rater.seconds is None else f"{rater.seconds:.0f}",
            f"{rater.checks_passed} of {rater.checks}",
            "yes" if rater.is_counted else "no",
        )
        for rater in results.raters
    ]
    return (
        "\n\n".join(
            [
                f"{_LEGENDS[study.kind]}, with 95 % intervals (bootstrap over rows and raters).",
                table([*headings, "answers"], systems, numbers=("value", headings[4], "preferred", "answers")),
                "How far raters agree (Krippendorff's alpha, ordinal: 1 is perfect, 0 is chance).",
                table(("question", "alpha"), agreement, numbers=("alpha",)),
                "Raters. Who passed too few checks of attention is not counted.",
                table(("rater", "answers", "seconds each", "checks passed", "counted"), raters),
            ]
        )
        + "\n"
    )


def _system_line(result: SystemResult, is_preference: bool) -> list[object]:
    preferred = [DASH if result.preferred is None else f"{100 * result.preferred:.0f} %"] if is_preference else []
    difference = DASH if result.difference is None else _shown(result.difference, "+.2f")
    names = (result.question, result.tier, result.system)
    return [*map(as_text, names), _shown(result.value, ".2f"), difference, *preferred, result.answers]


def _shown(estimate: Estimate, form: str) -> str:
    return f"{estimate.value:{form}} [{estimate.low:{form}}, {estimate.high:{form}}]"
