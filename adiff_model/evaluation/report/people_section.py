"""The report's tables of what people say of the systems, and of how each metric follows them."""

from collections.abc import Mapping, Sequence

from adiff_data.studies.resampling import Estimate
from adiff_data.studies.results import ALL_TIERS
from adiff_model.evaluation.following_people import Following, People
from adiff_model.evaluation.leaderboard import DASH
from adiff_model.evaluation.metric_descriptions import MetricDescription
from adiff_model.evaluation.report.score_cells import ScoreCell
from adiff_model.evaluation.report.score_tables import ScoreTable

_AGREEMENT = "agreement (alpha)"


def people_tables(people: People) -> list[ScoreTable]:
    """Two tables: a line for each system, and a line for each metric."""
    questions = [question.name for question in people.results.study.questions]
    return [_systems_table(people, questions), _metrics_table(people, questions)]


def _systems_table(people: People, questions: Sequence[str]) -> ScoreTable:
    told = {(result.system, result.question): result for result in people.results.systems if result.tier == ALL_TIERS}
    best = {
        question: max(result.value.value for (_, asked), result in told.items() if asked == question)
        for question in questions
    }
    rows = [
        (
            system,
            [
                _cell(told[system, question].value, is_best=told[system, question].value.value == best[question])
                if (system, question) in told
                else ScoreCell(DASH)
                for question in questions
            ],
        )
        for system in people.results.study.systems
    ]
    alphas = [people.results.agreement[question] for question in questions]
    agreement = [ScoreCell(DASH if alpha is None else f"{alpha:.2f}") for alpha in alphas]
    return ScoreTable(
        "rated by people", [MetricDescription(name) for name in questions], [*rows, (_AGREEMENT, agreement)]
    )


def _metrics_table(people: People, questions: Sequence[str]) -> ScoreTable:
    by_metric: dict[str, dict[str, Following]] = {}
    for following in people.following:
        by_metric.setdefault(following.metric, {})[following.question] = following
    headings = [MetricDescription(f"{question}: {which}") for question in questions for which in ("answers", "systems")]
    rows = [(metric, _tau_cells(of_metric, questions)) for metric, of_metric in by_metric.items()]
    return ScoreTable("tau", headings, rows)


def _tau_cells(following: Mapping[str, Following], questions: Sequence[str]) -> list[ScoreCell]:
    return [
        _cell(tau, note)
        for question in questions
        for tau, note in (
            (following[question].answers, f"{following[question].pairs:,} pairs"),
            (following[question].systems, ""),
        )
    ]


def _cell(estimate: Estimate | None, note: str = "", *, is_best: bool = False) -> ScoreCell:
    if estimate is None:
        return ScoreCell(DASH)
    return ScoreCell(f"{estimate.value:.2f}", f"{estimate.low:.2f} – {estimate.high:.2f}", note, is_best)
