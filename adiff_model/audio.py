"""The audio front end: any file as windows of the encoder's sampling rate and length."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import soxr

from adiff_data.audio.decoding import AudioInfo, mixed_down, read_blocks, read_info
from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError

Window = Literal["start", "middle", "loudest", "all"]
Resampler = Literal["soxr", "torchaudio"]
WINDOWS: tuple[Window, ...] = ("start", "middle", "loudest", "all")


def read_audio(
    path: Path, sampling_rate: int, resampler: Resampler = "soxr", *, seconds: float | None = None
) -> np.ndarray:
    """A file's samples at `sampling_rate` (Hz): float32, its channels averaged as `mixed_down` does.

    Args:
        seconds: read no more than this of its beginning; None reads all.

    Raises:
        InputError: there is no such file, it is not audio, it holds no samples, or one that is not a number.
    """
    wanted = None if seconds is None else round(seconds * sampling_rate)
    return _beginning(_resampled_blocks(path, sampling_rate, resampler), wanted)


def read_windows(
    path: Path, sampling_rate: int, length: int, window: Window = "start", resampler: Resampler = "soxr"
) -> np.ndarray:
    """The windows that `extract_windows` takes of a file, of which no more is read, or kept, than they need.

    Raises:
        InputError: as `read_audio`.
    """
    if window == "middle" and (middle := _middle(path, sampling_rate, length, resampler)) is not None:
        return middle[None]
    blocks = _resampled_blocks(path, sampling_rate, resampler)
    if window == "loudest":
        return _loudest_of(blocks, length)
    return extract_windows(_beginning(blocks, length if window == "start" else None), length, window)


def iterate_windows(
    path: Path, sampling_rate: int, length: int, count: int, resampler: Resampler = "soxr"
) -> Iterator[np.ndarray]:
    """Yields the windows of `all`, at most `count` at once, (count, length), of which no more is kept than that.

    Raises:
        InputError: as `read_audio`.
    """
    last, unused = np.zeros(0, np.float32), np.zeros(0, np.float32)  # the last window so far, and what comes after it
    for block in _resampled_blocks(path, sampling_rate, resampler):
        unused = np.concatenate([unused, block])
        while len(unused) > count * length:
            windows, unused = unused[: count * length].reshape(count, length), unused[count * length :]
            last = windows[-1]
            yield windows
    if not len(last):
        yield extract_windows(unused, length, "all")
        return
    whole = len(unused) // length
    windows = unused[: whole * length].reshape(whole, length)
    if len(unused) % length:
        windows = np.concatenate([windows, np.concatenate([last, unused])[-length:][None]])
    yield windows


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


def _beginning(blocks: Iterator[np.ndarray], length: int | None) -> np.ndarray:
    kept, count = [], 0
    for block in blocks:
        kept.append(block)
        count += len(block)
        if length is not None and count >= length:
            break
    return np.concatenate(kept)[:length]


def _middle(path: Path, sampling_rate: int, length: int, resampler: Resampler) -> np.ndarray | None:
    """The middle window of a long file, read from a second before it on; None where the file's length is not known."""
    info = _info(path)
    if info.frames is None or resampler != "soxr":
        return None
    last = int(info.frames * sampling_rate / info.rate) - length
    step = info.rate // math.gcd(info.rate, sampling_rate)  # samples after which both rates have one at the same time
    before = (last // 2) * info.rate // sampling_rate - info.rate
    if last <= 0 or before < step:
        return None
    start = before // step * step
    skipped = last // 2 - start * sampling_rate // info.rate
    samples = _beginning(_resampled_blocks(path, sampling_rate, resampler, start=start), skipped + length)
    return samples[skipped:]


def _loudest_of(blocks: Iterator[np.ndarray], length: int) -> np.ndarray:
    """The first of the windows with most energy, (1, length), of which each block is searched beside the one before."""
    best, most, chunk = None, -1.0, np.zeros(0, np.float32)
    for block in blocks:
        chunk = np.concatenate([chunk[-(length - 1) :] if length > 1 else chunk[:0], block])
        if len(chunk) < length:
            continue
        energy = np.concatenate(([0.0], np.cumsum(np.square(chunk, dtype=np.float64))))
        sums = energy[length:] - energy[:-length]
        start = int(np.argmax(sums))
        if sums[start] > most:
            best, most = chunk[start : start + length].copy(), float(sums[start])
    return extract_windows(chunk, length) if best is None else best[None]


def _resampled_blocks(path: Path, sampling_rate: int, resampler: Resampler, *, start: int = 0) -> Iterator[np.ndarray]:
    """Yields a file's samples at `sampling_rate`, float32, its channels averaged; from its sample `start` on.

    The blocks together are to the bit what one call of soxr makes of the whole file.
    """
    rate = _info(path).rate
    stream = soxr.ResampleStream(rate, sampling_rate, 1, dtype="float32") if rate != sampling_rate else None
    blocks = _mono_blocks(path, start)
    if stream is None:
        yield from blocks
    elif resampler != "soxr":
        yield _resample(np.concatenate(list(blocks)), rate, sampling_rate)
    else:
        first, resampled = np.zeros(0, np.float32), 0
        for block in blocks:
            first = first if len(first) else block[:1]
            samples = stream.resample_chunk(block)
            resampled += len(samples)
            yield samples
        rest = stream.resample_chunk(np.zeros(0, np.float32), last=True)
        yield rest if len(rest) or resampled else first  # of a single sample, soxr may make none


def _mono_blocks(path: Path, start: int) -> Iterator[np.ndarray]:
    holds_samples = False
    for block in read_blocks(path, start=start):
        mono = np.ascontiguousarray(mixed_down(block))
        if not np.isfinite(mono).all():
            raise InputError("holds samples that are not numbers", file=path)
        holds_samples = True
        yield mono
    if not holds_samples:
        raise InputError("holds no sample", file=path)


def _info(path: Path) -> AudioInfo:
    if not path.is_file():
        raise InputError("no such file", file=path)
    return read_info(path)


def _resample(samples: np.ndarray, rate: int, sampling_rate: int) -> np.ndarray:
    """By torchaudio."""
    try:
        import torch  # noqa: PLC0415
        from torchaudio.functional import resample  # noqa: PLC0415
    except (ImportError, OSError):
        mend = f"{install_hint('torchaudio')} installs versions that import together; or use soxr"
        raise InputError("torchaudio cannot be imported", mend=mend) from None
    return resample(torch.from_numpy(samples), rate, sampling_rate).numpy()
