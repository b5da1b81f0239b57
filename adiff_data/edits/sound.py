"""Changing a recording: each function takes and returns mono samples of full scale ±1, and changes one thing.

Pitch and tempo are changed by Signalsmith Stretch (`python-stretch`), the room of a distance is simulated by image
sources (`pyroomacoustics`); `benchmarks/stretching.py` compares what could have been taken in place of the first.
"""

import io
import math
from functools import lru_cache

import numpy as np
import soundfile
from scipy.fft import next_fast_len
from scipy.signal import fftconvolve, welch

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError

Samples = np.ndarray  # float64 of shape (time,)

_LEAST_LEVEL_DBFS = -55.0
_EDGE_SECONDS = 0.01
_LOWEST_HZ, _HIGHEST_HZ = 50.0, 16_000.0  # between which a spectrum is tilted, and its centroid taken
_STEEPEST_DB = 18.0  # an octave
_PADDING = 4096  # samples of silence, so that the end of a filtered clip does not come back at its start
_ROOM_METRES = (22.0, 10.0, 4.0)
_ABSORPTION = 0.35
_REFLECTIONS = 8
_MICROPHONE = (2.0, 4.7, 1.6)
NEAR_METRES = 1.0


def level(samples: Samples) -> float:
    """The RMS level, dBFS; -inf of silence."""
    power = float((samples**2).mean()) if len(samples) else 0.0
    return 10 * math.log10(power) if power > 0 else -math.inf


def is_heard(samples: Samples) -> bool:
    """Whether a clip is more than silence."""
    return level(samples) >= _LEAST_LEVEL_DBFS


def amplified(samples: Samples, gain_db: float) -> Samples:
    """As much louder."""
    return samples * 10 ** (gain_db / 20)


def with_level_of(samples: Samples, reference: Samples) -> Samples:
    """At the RMS level of another clip."""
    return amplified(samples, level(reference) - level(samples))


def with_soft_edges(samples: Samples, rate: int) -> Samples:
    """Faded in and out within 10 ms, so that neither end clicks."""
    count = min(round(_EDGE_SECONDS * rate), len(samples) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, count, endpoint=False)) ** 2
    faded = samples.copy()
    faded[:count] *= ramp
    faded[len(faded) - count :] *= ramp[::-1]
    return faded


def stretched(samples: Samples, rate: int, *, semitones: float = 0.0, tempo: float = 1.0) -> Samples:
    """Transposed, and played `tempo` times as fast; level as before.

    Raises:
        InputError: `python-stretch` is not installed.
    """
    try:
        import python_stretch  # noqa: PLC0415 - an extra
    except ImportError:
        raise InputError("python-stretch is not installed", mend=install_hint("edits")) from None
    stretch = python_stretch.Signalsmith.Stretch(0)
    stretch.preset(1, rate)
    stretch.setTransposeSemitones(semitones)
    stretch.timeFactor = tempo
    changed = np.asarray(stretch.process(samples[np.newaxis].astype(np.float32)), dtype=np.float64)
    return with_level_of(changed[0], samples)


def centroid(samples: Samples, rate: int) -> float:
    """The centre of the power spectrum below 16 kHz, hertz."""
    frequency, power = _spectrum(samples, rate)
    return float((frequency * power).sum() / power.sum())


def brightened(samples: Samples, rate: int, factor: float) -> Samples | None:
    """With its spectrum tilted so that the centroid is `factor` times as high; level as before.

    Returns:
        None where the clip has too little treble or bass for that.
    """
    frequency, power = _spectrum(samples, rate)
    octaves = _octaves(frequency)
    wanted = factor * float((frequency * power).sum() / power.sum())

    def centroid_of(slope: float) -> float:
        tilted = power * 10 ** (slope * octaves / 10)
        return float((frequency * tilted).sum() / tilted.sum())

    low, high = -_STEEPEST_DB, _STEEPEST_DB
    if not centroid_of(low) < wanted < centroid_of(high):
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if centroid_of(middle) < wanted else (low, middle)
    length = next_fast_len(len(samples) + _PADDING, real=True)
    padded = np.concatenate([samples, np.zeros(length - len(samples))])
    spectrum = np.fft.rfft(padded)
    gain = 10 ** (low * _octaves(np.fft.rfftfreq(len(padded), 1 / rate)) / 20)
    return with_level_of(np.fft.irfft(spectrum * gain, len(padded))[: len(samples)], samples)


def heard_from(samples: Samples, rate: int, metres: float) -> Samples:
    """As a microphone hears it that stands so far from it in a large room, at the level that it has there."""
    return fftconvolve(samples, _impulse_response(rate, round(metres, 2)))[: len(samples)]


def noise_like(samples: Samples, random: np.random.RandomState) -> Samples:
    """Pink noise of the length and level of a clip."""
    length = next_fast_len(len(samples), real=True)
    spectrum = np.fft.rfft(random.standard_normal(length))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 20.0))
    return with_level_of(np.fft.irfft(spectrum, length)[: len(samples)], samples)


def laid_over(samples: Samples, event: Samples, onset: int) -> Samples:
    """With an event added from a sample on; the others are as they were."""
    mixed = samples.copy()
    mixed[onset : onset + len(event)] += event[: max(len(mixed) - onset, 0)]
    return mixed


def loudest_stretch(samples: Samples, rate: int, seconds: float) -> Samples:
    """The stretch of a recording that has most energy, with soft edges."""
    length = min(round(seconds * rate), len(samples))
    energy = np.concatenate([[0.0], np.cumsum(samples**2)])
    start = int(np.argmax(energy[length:] - energy[: len(energy) - length]))
    return with_soft_edges(samples[start : start + length], rate)


def reencoded(samples: Samples, rate: int, compression: float) -> Samples:
    """Written as Ogg Vorbis and read back: other samples of the same sound.

    Args:
        compression: from 0 (the best quality) to 1.
    """
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="OGG", subtype="VORBIS", compression_level=compression)
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float64")
    return np.resize(decoded[: len(samples)], len(samples)) if len(decoded) < len(samples) else decoded[: len(samples)]


def _spectrum(samples: Samples, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean power spectrum."""
    frequency, power = welch(samples, rate, nperseg=min(_PADDING, len(samples)))
    heard = frequency <= _HIGHEST_HZ
    return frequency[heard], power[heard] + 1e-20


def _octaves(frequency: np.ndarray) -> np.ndarray:
    """The distance of each frequency from 1 kHz, in octaves."""
    return np.log2(np.clip(frequency, _LOWEST_HZ, _HIGHEST_HZ) / 1000.0)


@lru_cache(maxsize=64)
def _impulse_response(rate: int, metres: float) -> np.ndarray:
    """What reaches the microphone of one click, from the moment on when the direct sound does."""
    try:
        import pyroomacoustics  # noqa: PLC0415 - an extra, and it takes a second
    except ImportError:
        raise InputError("pyroomacoustics is not installed", mend=install_hint("edits")) from None
    room = pyroomacoustics.ShoeBox(
        _ROOM_METRES,
        fs=rate,
        materials=pyroomacoustics.Material(_ABSORPTION),
        max_order=_REFLECTIONS,
        air_absorption=True,
    )
    x, y, z = _MICROPHONE
    room.add_source((x + metres, y, z))
    room.add_microphone(_MICROPHONE)
    room.compute_rir()
    response = np.asarray(room.rir[0][0])
    direct = int(metres / room.c * rate)
    return response[direct:]
