"""Reading audio files: in blocks, and no header believed before what it says was found.

The header of a FLAC file that was written to a pipe states no length; that of a file that was cut states too much.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from adiff_data.core.errors import InputError

Source = Path | io.BytesIO

_BLOCK = 1 << 18  # frames
_MOST_FRAMES = 1 << 40  # of a length that can be true
_FAULTS = (soundfile.SoundFileError, OSError, ValueError, TypeError, MemoryError)


@dataclass(frozen=True)
class AudioInfo:
    """What a file says of itself, as far as it is true.

    Attributes:
        rate: samples a second.
        channels: how many.
        frames: its length in samples of each channel; None where that is known only once all of it is read.
        stated_frames: the length in its header, true or not; None where there is none.
    """

    rate: int
    channels: int
    frames: int | None
    stated_frames: int | None


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
        stated = file.frames if 0 < file.frames < _MOST_FRAMES else None
        return AudioInfo(file.samplerate, file.channels, stated if stated and _reaches(file, stated) else None, stated)


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


def mixed_down(samples: np.ndarray) -> np.ndarray:
    """One channel of several, (time, channels) to (time,): their mean, or the loudest where they cancel each other.

    They do where the mean has less than a tenth of the power that it would have of unrelated channels.
    """
    mean = samples.mean(axis=1)
    powers = np.square(samples, dtype=np.float64).mean(axis=0) if len(samples) else np.zeros(samples.shape[1])
    unrelated = powers.sum() / samples.shape[1] ** 2
    cancelled = np.square(mean, dtype=np.float64).mean() < 0.1 * unrelated if len(samples) else False
    return samples[:, int(powers.argmax())] if cancelled else mean


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
