"""The report's plots: scores by tier, length against score, and the rows in which systems differ."""

import io
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adiff_model.evaluation.clips import data_uri
from adiff_model.evaluation.scoring import ALL_METRICS, Scores, groups_of
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.text_scores import Score

ROW_METRIC = "ROUGE-L"  # fast, between 0 and 1, and defined for every row
_BINS = 30
_MAX_LABEL = 24  # characters
_COLUMNS = 4

Plot = tuple[str, str]  # the caption, and the picture as a data URI


def draw_plots(scores: Scores) -> list[Plot]:
    """Every plot for which there are scores."""
    groups = groups_of(scores)
    plots = [("Scores by tier, with 95 % confidence intervals (x 100).", _scores_by_tier(scores, groups))]
    if any(_row_scores(scores, system, group) for system in scores for group in groups):
        plots.append((f"Words of an answer against its {ROW_METRIC}.", _score_by_length(scores, groups)))
        first, *others = scores
        plots += [
            (
                f"Where {system} differs from {first}, row by row: above 0, {system} is better.",
                _row_differences(scores, system, groups),
            )
            for system in others
        ]
    return plots


def _scores_by_tier(scores: Scores, groups: Sequence[Group]) -> str:
    metrics = [
        metric
        for metric in ALL_METRICS
        if any(_score(scores, system, group, metric) for system in scores for group in groups)
    ]
    lines = max(1, -(-len(metrics) // _COLUMNS))
    figure = Figure(figsize=(12, 2.3 * lines), layout="constrained")
    panels = figure.subplots(lines, _COLUMNS, squeeze=False).flatten()
    for axes, metric in zip(panels, metrics, strict=False):
        _draw_bars(axes, scores, groups, metric)
    for axes in panels[len(metrics) :]:
        axes.axis("off")
    if metrics:
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=8)
    return _as_png(figure)


def _draw_bars(axes: Axes, scores: Scores, groups: Sequence[Group], metric: str) -> None:
    width = 0.8 / len(scores)
    for number, system in enumerate(scores):
        offset = (number + 0.5) * width - 0.4
        bars = [
            (position + offset, score)
            for position, group in enumerate(groups)
            if (score := _score(scores, system, group, metric))
        ]
        heights = [100 * score.value for _, score in bars]
        errors = [
            [max(0.0, 100 * (score.value - score.interval.low)) for _, score in bars],
            [max(0.0, 100 * (score.interval.high - score.value)) for _, score in bars],
        ]
        axes.bar([x for x, _ in bars], heights, width, yerr=errors, capsize=2, label=_label(system))
    axes.set_title(metric, fontsize=9)
    axes.set_xticks(range(len(groups)), [" ".join(group) for group in groups], fontsize=6, rotation=20)
    axes.tick_params(axis="y", labelsize=7)


def _score_by_length(scores: Scores, groups: Sequence[Group]) -> str:
    figure, panels = _panels(len(groups))
    for axes, group in zip(panels, groups, strict=True):
        for system in scores:
            lengths = [len(row.prediction.split()) for row in scores[system][group].rows]
            axes.scatter(lengths, _row_scores(scores, system, group), s=5, alpha=0.5, label=_label(system))
        axes.set_title(" ".join(group), fontsize=9)
        axes.set_xlabel("words", fontsize=8)
    panels[0].set_ylabel(ROW_METRIC, fontsize=8)
    panels[0].legend(fontsize=6)
    return _as_png(figure)


def _row_differences(scores: Scores, system: str, groups: Sequence[Group]) -> str:
    first = next(iter(scores))
    figure, panels = _panels(len(groups))
    for axes, group in zip(panels, groups, strict=True):
        row_scores = _row_scores(scores, system, group), _row_scores(scores, first, group)
        differences = [score - first_score for score, first_score in zip(*row_scores, strict=True)]
        axes.hist(differences, bins=_BINS, color="tab:gray")
        axes.axvline(0, color="black", linewidth=0.8)
        better = sum(difference > 0 for difference in differences)
        axes.set_title(f"{' '.join(group)}: better in {better:,} of {len(differences):,}", fontsize=8)
        axes.set_xlabel(f"difference in {ROW_METRIC}", fontsize=8)
    panels[0].set_ylabel("rows", fontsize=8)
    return _as_png(figure)


def _panels(count: int) -> tuple[Figure, Sequence[Axes]]:
    figure = Figure(figsize=(min(12.0, 4.0 * count), 2.8), layout="constrained")
    return figure, figure.subplots(1, count, squeeze=False)[0]


def _score(scores: Scores, system: str, group: Group, metric: str) -> Score | None:
    group_scores = scores[system].get(group)
    score = group_scores.scores[metric] if group_scores else None
    return score if isinstance(score, Score) else None


def _row_scores(scores: Scores, system: str, group: Group) -> Sequence[float]:
    score = _score(scores, system, group, ROW_METRIC)
    return score.row_scores if score else []


def _label(system: str) -> str:
    """A system's name as a label: no formula, nothing unprintable, not too long."""
    plain = "".join(character for character in system if character.isprintable()).replace("$", r"\$").lstrip("_")
    return plain if len(plain) <= _MAX_LABEL else f"{plain[: _MAX_LABEL - 1]}…"


def _as_png(figure: Figure) -> str:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110)
    return data_uri("image/png", file.getvalue())
