"""Reading the part of a recording that an edited pair is made from."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soxr

from adiff_data.audio.decoding import count_frames, mixed_down, read_info, read_stretch
from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.edits import sound
from adiff_data.edits.sound import Samples

LONGEST_SECONDS, SHORTEST_SECONDS = 10.0, 2.0
_HIGHEST_RATE = 48_000


@dataclass(frozen=True)
class Excerpt:
    """Mono samples of a recording, their rate, and where in the recording they begin, seconds."""

    samples: Samples
    rate: int
    start: float


def read_excerpt(path: Path, stream: Seeded) -> Excerpt:
    """At most ten seconds of a recording, from where the seed says.

    Raises:
        InputError: the recording cannot be read, is shorter than two seconds, or silent there.
    """
    seconds = count_frames(path) / read_info(path).rate
    if seconds < SHORTEST_SECONDS:
        raise InputError(f"shorter than {SHORTEST_SECONDS:g} seconds", file=path)
    start = round(stream.between(0.0, seconds - LONGEST_SECONDS), 3) if seconds > LONGEST_SECONDS else 0.0
    samples, rate = _read(path, start)
    _require_sound(samples, path)
    return Excerpt(samples, rate, start)


@lru_cache(maxsize=128)
def read_event(path: Path, rate: int, seconds: float) -> Samples:
    """The stretch with most energy of a recording's first ten seconds, at another rate, with soft edges.

    Raises:
        InputError: the recording cannot be read, or is silent.
    """
    samples, its_rate = _read(path, 0.0)
    resampled = samples if its_rate == rate else soxr.resample(samples, its_rate, rate)
    event = sound.loudest_stretch(resampled, rate, seconds)
    _require_sound(event, path)
    return event


def _read(path: Path, start: float) -> tuple[Samples, int]:
    """Ten seconds from `start` on, mixed down, at 48 kHz at most."""
    rate = read_info(path).rate
    stretch = read_stretch(path, round(start * rate), round(LONGEST_SECONDS * rate), dtype="float64")
    samples = mixed_down(stretch)
    if rate > _HIGHEST_RATE:
        return soxr.resample(samples, rate, _HIGHEST_RATE), _HIGHEST_RATE
    return samples, rate


def _require_sound(samples: Samples, path: Path) -> None:
    if not np.isfinite(samples).all():
        raise InputError("holds samples that are no numbers", file=path)
    if not sound.is_heard(samples):
        raise InputError("silent", file=path)
