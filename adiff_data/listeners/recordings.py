"""The recordings that people listen to, by row and side: nothing else in their folder can be asked for."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import pyloudnorm
import soxr

from adiff_data.audio.decoding import mixed_down, read_samples
from adiff_data.audio.files import AudioFolder
from adiff_data.audio.spectrogram import spectrogram_jpeg
from adiff_data.core.errors import InputError

_PICTURE_RATE = 16_000  # Hz
MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
}


class HeardRow(Protocol):
    """Two recordings by their published paths, and what they are known by."""

    @property
    def id(self) -> str:
        """Of the row in the dataset."""

    @property
    def filepath1(self) -> str:
        """Of audio 1."""

    @property
    def filepath2(self) -> str:
        """Of audio 2."""


class Recordings:
    """Where the two recordings of each row are.

    Raises:
        InputError: there is no such folder, or no row has both recordings.
    """

    def __init__(self, rows: Sequence[HeardRow], audio_root: Path) -> None:
        paths = {path for row in rows for path in (row.filepath1, row.filepath2)}
        self._files, self.missing = AudioFolder(audio_root).find_all(paths)
        self._paths = {row.id: (row.filepath1, row.filepath2) for row in rows}
        if not any(self.has_both(row.id) for row in rows):
            raise InputError("no row has both its recordings here", file=audio_root)

    def has_both(self, row: str) -> bool:
        """Whether both recordings of a row are there."""
        return all(path in self._files for path in self._paths[row])

    def file(self, row: str, side: int) -> Path:
        """The recording of audio 1 or 2."""
        return self._files[self._paths[row][side - 1]]

    def picture(self, row: str, side: int) -> bytes:
        """Its spectrogram, a JPEG; empty where it cannot be decoded."""
        return picture_of(self.file(row, side))

    def gains(self, row: str) -> Mapping[int, float]:
        """By side, the factor that makes both as loud as the quieter one (ITU-R BS.1770); 1 where one is silent."""
        levels = [_loudness(self.file(row, side)) for side in (1, 2)]
        if not all(map(math.isfinite, levels)):
            return {1: 1.0, 2: 1.0}
        return {side: 10 ** ((min(levels) - level) / 20) for side, level in enumerate(levels, start=1)}


@lru_cache(maxsize=256)
def picture_of(path: Path) -> bytes:
    """The spectrogram of a recording, a JPEG; empty where it cannot be decoded."""
    try:
        samples, rate = read_samples(path)
    except InputError:
        return b""
    return spectrogram_jpeg(soxr.resample(mixed_down(samples), rate, _PICTURE_RATE), _PICTURE_RATE)


@lru_cache(maxsize=1024)
def _loudness(path: Path) -> float:
    """Loudness in LUFS; -inf where there is none to measure."""
    try:
        samples, rate = read_samples(path)
    except InputError:
        return -math.inf
    mono = mixed_down(samples)
    return float(pyloudnorm.Meter(rate).integrated_loudness(mono)) if len(mono) >= 0.4 * rate else -math.inf
