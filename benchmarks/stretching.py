"""Which library changes pitch and tempo: how long each takes, and what it does to a tone and to clicks.

    python benchmarks/stretching.py [--runs 5]

A library that is not installed is left out; `pip install pedalboard` brings Rubber Band (GPL) to the comparison.
Printed of each: the seconds that it takes to transpose ten seconds at 44.1 kHz, by how many cents a tone of 440 Hz that
is raised by four semitones misses its pitch, and, where equal knocks are played at two thirds of their tempo, how long
they last (90 % of their energy, 2.7 ms before) and how unlike they become (the softest below the loudest, in dB).
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable

import numpy as np

from adiff_data.edits import sound

RATE = 44_100
SECONDS = 10
SEMITONES, TEMPO = 4.0, 1 / 1.5
KNOCKS_A_SECOND = 2

Stretch = Callable[[np.ndarray, float, float], np.ndarray]  # of samples, semitones and tempo


def with_python_stretch(samples: np.ndarray, semitones: float, tempo: float) -> np.ndarray:
    """As `adiff edit` does it."""
    return sound.stretched(samples, RATE, semitones=semitones, tempo=tempo)


def with_librosa(samples: np.ndarray, semitones: float, tempo: float) -> np.ndarray:
    """By a phase vocoder."""
    import librosa  # noqa: PLC0415

    stretched = librosa.effects.time_stretch(samples, rate=tempo) if tempo != 1 else samples
    return np.asarray(librosa.effects.pitch_shift(stretched, sr=RATE, n_steps=semitones)) if semitones else stretched


def with_pedalboard(samples: np.ndarray, semitones: float, tempo: float) -> np.ndarray:
    """By Rubber Band."""
    import pedalboard  # noqa: PLC0415 # pyright: ignore

    stretched = pedalboard.time_stretch(
        samples.astype(np.float32)[np.newaxis], RATE, stretch_factor=tempo, pitch_shift_in_semitones=semitones
    )
    return np.asarray(stretched[0], dtype=np.float64)


LIBRARIES: dict[str, Stretch] = {
    "python-stretch": with_python_stretch,
    "librosa": with_librosa,
    "pedalboard": with_pedalboard,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    for name, stretch in LIBRARIES.items():
        try:
            stretch(tone()[:RATE], SEMITONES, 1.0)
        except ImportError:
            print(f"{name}: not installed")
            continue
        seconds = statistics.median(seconds_of(stretch) for _ in range(arguments.runs))
        lasts, unlike = knocks_after(stretch)
        print(
            f"{name}: {seconds:.2f} s, pitch off by {cents_off(stretch):.1f} cents, knocks of {lasts:.1f} ms, "
            f"the softest {unlike:.1f} dB below the loudest"
        )


def tone() -> np.ndarray:
    """Ten seconds of 440 Hz."""
    return 0.3 * np.sin(2 * math.pi * 440 * np.arange(SECONDS * RATE) / RATE)


def knocks() -> np.ndarray:
    """Ten seconds with two equal knocks a second."""
    samples = np.zeros(SECONDS * RATE)
    length = RATE // 100
    knock = np.random.RandomState(0).standard_normal(length) * np.exp(-np.arange(length) / (RATE / 500))
    for begin in range(RATE // 4, len(samples), RATE // KNOCKS_A_SECOND):
        samples[begin : begin + length] = 0.2 * knock
    return samples


def seconds_of(stretch: Stretch) -> float:
    """What it takes to transpose ten seconds of noise."""
    samples = np.random.RandomState(0).standard_normal(SECONDS * RATE) * 0.1
    began = time.perf_counter()
    stretch(samples, SEMITONES, 1.0)
    return time.perf_counter() - began


def cents_off(stretch: Stretch) -> float:
    """How far the loudest frequency is from where it should be."""
    raised = stretch(tone(), SEMITONES, 1.0)[RATE : 9 * RATE]
    spectrum = np.abs(np.fft.rfft(raised * np.hanning(len(raised))))
    peak = int(np.argmax(spectrum)) * RATE / len(raised)
    return abs(1200 * math.log2(peak / (440 * 2 ** (SEMITONES / 12))))


def knocks_after(stretch: Stretch) -> tuple[float, float]:
    """The median over the knocks of how long 90 % of the energy around one lasts, and by how many dB they differ."""
    energy = stretch(knocks(), 0.0, TEMPO) ** 2
    distance = round(RATE / KNOCKS_A_SECOND / TEMPO)
    lengths, energies = [], []
    for begin in range(0, len(energy) - distance, distance):
        around = np.cumsum(energy[begin : begin + distance])
        inside = np.searchsorted(around, (0.05 * around[-1], 0.95 * around[-1]))
        lengths.append(1000 * float(inside[1] - inside[0]) / RATE)
        energies.append(float(around[-1]))
    return statistics.median(lengths), 10 * math.log10(max(energies) / min(energies))


if __name__ == "__main__":
    main()
