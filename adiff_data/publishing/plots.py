"""The plots of the card, as PNG files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from adiff_data.core.drawing import Axes, Figure
from adiff_data.publishing.statistics import Statistics, shown_kinds
from adiff_data.tiers import ANSWER_KINDS

_COLORS = (
    "#4477aa",
    "#ee6677",
    "#228833",
    "#ccbb44",
    "#66ccee",
    "#aa3377",
)  # Paul Tol's, which the colour-blind can tell apart
_NO_DATE = {"Software": None, "Creation Time": None}  # so that the same data give the same bytes


def plot_words(statistics: Mapping[str, Statistics], path: Path) -> None:
    """Histograms of the words per answer, one for each kind of answer; the lengths that the checks allow are shaded."""
    figure = Figure(figsize=(9, 2.8), layout="constrained")
    kinds = [ANSWER_KINDS[name] for name in shown_kinds(statistics.values())]
    for axes, tier in zip(figure.subplots(1, len(kinds)), kinds, strict=True):
        axes.axvspan(tier.least, tier.most, color="#eeeeee")
        words = {config: stats.tiers[tier.name].words for config, stats in statistics.items()}
        longest = max((np.percentile(counts, 99.5) for counts in words.values() if counts), default=tier.most)
        bins = np.linspace(0, max(longest, tier.most) * 1.1, 40)
        _outlines(axes, words, bins)
        axes.set(title=tier.name, xlabel="words per answer", ylabel="% of the answers")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside right upper", frameon=False)
    figure.savefig(path, dpi=120, metadata=_NO_DATE)


def plot_similarity(statistics: Mapping[str, Statistics], path: Path) -> None:
    """A histogram of the similarity of the two captions of a pair."""
    figure = Figure(figsize=(9, 2.6), layout="constrained")
    axes = figure.subplots()
    bins = np.linspace(0, 1, 41)
    _outlines(axes, {config: stats.similarities() for config, stats in statistics.items()}, bins)
    axes.set(xlabel="similarity of a pair's captions (TF-IDF cosine)", ylabel="% of the pairs", xlim=(0, 1))
    axes.set_ylim(1e-3, 100)
    axes.set_yscale("log")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120, metadata=_NO_DATE)


def _outlines(axes: Axes, values: Mapping[str, Sequence[float] | np.ndarray], bins: np.ndarray) -> None:
    """Draws the outline of a histogram for each config, in percent of its own values."""
    style: dict[str, Any] = {"histtype": "step", "linewidth": 1.5}
    for index, (config, of_config) in enumerate(values.items()):
        if len(of_config):
            weights, color = np.full(len(of_config), 100 / len(of_config)), _COLORS[index % len(_COLORS)]
            axes.hist(of_config, bins=bins.tolist(), weights=weights, color=color, label=config, **style)
    axes.spines[["top", "right"]].set_visible(False)
