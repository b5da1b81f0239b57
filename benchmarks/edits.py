"""Edited pairs of real recordings: how fast they are made, whether the measurements find each edit, and shortcuts.

    python benchmarks/edits.py --esc10 ../shared/data/esc10 [--pairs 2000] [--measured 400]
    python benchmarks/edits.py --demo

Makes the pairs in a temporary folder, measures both audios of some of them and compares with the truth, asks a
classifier that has only lengths, levels and spectra which side was edited, and checks the explanations. Tempo is
measured by laying the course of one audio's bands over that of the other, since the facts' rate of onsets is coarse.
"""

import argparse
import csv
import math
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import stft

from adiff_data.audio.acoustics import measure_file
from adiff_data.audio.facts import Facts
from adiff_data.checks.checking import check
from adiff_data.claims.edit_truth import EditTruth, read_truth
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.edits.shortcuts import find_shortcuts
from adiff_data.records import Clip, Pair
from adiff_data.sources import read_clips

# What is measured of a quality, as a number of the unit that the truth states: positive where the first has more.
MEASURED: dict[str, Callable[[Facts, Facts], float | None]] = {
    "loudness": lambda first, second: _difference(first.loudness, second.loudness),
    "pitch": lambda first, second: _logarithm(first.pitch, second.pitch, 12.0),
    "brightness": lambda first, second: _logarithm(first.centroid, second.centroid),
    "length": lambda first, second: _logarithm(first.duration, second.duration),
}


_LEAST_ALIKE = 0.5
_FEWEST_FRAMES = 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--esc10", type=Path, help="the folder of ESC-10")
    source.add_argument("--demo", action="store_true", help="the demo corpus, which is made first")
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--measured", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        clips, recordings = esc10(arguments.esc10) if arguments.esc10 else demo(Path(temporary) / "demo")
        folder = Path(temporary) / "EDT"
        began = time.perf_counter()
        pairs = make_edited_pairs(clips, recordings, folder, count=arguments.pairs, seed=arguments.seed)
        print(f"{len(pairs):,} pairs of {len(clips)} recordings in {time.perf_counter() - began:.0f} s")
        show_measured(folder, pairs[: arguments.measured])
        for shortcut in find_shortcuts(folder):
            share, low, high = (100 * each for each in (shortcut.accuracy, shortcut.low, shortcut.high))
            print(
                f"edited side named in {shortcut.quality}: {share:.0f} % of {shortcut.pairs} ({low:.0f} to {high:.0f})"
            )
        report = check(folder / "annotations.jsonl", attribution="words")
        print(f"checks: {report.passed:,} of {len(report.verdicts):,} explanations pass")
        print(dict(Counter(name for name, rows in report.failures.items() for _ in rows)))


def esc10(folder: Path) -> tuple[list[Clip], Path]:
    """The clips of ESC-10, whose captions are the names of their classes, and the folder of the recordings."""
    with (folder / "meta.csv").open(encoding="utf-8", newline="") as file:
        clips = [
            Clip(corpus="manifest", split="all", filepath=row["filename"], captions=(row["category"].lower(),))
            for row in csv.DictReader(file)
        ]
    return clips, folder / "audio"


def demo(folder: Path) -> tuple[list[Clip], Path]:
    """The demo corpus' development split, made anew."""
    write_corpus(folder, DemoSettings())
    return read_clips("demo", folder, "development"), folder


def show_measured(folder: Path, pairs: list[Pair]) -> None:
    """Prints for each quality and size how many edits have the right sign, and the median of what was measured."""
    truths = read_truth(folder / "truth.jsonl")
    shares: dict[tuple[str, float], list[float]] = defaultdict(list)
    for pair in pairs:
        truth = truths[pair.id]
        share = measured_share(truth, folder / pair.filepath1, folder / pair.filepath2)
        if share is not None:
            shares[truth.quality, truth.size].append(share)
    for (quality, size), values in sorted(shares.items()):
        right = sum(value > 0 for value in values)
        print(
            f"{quality} x{size:g}: sign right in {right} of {len(values)}, median {statistics.median(values):.2f} of it"
        )


def measured_share(truth: EditTruth, first: Path, second: Path) -> float | None:
    """What was measured as a share of what was done: 1 is all of it, below 0 the wrong side; None if nothing was."""
    measured = None
    if truth.quality == "tempo":
        measured = tempo_octaves(first, second)
    elif truth.quality in MEASURED:
        measured = MEASURED[truth.quality](measure_file(first), measure_file(second))
    if measured is None:
        return None
    wanted = math.log2(truth.amount) if truth.unit == "times" else truth.amount
    return measured / (wanted if truth.more == 1 else -wanted)


def tempo_octaves(first: Path, second: Path) -> float | None:
    """The logarithm (base 2) of how much faster audio 1 is; None where no tempo fits the two well.

    Of all tempos from two fifths to two and a half times, that at which the course of one audio's bands is most like
    the other's (Pearson, over all bands less their means).
    """
    one, other = bands_over_time(first), bands_over_time(second)
    best, likeness = 0.0, _LEAST_ALIKE
    for octaves in np.arange(-1.3, 1.301, 0.02):
        tempo = 2.0**octaves
        count = min(one.shape[1], int(other.shape[1] / tempo))
        places = np.arange(count) * tempo
        stretched = np.array([np.interp(places, np.arange(len(band)), band) for band in other])
        alike = _correlation(one[:, :count], stretched)
        if count > _FEWEST_FRAMES and alike > likeness:
            best, likeness = float(octaves), alike
    return best if likeness > _LEAST_ALIKE else None


def bands_over_time(path: Path) -> np.ndarray:
    """Levels in dB of 16 bands every 10 ms, shape (16, frames)."""
    samples, rate = soundfile.read(path)
    hop = rate // 100
    frequency, _, spectrum = stft(samples, rate, nperseg=4 * hop, noverlap=3 * hop)
    band = np.digitize(frequency, np.geomspace(100, 8000, 17))
    power = np.abs(spectrum) ** 2
    levels = np.array([power[band == number].sum(axis=0) for number in range(1, 17)])
    return np.asarray(10 * np.log10(levels + 1e-9))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    one, other = (each - each.mean(axis=1, keepdims=True) for each in (one, other))
    scale = math.sqrt(float((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale else 0.0


def _difference(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second


def _logarithm(first: float | None, second: float | None, factor: float = 1.0) -> float | None:
    return factor * math.log2(first / second) if first and second else None


if __name__ == "__main__":
    main()
