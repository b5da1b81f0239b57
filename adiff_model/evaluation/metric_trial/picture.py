"""A trial as a picture: a field for each metric and damage, the darker the more is lost."""

import io
from collections.abc import Sequence

import numpy as np

from adiff_data.core.drawing import Axes, Figure, rc_context
from adiff_model.evaluation.metric_trial.damages import GRADED
from adiff_model.evaluation.metric_trial.trial import CELLS, Fall, MetricTrial, TierTrial

_NO_DATE = {"Date": None, "Creator": None}  # so that the same trial gives the same bytes
_FIELD_WIDTH, _FIELD_HEIGHT = 0.42, 0.24  # inches
_LABELS_WIDTH, _LABELS_HEIGHT = 2.4, 1.5
_DARK = 0.6  # a share from which text is white


def trust_picture(trials: Sequence[TierTrial]) -> str:
    """An SVG with a panel a tier: a line for each degree of each damage, a column a metric; what is lost, in per cent.

    Metrics without a score are left out.
    """
    tried = [[metric for metric in trial.metrics if _has_fall(metric)] for trial in trials]
    width = _LABELS_WIDTH + _FIELD_WIDTH * max(1, *map(len, tried))
    height = (_LABELS_HEIGHT + _FIELD_HEIGHT * len(CELLS)) * len(trials)
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = np.atleast_1d(figure.subplots(len(trials), 1))
    for trial, metrics, axes in zip(trials, tried, panels, strict=True):
        _draw(axes, metrics)
        axes.set_title(f"{trial.tier}: share of the score that is lost, %", fontsize=9)
    file = io.StringIO()
    with rc_context({"svg.hashsalt": "adiff", "svg.fonttype": "none"}):
        figure.savefig(file, format="svg", metadata=_NO_DATE)
    return file.getvalue()


def _has_fall(metric: MetricTrial) -> bool:
    return any(isinstance(fall, Fall) for fall in metric.falls.values())


def _draw(axes: Axes, metrics: Sequence[MetricTrial]) -> None:
    shares = np.array([[_share(metric, row) for metric in metrics] for row in range(len(CELLS))])
    axes.imshow(shares.reshape(len(CELLS), len(metrics)), cmap="YlOrBr", vmin=0, vmax=1, aspect="auto")
    for row, column in np.argwhere(~np.isnan(shares)):
        share = shares[row, column]
        color = "white" if share > _DARK else "black"
        axes.text(column, row, f"{round(100 * share)}", ha="center", va="center", fontsize=7, color=color)
    axes.set_xticks(range(len(metrics)), [metric.metric for metric in metrics], rotation=45, ha="right", fontsize=7)
    names = [f"{damage}, {degree}" if damage in GRADED else str(damage) for damage, degree in CELLS]
    axes.set_yticks(range(len(CELLS)), names, fontsize=7)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _share(metric: MetricTrial, row: int) -> float:
    fall = metric.falls[CELLS[row]]
    return fall.share if isinstance(fall, Fall) else np.nan
