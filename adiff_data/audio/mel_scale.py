"""Slaney's mel scale (Auditory Toolbox, 1998), with librosa's numbers to the bit.

librosa itself compiles functions when it is imported, which takes a second and a folder to write to.
"""

import numpy as np

_HERTZ_A_MEL = 200.0 / 3  # below 1 kHz
_LOG_FROM_HERTZ = 1000.0
_LOG_FROM_MEL = _LOG_FROM_HERTZ / _HERTZ_A_MEL
_LOG_STEP = np.log(6.4) / 27.0


def mel_frequencies(count: int, fmin: float, fmax: float) -> np.ndarray:
    """`count` frequencies, Hz, from `fmin` to `fmax`, equally far apart in mels: (count,), float64."""
    mels = np.linspace(_mels(fmin), _mels(fmax), count)
    return np.where(
        mels >= _LOG_FROM_MEL,
        _LOG_FROM_HERTZ * np.exp(_LOG_STEP * (mels - _LOG_FROM_MEL)),
        _HERTZ_A_MEL * mels,
    )


def mel_filters(sampling_rate: int, n_fft: int, count: int, fmin: float, fmax: float) -> np.ndarray:
    """Triangles over the bins of a power spectrum, each of area 1: (count, n_fft / 2 + 1), float32."""
    edges = mel_frequencies(count + 2, fmin, fmax)
    slopes = np.subtract.outer(edges, np.fft.rfftfreq(n_fft, 1.0 / sampling_rate))
    widths = np.diff(edges)[:, None]
    rising, falling = -slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]
    triangles = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    triangles *= (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return triangles


def _mels(hertz: float) -> float:
    if hertz < _LOG_FROM_HERTZ:
        return hertz / _HERTZ_A_MEL
    return _LOG_FROM_MEL + float(np.log(hertz / _LOG_FROM_HERTZ)) / _LOG_STEP
