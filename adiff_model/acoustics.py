"""Acoustic measures of mel spectrograms, close to the loudness and centroid that `adiff_data` measures."""

from functools import cache

import numpy as np
import torch
from scipy.signal import freqz
from torch.nn import functional

from adiff_data.audio.mel_scale import mel_frequencies
from adiff_model.config import AdiffConfig

SILENCE = -70.0  # LUFS: quieter blocks do not count (the absolute gate)
_RELATIVE_GATE = 0.1  # relative to the mean power of the blocks above the absolute gate
_BLOCK_SECONDS, _OVERLAP = 0.4, 4  # blocks overlap by three quarters
_OFFSET = -0.691  # LU
_RATE = 48_000  # Hz, sampling rate of the two filters below: the high shelf and the high-pass of the K-weighting
_K_WEIGHTING = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)


def integrated_loudness(power: torch.Tensor, config: AdiffConfig) -> torch.Tensor:
    """An approximation of the integrated loudness (ITU-R BS.1770-4) of mono clips.

    Args:
        power: (clips, frames, mels), of a mel spectrogram.

    Returns:
        (clips,), LUFS, at least -70.
    """
    frequencies, mean_squares = _mean_squares(power, config)
    weighted = mean_squares @ _k_weighting(frequencies).to(power.device)
    frames = min(weighted.shape[1], round(_BLOCK_SECONDS * config.sampling_rate / config.hop_length))
    blocks = functional.avg_pool1d(weighted.unsqueeze(1), frames, max(1, frames // _OVERLAP)).squeeze(1)
    sounding = blocks > 10 ** ((SILENCE - _OFFSET) / 10)
    gate = _mean_where(blocks, sounding) * _RELATIVE_GATE
    mean = _mean_where(blocks, sounding & (blocks > gate.unsqueeze(1)))
    return (_OFFSET + 10.0 * torch.log10(mean.clamp_min(1e-10))).clamp_min(SILENCE)


def _mean_where(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return (values * mask).sum(dim=1) / mask.sum(dim=1).clamp_min(1)


def spectral_centroid(power: torch.Tensor, config: AdiffConfig) -> torch.Tensor:
    """The centroid of the clips' mean spectra: power (clips, frames, mels) to (clips,), Hz."""
    frequencies, mean_squares = _mean_squares(power, config)
    spectrum = mean_squares.mean(dim=1)
    return spectrum @ torch.tensor(frequencies).to(spectrum) / spectrum.sum(dim=1)


def _mean_squares(power: torch.Tensor, config: AdiffConfig) -> tuple[tuple[float, ...], torch.Tensor]:
    """The bands' frequencies, Hz, and their contributions to the signal's mean square: (clips, frames, mels).

    A Slaney band's power is the mean power of the spectrum (Hann window) around it.
    """
    edges = mel_frequencies(config.encoder_config.num_mel_bins + 2, config.fmin, config.fmax)
    widths = torch.from_numpy((edges[2:] - edges[:-2]) / 2).to(power)
    window_power = 0.375 * config.n_fft
    return tuple(edges[1:-1].tolist()), power * widths * 2.0 / (config.n_fft * window_power)


@cache
def _k_weighting(frequencies: tuple[float, ...]) -> torch.Tensor:
    """The weight of the power at each frequency, Hz."""
    shelf, high_pass = (
        np.abs(freqz(*coefficients, worN=frequencies, fs=_RATE)[1]) ** 2 for coefficients in _K_WEIGHTING
    )
    return torch.from_numpy(shelf * high_pass).float()
