"""Scores by difficulty, as a frame and as Markdown."""

from collections.abc import Iterator, Mapping

import pandas as pd

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.markdown import as_text, table
from adiff_model.evaluation.claim_scores import CLAIMS_TRUE, DIFFERENCES_TOLD, EVENTS_TOLD, claim_scores
from adiff_model.evaluation.difficulty import in_order
from adiff_model.evaluation.leaderboard import DASH, never_a_formula
from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.scoring import PASSED, RIGHT_SIDE, GroupScores, Scores, truth_scores
from adiff_model.metrics.text_scores import NoScore, Score

METRICS_BY_DIFFICULTY = (RIGHT_SIDE, PASSED, CLAIMS_TRUE, EVENTS_TOLD, DIFFERENCES_TOLD)
_COLUMNS = ("system", "dataset", "tier", "difficulty", "band", "rows", "metric", "score", "low", "high")


@checks_arguments
def difficulty_frame(scores: Scores) -> pd.DataFrame:
    """Scores by difficulty, as a frame.

    Returns:
        a row for each `system`, `dataset`, `tier`, `difficulty` (similarity of captions, edit, size of edit), `band`
        and `metric` that has a score: how many `rows` are in the band, the `score` (0 to 1), and the bounds `low` and
        `high` of its 95 % confidence interval (bootstrap over the rows).
    """
    records = [
        (system, *group, difficulty, band, rows, metric, score.value, score.interval.low, score.interval.high)
        for system, groups in scores.items()
        for group, group_scores in groups.items()
        for difficulty, band, rows, by_metric in scores_by_band(group_scores)
        for metric, score in by_metric.items()
        if isinstance(score, Score)
    ]
    return pd.DataFrame(records, columns=_COLUMNS)


def difficulty_csv(scores: Scores) -> str:
    """The frame for spreadsheets, in which the name of a system is never run as a formula."""
    frame = difficulty_frame(scores)
    return frame.assign(system=frame["system"].map(never_a_formula)).to_csv(index=False, lineterminator="\n")


def scores_by_band(group_scores: GroupScores) -> Iterator[tuple[str, str, int, Mapping[str, Score | NoScore]]]:
    """Yields each difficulty and band of a group, with the number of its rows and their scores."""
    for difficulty, bands in group_scores.bands.items():
        for band in in_order(bands):
            indices = [index for index, of_row in enumerate(bands) if of_row == band]
            scores = truth_scores([group_scores.assessment.rows[index] for index in indices])
            scores |= claim_scores([group_scores.claims[index] for index in indices])
            yield difficulty, band, len(indices), {metric: scores[metric] for metric in METRICS_BY_DIFFICULTY}


def difficulty_markdown(scores: Scores) -> str:
    """A table for each dataset, tier and difficulty: a line for each band and system. Empty where there is no band."""
    tables: dict[tuple[str, str, str], dict[str, list[tuple[str, ...]]]] = {}
    for system, groups in scores.items():
        for (dataset, tier), group_scores in groups.items():
            for difficulty, band, rows, by_metric in scores_by_band(group_scores):
                bands = tables.setdefault((dataset, tier, difficulty), {})
                cells = (_cell(score) for score in by_metric.values())
                bands.setdefault(band, []).append((band, f"{rows:,}", as_text(system), *cells))
    return "\n".join(_table(*heading, bands) for heading, bands in tables.items())


def _table(dataset: str, tier: str, difficulty: str, bands: Mapping[str, list[tuple[str, ...]]]) -> str:
    metrics = [f"{metric} {describe_metric(metric).arrow}" for metric in METRICS_BY_DIFFICULTY]
    lines = [line for band in in_order(bands) for line in bands[band]]
    headings = (difficulty, "rows", "system", *metrics)
    return f"## {dataset}, {tier}, by {difficulty}\n\n{table(headings, lines, numbers=('rows', *metrics))}\n"


def _cell(score: Score | NoScore) -> str:
    if isinstance(score, NoScore):
        return DASH
    return f"{100 * score.value:.1f} [{100 * score.interval.low:.1f}, {100 * score.interval.high:.1f}]"
