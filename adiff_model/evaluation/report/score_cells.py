"""Scores as text: the cells of the report's tables and charts."""

from dataclasses import dataclass

from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.leaderboard import DASH
from adiff_model.metrics.text_scores import NoScore, Score

PERCENT = 100.0  # papers print scores x 100


@dataclass(frozen=True)
class ScoreCell:
    """A score in a table.

    Attributes:
        value, interval: as text.
        note: how many of the rows were scored, or the p-value; empty where there is nothing to say.
        is_best: the best of its column.
        footnote: the mark of the note that says why there is no score; empty where there is one.
    """

    value: str
    interval: str = ""
    note: str = ""
    is_best: bool = False
    footnote: str = ""


def score_cell(
    metric: str,
    score: Score | NoScore,
    footnotes: Footnotes,
    *,
    factor: float = PERCENT,
    decimals: int = 1,
    is_best: bool = False,
    p_value: float | None = None,
) -> ScoreCell:
    """A score as a cell; one that is missing as a dash with a footnote."""
    if isinstance(score, NoScore):
        return ScoreCell(DASH, footnote=footnotes.mark(score.reason, metric))
    low, high = factor * score.interval.low, factor * score.interval.high
    notes = [f"p = {p_value:.3f}"] if p_value is not None else []
    if score.sample is not None:
        notes.append(f"{len(score.row_scores):,} rows")
    value = f"{factor * score.value:.{decimals}f}"
    return ScoreCell(value, f"{low:.{decimals}f} – {high:.{decimals}f}", ", ".join(notes), is_best)
