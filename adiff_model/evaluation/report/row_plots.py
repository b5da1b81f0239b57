"""Plots of single rows: how long an answer is against its score, and by how much two systems differ.

A plot is a path (see `Plot`), which the page's template draws between two axes, in the page's colours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from adiff_model.evaluation.report.axes import PERCENT_AXIS, Axis, round_axis
from adiff_model.evaluation.report.tier_labels import tier_labels
from adiff_model.evaluation.scoring import Scores, groups_of
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.text_scores import Score

ROW_METRIC = "ROUGE-L"  # fast, between 0 and 1, and defined for every row
_BINS = 31  # an odd number: no difference lies in the middle of one
_DOTS = 2000  # drawn at most in one plot
WIDTH, HEIGHT = 300, 160  # of the area between the axes, in the unit of the paths


@dataclass(frozen=True)
class Plot:
    """One plot of one system.

    Attributes:
        title, caption: what it shows.
        x_axis, y_axis: with their labels.
        dots: a path of points; empty where there are none.
        bars: paths of bars by their class, `plain` or `accent`.
    """

    title: str
    caption: str
    x_axis: Axis
    y_axis: Axis
    x_label: str
    y_label: str
    dots: str = ""
    bars: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class PlotSet:
    """The plots of one kind: for each tier, by its label, one for each system."""

    title: str
    tiers: Mapping[str, Sequence[Plot]]


def draw_plots(scores: Scores) -> list[PlotSet]:
    """Every plot for which all systems have scores."""
    labels = {
        group: label
        for group, label in tier_labels(groups_of(scores)).items()
        if all(_row_scores(scores, system, group) for system in scores)
    }
    if not labels:
        return []
    lengths = PlotSet(f"Length and {ROW_METRIC}", {label: _lengths(scores, group) for group, label in labels.items()})
    if len(scores) == 1:
        return [lengths]
    differences = {label: _differences(scores, group) for group, label in labels.items()}
    return [lengths, PlotSet(f"Against {next(iter(scores))}", differences)]


def _lengths(scores: Scores, group: Group) -> list[Plot]:
    words = {system: [len(row.prediction.split()) for row in tiers[group].rows] for system, tiers in scores.items()}
    x_axis = round_axis(0, max(max(lengths) for lengths in words.values()), integer=True)
    plots = []
    for system, lengths in words.items():
        row_scores = _row_scores(scores, system, group)
        points = list(zip(lengths, row_scores, strict=True))
        shown = points[:: -(-len(points) // _DOTS)]
        dots = "".join(_dot(x_axis.position(length), PERCENT_AXIS.position(100 * score)) for length, score in shown)
        caption = f"{np.mean(lengths):.0f} words and {ROW_METRIC} {100 * np.mean(row_scores):.1f} on average"
        plots.append(Plot(system, caption, x_axis, PERCENT_AXIS, "words of an answer", ROW_METRIC, dots=dots))
    return plots


def _differences(scores: Scores, group: Group) -> list[Plot]:
    first, *others = scores
    first_scores = np.array(_row_scores(scores, first, group))
    differences = {system: 100 * (np.array(_row_scores(scores, system, group)) - first_scores) for system in others}
    reach = max(1.0, *(float(np.abs(gaps).max()) for gaps in differences.values()))
    x_axis = round_axis(-reach, reach)
    edges = np.linspace(-reach, reach, _BINS + 1)
    counts = {system: np.histogram(gaps, edges)[0] for system, gaps in differences.items()}
    y_axis = round_axis(0, max(int(heights.max()) for heights in counts.values()), integer=True)
    plots = []
    for system, gaps in differences.items():
        better, worse = int((gaps > 0).sum()), int((gaps < 0).sum())
        bars = [
            ("plain" if right <= 0 or left < 0 < right else "accent", _bar(x_axis, y_axis, left, right, int(count)))
            for left, right, count in zip(edges[:-1], edges[1:], counts[system], strict=True)
            if count
        ]
        caption = f"better in {better:,}, worse in {worse:,} of {len(gaps):,} rows"
        plots.append(Plot(system, caption, x_axis, y_axis, f"difference in {ROW_METRIC}", "rows", bars=_merged(bars)))
    return plots


def _dot(x: float, y: float) -> str:
    """A line without length, which a round cap makes a dot; positions are in percent."""
    return f"M{x * WIDTH / 100:.1f} {HEIGHT - y * HEIGHT / 100:.1f}h0"


def _bar(x_axis: Axis, y_axis: Axis, left: float, right: float, count: int) -> str:
    start, end = (x_axis.position(float(edge)) * WIDTH / 100 for edge in (left, right))
    height = y_axis.position(count) * HEIGHT / 100
    return f"M{start + 0.5:.1f} {HEIGHT}v{-height:.1f}h{end - start - 1:.1f}v{height:.1f}z"


def _merged(bars: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """One path for each class."""
    paths: dict[str, str] = {}
    for kind, path in bars:
        paths[kind] = paths.get(kind, "") + path
    return list(paths.items())


def _row_scores(scores: Scores, system: str, group: Group) -> Sequence[float]:
    group_scores = scores[system].get(group)
    score = group_scores.scores[ROW_METRIC] if group_scores else None
    return score.row_scores if isinstance(score, Score) else []
