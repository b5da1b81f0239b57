"""The audio front end: any file as windows of the encoder's sampling rate and length."""

from pathlib import Path
from typing import Literal

import numpy as np
import soxr

from adiff_data.audio.decoding import read_samples
from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError

Window = Literal["start", "middle", "loudest", "all"]
Resampler = Literal["soxr", "torchaudio"]
WINDOWS: tuple[Window, ...] = ("start", "middle", "loudest", "all")


def read_audio(path: Path, sampling_rate: int, resampler: Resampler = "soxr") -> np.ndarray:
    """A file's samples at `sampling_rate` (Hz): float32, its channels averaged.

    Raises:
        InputError: there is no such file, it is not audio, it holds no samples, or one that is not a number.
    """
    if not path.is_file():
        raise InputError("no such file", file=path)
    samples, rate = read_samples(path)
    if len(samples) == 0:
        raise InputError("holds no sample", file=path)
    mono = samples.mean(axis=1)
    if not np.isfinite(mono).all():
        raise InputError("holds samples that are not numbers", file=path)
    if rate != sampling_rate:
        mono = _resample(mono, rate, sampling_rate, resampler)
    return np.ascontiguousarray(mono, dtype=np.float32)


def extract_windows(samples: np.ndarray, length: int, window: Window = "start") -> np.ndarray:
    """Windows of `length` samples: (1, length), or with `all`, as many as cover the audio.

    A shorter clip is repeated to fill the window. Of a longer one, the window is the `start`, the `middle` or the
    `loudest` part (the first one with the most energy); the last window of `all` ends where the audio does.
    """
    if len(samples) <= length:
        return np.resize(samples, length)[None]
    last = len(samples) - length
    if window == "all":
        starts = [*range(0, last, length), last]
        return np.stack([samples[start : start + length] for start in starts])
    start = {"start": 0, "middle": last // 2}.get(window)
    if start is None:
        start = _loudest(samples, length)
    return samples[start : start + length][None]


def _loudest(samples: np.ndarray, length: int) -> int:
    energy = np.concatenate(([0.0], np.cumsum(np.square(samples, dtype=np.float64))))
    return int(np.argmax(energy[length:] - energy[:-length]))


def _resample(samples: np.ndarray, rate: int, sampling_rate: int, resampler: Resampler) -> np.ndarray:
    if resampler == "soxr":
        resampled = soxr.resample(samples, rate, sampling_rate)
        return resampled if len(resampled) else samples[:1]  # of a single sample, soxr may return none
    try:
        import torch  # noqa: PLC0415
        from torchaudio.functional import resample  # noqa: PLC0415
    except (ImportError, OSError):
        mend = f"{install_hint('torchaudio')} installs versions that import together; or use soxr"
        raise InputError("torchaudio cannot be imported", mend=mend) from None
    return resample(torch.from_numpy(samples), rate, sampling_rate).numpy()
