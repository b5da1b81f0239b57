"""Edited pairs of real recordings: how fast they are made, whether the measurements find each edit, and shortcuts.

    python benchmarks/edits.py --esc10 ../shared/data/esc10 [--pairs 2000] [--measured 400]

Makes the pairs in a temporary folder, measures both audios of some of them and compares with the truth, asks a
classifier that has only lengths, levels and spectra which side was edited, and checks the explanations.
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

from adiff_data.audio.acoustics import measure_file
from adiff_data.audio.facts import Facts
from adiff_data.checks.checking import check
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.edits.shortcuts import find_shortcuts
from adiff_data.edits.truth import EditTruth, read_truth
from adiff_data.records import Clip, Pair

# What is measured of a quality, as a number of the unit that the truth states: positive where the first has more.
MEASURED: dict[str, Callable[[Facts, Facts], float | None]] = {
    "loudness": lambda first, second: _difference(first.loudness, second.loudness),
    "pitch": lambda first, second: _logarithm(first.pitch, second.pitch, 12.0),
    "brightness": lambda first, second: _logarithm(first.centroid, second.centroid),
    "tempo": lambda first, second: _logarithm(first.onsets, second.onsets),
    "length": lambda first, second: _logarithm(first.duration, second.duration),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--esc10", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--measured", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with (arguments.esc10 / "meta.csv").open(encoding="utf-8", newline="") as file:
        clips = [
            Clip(corpus="manifest", split="all", filepath=row["filename"], captions=(row["category"].lower(),))
            for row in csv.DictReader(file)
        ]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "EDT"
        began = time.perf_counter()
        pairs = make_edited_pairs(clips, arguments.esc10 / "audio", folder, count=arguments.pairs, seed=arguments.seed)
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


def show_measured(folder: Path, pairs: list[Pair]) -> None:
    """Prints for each quality and size how many edits have the right sign, and the median of what was measured."""
    truths = read_truth(folder / "truth.jsonl")
    shares: dict[tuple[str, float], list[float]] = defaultdict(list)
    for pair in pairs:
        truth = truths[pair.id]
        if truth.quality not in MEASURED:
            continue
        share = measured_share(truth, measure_file(folder / pair.filepath1), measure_file(folder / pair.filepath2))
        if share is not None:
            shares[truth.quality, truth.size].append(share)
    for (quality, size), values in sorted(shares.items()):
        right = sum(value > 0 for value in values)
        print(
            f"{quality} x{size:g}: sign right in {right} of {len(values)}, median {statistics.median(values):.2f} of it"
        )


def measured_share(truth: EditTruth, first: Facts, second: Facts) -> float | None:
    """What was measured as a share of what was done: 1 is all of it, below 0 the wrong side."""
    measured = MEASURED[truth.quality](first, second)
    if measured is None:
        return None
    wanted = math.log2(truth.amount) if truth.unit == "times" else truth.amount
    return measured / (wanted if truth.more == 1 else -wanted)


def _difference(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second


def _logarithm(first: float | None, second: float | None, factor: float = 1.0) -> float | None:
    return factor * math.log2(first / second) if first and second else None


if __name__ == "__main__":
    main()
