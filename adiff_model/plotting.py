"""What was explained, as a picture: both log-mel spectrograms side by side, the text below."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure

from adiff_model.config import AdiffConfig
from adiff_model.log_mel import log_mel

_WIDTH_CHARACTERS = 130
_RANGE_DB = 80.0


def plot_pair(
    names: tuple[str, str],
    clips: tuple[np.ndarray, np.ndarray],
    texts: Mapping[str, str],
    config: AdiffConfig,
    out: Path,
) -> None:
    """Writes a PNG.

    Args:
        names: of the clips, above each.
        clips: the samples that the encoder hears, at `config.sampling_rate`.
        texts: what was said, by what was asked.
    """
    lines = "\n\n".join(
        f"{_plain(asked)}:\n{textwrap.fill(_plain(said), _WIDTH_CHARACTERS)}" for asked, said in texts.items()
    )
    height = 3.4 + 0.17 * (lines.count("\n") + 1)
    figure = Figure(figsize=(11, height), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    spectra = [log_mel(torch.from_numpy(clip)[None], config)[0, 0].T.numpy() for clip in clips]
    top = max(float(spectrum.max()) for spectrum in spectra)
    for place, (own, name, spectrum) in enumerate(zip(axes, names, spectra, strict=True), start=1):
        seconds = spectrum.shape[1] * config.hop_length / config.sampling_rate
        image = own.imshow(
            spectrum,
            origin="lower",
            aspect="auto",
            vmin=top - _RANGE_DB,
            vmax=top,
            extent=(0, seconds, 0, len(spectrum)),
        )
        own.set_title(f"audio {place}: {_plain(name)}", fontsize=10)
        own.set_xlabel("time (s)")
    axes[0].set_ylabel("mel band")
    figure.colorbar(image, ax=axes, label="dB")
    figure.supxlabel(lines, x=0.02, ha="left", fontsize=9)
    figure.savefig(out, format="png", dpi=110)


def _plain(text: str) -> str:
    """Text in which a dollar sign begins no formula and nothing but what can be printed is left."""
    return "".join(character for character in text if character.isprintable()).replace("$", r"\$")
