"""Measuring the facts of a clip.

Loudness follows ITU-R BS.1770-4 and EBU Tech 3342 (`pyloudnorm`), the spectral measures are librosa's. Levels are in
dB relative to full scale (a full-scale square wave has 0 dBFS RMS), frequencies in hertz, times in seconds.
"""

import hashlib
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import soxr
from scipy.signal import butter, sosfilt, sosfilt_zi

from adiff_data.audio.compiled_librosa import librosa
from adiff_data.audio.decoding import count_frames, mixed_down, read_samples
from adiff_data.audio.facts import VERSION, Facts
from adiff_data.core.errors import InputError

RATE = 32_000  # everything is measured at this rate
LONGEST_SECONDS = 60.0  # of a longer clip the first minute is measured

_LOUDEST = 8.0  # float files may pass full scale; what is beyond this is broken
_FRAME, _HOP = 1024, 320
_SILENCE_DBFS = -60.0
_ACTIVE_RANGE_DB = 30.0
_PITCH_RATE, _PITCH_FRAME, _PITCH_HOP = 16_000, 1024, 512
_PERIOD_LOW_HZ, _PERIOD_HIGH_HZ = 60.0, 2000.0
_HIGH_PASS = butter(2, 20.0, btype="high", fs=RATE, output="sos")
_WINDOW = np.hanning(_PITCH_FRAME).astype(np.float32)
_VOICED = 0.6
_LEAST_FLUX_DB = 3.0  # mean rise over the bands from one frame to the next: steady noise has less
_LEAST_RISE_DB = 6.0  # or of the level within a tenth of a second
_LEAST_VOICED_SHARE = 0.25


def measure_file(path: Path) -> Facts:
    """Measures a recording of any format, rate and number of channels: its first minute, and how long it is.

    Raises:
        InputError: the file cannot be read as audio, holds no samples, or some that no recording has.
    """
    samples, rate = read_samples(path, seconds=LONGEST_SECONDS)
    if not len(samples):
        raise InputError("no samples", file=path)
    if not np.isfinite(samples).all():
        raise InputError("holds samples that are not numbers", file=path)
    if np.abs(samples).max() > _LOUDEST:
        raise InputError("holds samples far beyond full scale: it is not a recording as it was made", file=path)
    is_whole = len(samples) < round(LONGEST_SECONDS * rate)
    return measure(samples, rate, duration=None if is_whole else count_frames(path) / rate)


def content_key(path: Path) -> str:
    """The SHA-256 of the file and the version of the measurements: what facts are cached by.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError as fault:
        raise InputError(f"cannot be read as audio ({fault.strerror})", file=path) from None
    digest.update(f"facts {VERSION}".encode())
    return digest.hexdigest()


def measure(samples: np.ndarray, rate: int, *, duration: float | None = None) -> Facts:
    """Measures samples of shape (time,) or (time, channels), full scale ±1, at `rate` Hz.

    What cannot be heard does not count: a constant offset, and all that is below 20 Hz.

    Args:
        duration: of the recording that the samples are the beginning of, seconds; None where they are all of it.
    """
    bounded = np.clip(np.nan_to_num(samples, nan=0.0), -_LOUDEST, _LOUDEST)
    mono = (mixed_down(bounded) if samples.ndim == 2 else bounded).astype(np.float32)
    duration = len(mono) / rate if duration is None else duration
    mono = mono[: round(LONGEST_SECONDS * rate)]
    sound = _audible(mono if rate == RATE else soxr.resample(mono, rate, RATE))
    levels = _levels(sound)
    loud = _within_range(levels)
    power = np.abs(librosa.stft(np.pad(sound, (0, max(0, _FRAME - len(sound)))), n_fft=_FRAME, hop_length=_HOP)) ** 2
    measured: dict[str, Any] = {  # by name: the type of each is in Facts
        **_loudness(sound),
        **_peaks(sound),
        **_spectrum(power, loud),
        **_pitch(sound, loud),
        **_onsets(power, len(sound) / RATE),
    }
    return Facts(
        duration=round(duration, 3),
        active=round(float(loud.mean()) if len(loud) else 0.0, 3),
        longest_silence=round(_longest(levels < _SILENCE_DBFS) * 0.05, 2),
        unsteadiness=_rounded(float(levels[loud].std()) if loud.any() else None, 1),
        snr=_rounded(float(np.percentile(levels, 95) - np.percentile(levels, 5)) if loud.any() else None, 1),
        **measured,
    )


def _audible(sound: np.ndarray) -> np.ndarray:
    """Without what is below 20 Hz, by a Butterworth filter that is at rest at the first sample."""
    if not len(sound):
        return sound
    state = sosfilt_zi(_HIGH_PASS) * sound[:1].astype(np.float64).mean()
    filtered, _ = sosfilt(_HIGH_PASS, sound.astype(np.float64), zi=state)
    return filtered.astype(np.float32)


def _levels(sound: np.ndarray) -> np.ndarray:
    """The RMS level of each 50 ms, dBFS."""
    frame = RATE // 20
    padded = np.pad(sound, (0, -len(sound) % frame))
    power = (padded.reshape(-1, frame) ** 2).mean(axis=1)
    return 10 * np.log10(np.maximum(power, 1e-12))


def _within_range(levels: np.ndarray) -> np.ndarray:
    """The frames that are active: near the loudest, and no silence."""
    return (levels > levels.max() - _ACTIVE_RANGE_DB) & (levels > _SILENCE_DBFS)


def _longest(mask: np.ndarray) -> int:
    """The length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _loudness(sound: np.ndarray) -> dict[str, float | None]:
    meter = pyloudnorm.Meter(RATE)
    seconds = len(sound) / RATE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loudness = float(meter.integrated_loudness(sound)) if seconds >= 0.4 else -math.inf
        spread = float(meter.loudness_range(sound)) if seconds >= 3.5 and math.isfinite(loudness) else None
    return {"loudness": _rounded(loudness, 1), "loudness_range": _rounded(spread, 1)}


def _peaks(sound: np.ndarray) -> dict[str, float | None]:
    peak, rms = float(np.abs(sound).max()), float(np.sqrt((sound**2).mean()))
    if rms < 1e-6:
        return {"peak": None, "crest": None}
    return {
        "peak": round(20 * math.log10(peak), 1),
        "crest": round(20 * math.log10(peak / rms), 1),
    }


def _spectrum(power: np.ndarray, loud: np.ndarray) -> dict[str, float | None]:
    """The shape of the mean spectrum of the active frames; `power` has shape (bins, frames)."""
    if not loud.any():
        return dict.fromkeys(("centroid", "bandwidth", "rolloff", "flatness"))
    power = power[:, _frames_of(loud, power.shape[1], _HOP / RATE)].mean(axis=1)
    frequency = np.linspace(0, RATE / 2, len(power))
    share = power / power.sum()
    centroid = float((frequency * share).sum())
    above = power[1:] + 1e-12
    return {
        "centroid": round(centroid),
        "bandwidth": round(float(np.sqrt((((frequency - centroid) ** 2) * share).sum()))),
        "rolloff": round(float(frequency[np.searchsorted(np.cumsum(share), 0.85)])),
        "flatness": round(float(np.exp(np.log(above).mean()) / above.mean()), 4),
    }


def _frames_of(loud: np.ndarray, count: int, seconds: float) -> np.ndarray:
    """The 50 ms frames' mask for frames `seconds` apart."""
    indices = np.minimum((np.arange(count) * seconds / 0.05).astype(int), len(loud) - 1)
    return loud[indices]


def _pitch(sound: np.ndarray, loud: np.ndarray) -> dict[str, float | None]:
    """The fundamental by the autocorrelation of each frame (Boersma 1993, without his path finding)."""
    none: dict[str, float | None] = dict.fromkeys(("pitch", "pitch_low", "pitch_high"))
    slow = soxr.resample(sound, RATE, _PITCH_RATE)
    if len(slow) < _PITCH_FRAME or not loud.any():
        return none
    frames = np.lib.stride_tricks.sliding_window_view(slow, _PITCH_FRAME)[::_PITCH_HOP]
    frames = frames[_frames_of(loud, len(frames), _PITCH_HOP / _PITCH_RATE)]
    if not len(frames):
        return none
    spectra = _spectra(frames)
    fundamental = np.where(_is_high(spectra), _whistled(spectra), _fundamentals(spectra))
    voiced = fundamental[~np.isnan(fundamental)]
    if len(voiced) < _LEAST_VOICED_SHARE * len(frames):
        return none
    low, middle, high = np.percentile(voiced, [10, 50, 90])
    return {
        "pitch": round(float(middle), 1),
        "pitch_low": round(float(low), 1),
        "pitch_high": round(float(high), 1),
    }


def _spectra(frames: np.ndarray) -> np.ndarray:
    """The spectrum of each frame of shape (frames, samples), at twice its length."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    return np.fft.rfft(centred * _WINDOW, 2 * _PITCH_FRAME)


def _is_high(spectra: np.ndarray) -> np.ndarray:
    """Whether a frame has nearly nothing below the highest pitch of a period: a whistle, a bird, a cricket."""
    power = np.abs(spectra) ** 2
    edge = round(0.9 * _PERIOD_HIGH_HZ / _PITCH_RATE * 2 * _PITCH_FRAME)
    return power[:, :edge].sum(axis=1) < 0.1 * power.sum(axis=1)


def _whistled(spectra: np.ndarray) -> np.ndarray:
    """The frequency of the highest peak of each spectrum, Hz; NaN where it does not stand out."""
    power = np.abs(spectra) ** 2
    peak = power.argmax(axis=1)
    around = np.clip(peak[:, None] + np.arange(-4, 5), 0, power.shape[1] - 1)
    share = np.take_along_axis(power, around, axis=1).sum(axis=1) / np.maximum(power.sum(axis=1), 1e-12)
    return np.where(share >= _VOICED, peak * _PITCH_RATE / (2 * _PITCH_FRAME), np.nan)


def _fundamentals(spectra: np.ndarray) -> np.ndarray:
    """The frequency of the period of each spectrum's frame, Hz; NaN where it has none."""
    size = 2 * _PITCH_FRAME
    shortest, longest = int(_PITCH_RATE / _PERIOD_HIGH_HZ), int(_PITCH_RATE / _PERIOD_LOW_HZ)
    autocorrelation = np.fft.irfft(np.abs(spectra) ** 2, size)[:, : longest + 2]
    of_window = np.fft.irfft(np.abs(np.fft.rfft(_WINDOW, size)) ** 2, size)[: longest + 2]
    normalized = autocorrelation / np.maximum(autocorrelation[:, :1], 1e-12) * (of_window[0] / of_window)
    peaks = np.zeros_like(normalized, dtype=bool)
    peaks[:, 1:-1] = (normalized[:, 1:-1] > normalized[:, :-2]) & (normalized[:, 1:-1] >= normalized[:, 2:])
    peaks[:, : max(shortest, 1)] = False
    heights = np.where(peaks, normalized, -1.0)
    best = heights.max(axis=1)
    # The shortest lag nearly as high as the highest peak: longer ones are multiples of the period.
    lag = np.argmax(heights >= (0.9 * best)[:, None], axis=1)
    rows = np.arange(len(normalized))
    before, at, after = (
        normalized[rows, lag - 1],
        normalized[rows, lag],
        normalized[rows, np.minimum(lag + 1, longest + 1)],
    )
    bend = before - 2 * at + after
    shift = np.where(np.abs(bend) > 1e-9, 0.5 * (before - after) / np.where(bend == 0, 1, bend), 0.0)
    return np.where(best >= _VOICED, _PITCH_RATE / np.maximum(lag + np.clip(shift, -0.5, 0.5), 1), np.nan)


def _onsets(power: np.ndarray, seconds: float) -> dict[str, float | None]:
    """Onsets by spectral flux over 40 mel bands (librosa's, after Böck and Widmer 2013)."""
    mel = librosa.feature.melspectrogram(S=power, sr=RATE, n_mels=40)
    strength = librosa.onset.onset_strength(S=librosa.power_to_db(mel, top_db=60), sr=RATE, hop_length=_HOP)
    if seconds < 0.2 or power.max() < 1e-6:
        return {"onsets": 0.0, "regularity": None}
    candidates = librosa.onset.onset_detect(onset_envelope=strength, sr=RATE, hop_length=_HOP, delta=0.12, wait=4)
    plain = (strength[candidates] >= _LEAST_FLUX_DB) | (_rises(power, candidates) >= _LEAST_RISE_DB)
    times = candidates[plain] * _HOP / RATE
    gaps = np.diff(times)
    regularity = max(0.0, 1.0 - float(gaps.std() / gaps.mean())) if len(gaps) >= 3 else None
    return {"onsets": round(len(times) / seconds, 2), "regularity": _rounded(regularity, 2)}


def _rises(power: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """How far the level, over 30 ms, rises around each of some frames, dB."""
    level = 10 * np.log10(np.convolve(power.sum(axis=0), np.ones(3) / 3, mode="same") + 1e-9)
    around = [(level[frame : frame + 10], level[max(frame - 6, 0) : frame + 1]) for frame in frames]
    return np.array([after.max() - before.min() for after, before in around])


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, digits)
