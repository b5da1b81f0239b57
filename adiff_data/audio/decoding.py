"""Reading audio files: in blocks, and no header believed before what it says was found.

The header of a FLAC file that was written to a pipe states no length; that of a file that was cut states too much.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from adiff_data.core.errors import InputError

Source = Path | io.BytesIO

_MIXED_BLOCK = 2048
_BLOCK = 1 << 18  # frames
_MOST_FRAMES = 1 << 40  # of a length that can be true
_SHORTER = re.compile(r": (\d+) \(should be (\d+)\)")  # in libsndfile's log of a header
_NO_LAST_PAGE = "Last page lacks an end-of-stream bit"
_SLACK = 4096  # bytes
_STREAM = 0x7FFFF000  # sizes from here on are written where the size is not known
_FAULTS = (soundfile.SoundFileError, OSError, ValueError, TypeError, MemoryError)


@dataclass(frozen=True)
class AudioInfo:
    """What a file says of itself, as far as it is true.

    Attributes:
        rate: samples a second.
        channels: how many.
        frames: its length in samples of each channel; None where that is known only once all of it is read.
        stated_frames: the length in its header, true or not; None where there is none.
        lacks_end: it is an Ogg stream without the page that ends it.
    """

    rate: int
    channels: int
    frames: int | None
    stated_frames: int | None
    lacks_end: bool = False

    @property
    def seems_whole(self) -> bool:
        """Whether it goes on to where its header says."""
        return self.frames is not None and self.frames == self.stated_frames and not self.lacks_end


class _Stream(soundfile.SoundFile):  # type: ignore[misc] # soundfile has no types
    """A file that is read from front to end: soundfile seeks after each block, which fails without a known length."""

    def seekable(self) -> bool:
        """Never."""
        return False


def read_info(path: Path) -> AudioInfo:
    """Looks at a file's header, and whether its last sample is where the header says.

    Raises:
        InputError: there is no such file, or it is no audio.
    """
    with _one_line(path), soundfile.SoundFile(path) as file:
        frames = file.frames if 0 < file.frames < _MOST_FRAMES else None
        return AudioInfo(
            rate=file.samplerate,
            channels=file.channels,
            frames=frames if frames and _reaches(file, frames) else None,
            stated_frames=frames and round(frames * _stated_share(file.extra_info)),
            lacks_end=_NO_LAST_PAGE in file.extra_info,
        )


def read_blocks(
    source: Source, *, start: int = 0, dtype: str = "float32", name: str | Path | None = None
) -> Iterator[np.ndarray]:
    """Yields the samples of a file in blocks of shape (time, channels), to its end, wherever that is.

    Args:
        source: a path, or a file's content.
        start: the sample to begin with. Needs a file whose length is known.
        dtype: of the samples: `float32` or `float64`, full scale ±1.
        name: what errors call the file; by default its path.

    Raises:
        InputError: there is no such file, or it is no audio.
    """
    called = name or (source if isinstance(source, Path) else "an embedded clip")
    with _one_line(called), (soundfile.SoundFile if start else _Stream)(source) as file:
        if start:
            file.seek(start)
        while len(block := file.read(_BLOCK, dtype=dtype, always_2d=True)):
            yield block


def read_samples(
    source: Source, dtype: str = "float32", *, seconds: float | None = None, name: str | Path | None = None
) -> tuple[np.ndarray, int]:
    """The samples of a file, (time, channels), and their rate, Hz.

    Args:
        source: a path, or a file's content.
        dtype: as in `read_blocks`.
        seconds: read no more than this from its beginning; None reads all.
        name: what errors call the file; by default its path.

    Raises:
        InputError: there is no such file, or it is no audio.
    """
    called = name or (source if isinstance(source, Path) else "an embedded clip")
    with _one_line(called), _Stream(source) as file:
        rate, channels = file.samplerate, file.channels
        most = None if seconds is None else round(seconds * rate)
        blocks, count = [np.zeros((0, channels), dtype)], 0
        while most is None or count < most:
            block = file.read(_BLOCK if most is None else min(_BLOCK, most - count), dtype=dtype, always_2d=True)
            if not len(block):
                break
            blocks.append(block)
            count += len(block)
    return np.concatenate(blocks), rate


def read_stretch(path: Path, start: int, frames: int, *, dtype: str = "float32") -> np.ndarray:
    """A stretch of a file, (time, channels): `frames` samples from the sample `start` on, or what there is of them.

    It is sought where the file's length is known; otherwise all before it is read, and let go.

    Raises:
        InputError: there is no such file, or it is no audio.
    """
    info = read_info(path)
    parts = [np.zeros((0, info.channels), dtype)]
    if info.frames is not None and start >= info.frames:
        return parts[0]
    unread = start if info.frames is None else 0
    for block in read_blocks(path, start=start - unread, dtype=dtype):
        parts.append(block[unread:][:frames])
        unread -= min(unread, len(block))
        frames -= len(parts[-1])
        if not frames:
            break
    return np.concatenate(parts)


def count_frames(path: Path) -> int:
    """The length of a file in samples of each channel, from its header where that is true, else by reading all of it.

    Raises:
        InputError: there is no such file, or it is no audio.
    """
    info = read_info(path)
    return sum(map(len, read_blocks(path))) if info.frames is None else info.frames


def require_whole(path: Path) -> None:
    """Decodes all of a file.

    Raises:
        InputError: it is no audio, holds no sample, or ends before its header says.
    """
    info = read_info(path)
    frames = sum(map(len, read_blocks(path)))
    if frames == 0:
        raise InputError("holds no sample", file=path)
    if info.stated_frames is not None and frames < info.stated_frames:
        seconds, stated = frames / info.rate, info.stated_frames / info.rate
        raise InputError(f"is cut: it holds {seconds:.1f} of {stated:.1f} seconds", file=path)
    if info.lacks_end:
        raise InputError("is cut: the page that ends it is missing", file=path)


def mixed_down(samples: np.ndarray) -> np.ndarray:
    """One channel of several, (time, channels) to (time,): their mean, or one of them where they cancel each other.

    They do in a block of 2,048 samples in which the mean has less than a tenth of the power that it would have of
    unrelated channels, both without the block's constant offset. There the channel is heard that is the loudest of all
    such blocks, faded in and out.
    """
    mean = samples.mean(axis=1)
    starts = np.arange(0, len(samples), _MIXED_BLOCK)
    if not len(starts):
        return mean
    powers = _powers(samples, starts)
    unrelated = powers.sum(axis=1) / samples.shape[1] ** 2
    cancelled = _powers(mean[:, None], starts)[:, 0] < 0.1 * unrelated
    if not cancelled.any():
        return mean
    channel = samples[:, int(powers[cancelled].sum(axis=0).argmax())]
    if cancelled.all():
        return channel
    share = np.interp(np.arange(len(samples)), starts + _MIXED_BLOCK / 2, cancelled.astype(np.float64))
    return (channel * share + mean * (1 - share)).astype(samples.dtype)


def _powers(samples: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The power of each block of each channel, (blocks, channels), without its constant offset, which nobody hears."""
    lengths = np.diff(starts, append=len(samples))[:, None]
    offsets = np.add.reduceat(samples, starts, dtype=np.float64) / lengths
    powers = np.add.reduceat(np.square(samples, dtype=np.float64), starts)
    return np.maximum(powers - lengths * offsets**2, 0.0)


def _stated_share(log: str) -> float:
    """How much longer a file should be than it is, by its header: libsndfile itself goes by the size of the file.

    A size of a few bytes more is that of a program that counted the header too, and one of all ones that of a stream.
    """
    sizes = ((int(stated), int(actual)) for stated, actual in _SHORTER.findall(log))
    return max(
        (stated / actual for stated, actual in sizes if actual and actual + _SLACK < stated < _STREAM), default=1
    )


def _reaches(file: soundfile.SoundFile, frames: int) -> bool:
    try:
        file.seek(frames - 1)
        return len(file.read(1, always_2d=True)) == 1
    except _FAULTS:
        return False


@contextmanager
def _one_line(name: str | Path) -> Iterator[None]:
    try:
        yield
    except _FAULTS as fault:
        reason = getattr(fault, "error_string", None) or getattr(fault, "strerror", None) or str(fault)
        raise InputError(f"cannot be read as audio ({str(reason).rstrip('.')})", file=name) from None
