"""The report's plots: scores by tier, length against score, and where systems differ."""

import io
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adiff_model.evaluation.clips import data_uri
from adiff_model.evaluation.scoring import ALL_METRICS, Scores
from adiff_model.evaluation.systems import Group
from adiff_model.evaluation.tables import groups_of
from adiff_model.metrics.text_scores import Score

ROW_SCORE = "ROUGE-L"  # quick, between 0 and 1, and told of every row
_BINS = 30
_MOST_NAME = 24

Plot = tuple[str, str]  # what it shows, and the picture as a data URI


def draw_plots(scores: Scores) -> list[Plot]:
    """Every plot that these scores allow."""
    groups = groups_of(scores)
    plots = [("Scores by tier, with 95 % intervals (x 100).", _by_tier(scores, groups))]
    if any(_row_scores(scores, name, group) for name in scores for group in groups):
        plots.append((f"Words of an answer against its {ROW_SCORE}.", _lengths(scores, groups)))
        first = next(iter(scores))
        plots += [
            (
                f"Where {other} differs from {first}, row by row: above 0 {other} is better.",
                _gaps(scores, other, groups),
            )
            for other in list(scores)[1:]
        ]
    return plots


def _by_tier(scores: Scores, groups: Sequence[Group]) -> str:
    metrics = [
        metric
        for metric in ALL_METRICS
        if any(_found(scores, name, group, metric) for name in scores for group in groups)
    ]
    columns = 4
    rows = max(1, -(-len(metrics) // columns))
    figure = Figure(figsize=(12, 2.3 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).flatten()
    for own, metric in zip(axes, metrics, strict=False):
        _bars(own, scores, groups, metric)
    for own in axes[len(metrics) :]:
        own.axis("off")
    if metrics:
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=8)
    return _as_uri(figure)


def _bars(axes: Axes, scores: Scores, groups: Sequence[Group], metric: str) -> None:
    width = 0.8 / len(scores)
    for number, name in enumerate(scores):
        there = [
            (place + (number + 0.5) * width - 0.4, score)
            for place, group in enumerate(groups)
            if (score := _found(scores, name, group, metric))
        ]
        heights = [100 * score.value for _, score in there]
        errors = [
            [max(0.0, 100 * (score.value - score.interval.low)) for _, score in there],
            [max(0.0, 100 * (score.interval.high - score.value)) for _, score in there],
        ]
        axes.bar([place for place, _ in there], heights, width, yerr=errors, capsize=2, label=_short(name))
    axes.set_title(metric, fontsize=9)
    axes.set_xticks(range(len(groups)), [" ".join(group) for group in groups], fontsize=6, rotation=20)
    axes.tick_params(axis="y", labelsize=7)


def _lengths(scores: Scores, groups: Sequence[Group]) -> str:
    figure, axes = _side_by_side(len(groups))
    for own, group in zip(axes, groups, strict=True):
        for name in scores:
            rows = scores[name][group].rows
            values = _row_scores(scores, name, group)
            own.scatter([len(row.prediction.split()) for row in rows], values, s=5, alpha=0.5, label=_short(name))
        own.set_title(" ".join(group), fontsize=9)
        own.set_xlabel("words", fontsize=8)
    axes[0].set_ylabel(ROW_SCORE, fontsize=8)
    axes[0].legend(fontsize=6)
    return _as_uri(figure)


def _gaps(scores: Scores, other: str, groups: Sequence[Group]) -> str:
    first = next(iter(scores))
    figure, axes = _side_by_side(len(groups))
    for own, group in zip(axes, groups, strict=True):
        pairs = zip(_row_scores(scores, first, group), _row_scores(scores, other, group), strict=True)
        gaps = [two - one for one, two in pairs]
        own.hist(gaps, bins=_BINS, color="tab:gray")
        own.axvline(0, color="black", linewidth=0.8)
        better = sum(gap > 0 for gap in gaps)
        own.set_title(f"{' '.join(group)}: better in {better:,} of {len(gaps):,}", fontsize=8)
        own.set_xlabel(f"difference in {ROW_SCORE}", fontsize=8)
    axes[0].set_ylabel("rows", fontsize=8)
    return _as_uri(figure)


def _side_by_side(count: int) -> tuple[Figure, Sequence[Axes]]:
    figure = Figure(figsize=(min(12.0, 4.0 * count), 2.8), layout="constrained")
    return figure, figure.subplots(1, count, squeeze=False)[0]


def _found(scores: Scores, name: str, group: Group, metric: str) -> Score | None:
    own = scores[name].get(group)
    score = own.scores[metric] if own else None
    return score if isinstance(score, Score) else None


def _row_scores(scores: Scores, name: str, group: Group) -> Sequence[float]:
    score = _found(scores, name, group, ROW_SCORE)
    return score.rows if score else []


def _short(name: str) -> str:
    """A system's name as a label: no formula, nothing that cannot be printed, not too long."""
    plain = "".join(character for character in name if character.isprintable()).replace("$", r"\$").lstrip("_")
    return plain if len(plain) <= _MOST_NAME else f"{plain[: _MOST_NAME - 1]}…"


def _as_uri(figure: Figure) -> str:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110)
    return data_uri("image/png", file.getvalue())
