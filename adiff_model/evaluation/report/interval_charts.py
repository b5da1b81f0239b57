"""Charts of scores with their intervals: a figure for each tier, a chart for each metric, a line for each system."""

from collections.abc import Sequence
from dataclasses import dataclass

from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.metric_descriptions import MetricDescription, describe_metric
from adiff_model.evaluation.probe_scores import MIRROR_METRICS
from adiff_model.evaluation.report.axes import PERCENT_AXIS, Axis, round_axis
from adiff_model.evaluation.report.score_cells import PERCENT, ScoreCell, score_cell
from adiff_model.evaluation.report.tier_labels import tier_labels
from adiff_model.evaluation.scoring import CONTENT_METRICS, TRUTH_METRICS, Scores, groups_of
from adiff_model.evaluation.standings import Place, Standing, rank
from adiff_model.metrics.text_scores import NoScore, Score

CHARTED_METRICS = ("BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D", "SPICE", "FENSE")  # the others follow from these


@dataclass(frozen=True)
class ChartLine:
    """A system's line in a chart; positions are in percent of its axis.

    Attributes:
        place: beside the best system, as in `Standing`.
    """

    system: str
    cell: ScoreCell
    place: Place = "none"
    low: float = 0.0
    high: float = 0.0
    value: float = 0.0


@dataclass(frozen=True)
class Chart:
    """Every system's score and interval by one metric."""

    metric: MetricDescription
    axis: Axis
    lines: Sequence[ChartLine]


@dataclass(frozen=True)
class TierFigure:
    """The charts of one tier of one dataset."""

    label: str
    num_rows: int
    charts: Sequence[Chart]


def make_figures(scores: Scores, metrics: Sequence[str], footnotes: Footnotes) -> list[TierFigure]:
    """A figure for each tier, of those metrics that any system has a score by; a metric has one axis in all tiers."""
    groups = groups_of(scores)
    by_metric = {
        metric: [tiers[group].scores[metric] for tiers in scores.values() for group in groups] for metric in metrics
    }
    axes = {metric: axis for metric, scored in by_metric.items() if (axis := _axis(metric, scored))}
    first = next(iter(scores.values()))
    return [
        TierFigure(
            label,
            len(first[group].rows),
            [
                Chart(
                    describe_metric(metric),
                    axis,
                    [_chart_line(metric, standing, axis, footnotes) for standing in rank(scores, group, metric)],
                )
                for metric, axis in axes.items()
            ],
        )
        for group, label in tier_labels(groups).items()
    ]


def _axis(metric: str, scores: Sequence[Score | NoScore]) -> Axis | None:
    """From 0, with room for all intervals; None where there is no score."""
    ends = [PERCENT * score.interval.high for score in scores if isinstance(score, Score)]
    if not ends:
        return None
    return PERCENT_AXIS if metric in (*TRUTH_METRICS, *CONTENT_METRICS, *MIRROR_METRICS) else round_axis(0, max(ends))


def _chart_line(metric: str, standing: Standing, axis: Axis, footnotes: Footnotes) -> ChartLine:
    cell = score_cell(metric, standing.score, footnotes, is_best=standing.place == "best", p_value=standing.p_value)
    if isinstance(standing.score, NoScore):
        return ChartLine(standing.system, cell)
    score = standing.score
    low, high, value = (axis.position(PERCENT * x) for x in (score.interval.low, score.interval.high, score.value))
    return ChartLine(standing.system, cell, standing.place, low, high, value)
