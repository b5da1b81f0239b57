"""A picture of an explanation: both log-mel spectrograms side by side, with the texts below."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from adiff_data.core.drawing import Figure
from adiff_model.config import AdiffConfig
from adiff_model.log_mel import log_mel

_LINE_LENGTH = 130  # characters
_DYNAMIC_RANGE = 80.0  # dB


def plot_pair(
    names: tuple[str, str],
    clips: tuple[np.ndarray, np.ndarray],
    texts: Mapping[str, str],
    config: AdiffConfig,
    out: Path,
) -> None:
    """Writes a PNG.

    Args:
        names: of the clips, shown above them.
        clips: the samples that the encoder gets, at `config.sampling_rate`.
        texts: the answers, by prompt.
    """
    lines = "\n\n".join(
        f"{_plain(prompt)}:\n{textwrap.fill(_plain(answer), _LINE_LENGTH)}" for prompt, answer in texts.items()
    )
    height = 3.4 + 0.17 * (lines.count("\n") + 1)
    figure = Figure(figsize=(11, height), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    spectra = [log_mel(torch.from_numpy(clip)[None], config)[0, 0].T.numpy() for clip in clips]
    top = max(float(spectrum.max()) for spectrum in spectra)
    for number, (axes, name, spectrum) in enumerate(zip(panels, names, spectra, strict=True), start=1):
        seconds = spectrum.shape[1] * config.hop_length / config.sampling_rate
        image = axes.imshow(
            spectrum,
            origin="lower",
            aspect="auto",
            vmin=top - _DYNAMIC_RANGE,
            vmax=top,
            extent=(0, seconds, 0, len(spectrum)),
        )
        axes.set_title(f"audio {number}: {_plain(name)}", fontsize=10)
        axes.set_xlabel("time (s)")
    panels[0].set_ylabel("mel band")
    figure.colorbar(image, ax=panels, label="dB")
    figure.supxlabel(lines, x=0.02, ha="left", fontsize=9)
    figure.savefig(out, format="png", dpi=110)


def _plain(text: str) -> str:
    """Text without unprintable characters, in which a dollar sign does not begin a formula."""
    return "".join(character for character in text if character.isprintable()).replace("$", r"\$")
