"""The card's plots, as PNG files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adiff_data.publishing.statistics import Statistics
from adiff_data.tiers import TIERS

_COLORS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")  # Paul Tol's, told apart by everyone
_NO_DATE = {"Software": None, "Creation Time": None}  # the same data, the same bytes


def plot_words(statistics: Mapping[str, Statistics], path: Path) -> None:
    """Words an answer: a histogram a tier, a line a config; the tier's own bounds shaded."""
    figure = Figure(figsize=(9, 2.8), layout="constrained")
    for axes, tier in zip(figure.subplots(1, len(TIERS)), TIERS.values(), strict=True):
        axes.axvspan(tier.least, tier.most, color="#eeeeee")
        found = [own.tiers[tier.name].words for own in statistics.values()]
        last = max((np.percentile(words, 99.5) for words in found if words), default=tier.most)
        bins = np.linspace(0, max(last, tier.most) * 1.1, 40)
        _outlines(axes, dict(zip(statistics, found, strict=True)), bins)
        axes.set(title=tier.name, xlabel="words an answer", ylabel="% of the answers")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside right upper", frameon=False)
    figure.savefig(path, dpi=120, metadata=_NO_DATE)


def plot_similarity(statistics: Mapping[str, Statistics], path: Path) -> None:
    """How near the captions of a pair are."""
    figure = Figure(figsize=(9, 2.6), layout="constrained")
    axes = figure.subplots()
    bins = np.linspace(0, 1, 41)
    _outlines(axes, {config: own.similarities() for config, own in statistics.items()}, bins)
    axes.set(xlabel="similarity of a pair's captions (TF-IDF cosine)", ylabel="% of the pairs", xlim=(0, 1))
    axes.set_ylim(1e-3, 100)
    axes.set_yscale("log")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120, metadata=_NO_DATE)


def _outlines(axes: Axes, values: Mapping[str, Sequence[float] | np.ndarray], bins: np.ndarray) -> None:
    """A histogram a config, in percent of its own values."""
    for number, (config, own) in enumerate(values.items()):
        if len(own):
            share, color = np.full(len(own), 100 / len(own)), _COLORS[number % len(_COLORS)]
            axes.hist(own, bins=bins.tolist(), weights=share, histtype="step", linewidth=1.5, color=color, label=config)
    axes.spines[["top", "right"]].set_visible(False)
