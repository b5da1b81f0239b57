"""What the small encoder's event head hears by itself, whatever is then said of it: the table in docs/training.md.

    python -m benchmarks.hearing [--checkpoint tiny] [--recordings ../shared/data/esc10]

On the clips of `python -m benchmarks.tiny --seed 0`, by which `event_embedding.SURE_FROM` was chosen: of a source
counted as heard from a probability on, how many of those that sound are found, in per cent, and how many others are
invented, a clip; and the share of clips heard just as they are.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from adiff_data.demo.naming import AUDIOSET
from adiff_model.adiff import ADIFF
from adiff_model.encoding import EncodedClip, encode_clips
from adiff_model.events import class_names
from benchmarks.tiny import KnownPair, as_table, demo_pairs, esc_pairs

PROBABILITIES = (0.3, 0.5, 0.7, 0.8, 0.9)
SEED = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="tiny")
    parser.add_argument("--recordings", type=Path, default=Path("../shared/data/esc10"))
    arguments = parser.parse_args()
    adiff = ADIFF(model_path=arguments.checkpoint)
    sets = {"demo": sources_of(demo_pairs(SEED))}
    if arguments.recordings.is_dir():
        sets["recordings"] = sources_of(esc_pairs(arguments.recordings))
    lines = []
    for name, clips in sets.items():
        encoded = encode_clips(adiff.model, clips)
        lines += [scores(name, clips, encoded, probability) for probability in PROBABILITIES]
    print(as_table(lines))


def sources_of(pairs: Sequence[KnownPair]) -> dict[str, frozenset[str]]:
    """By recording, what sounds in it."""
    return {pair.audio1: frozenset(pair.clip1.sources) for pair in pairs}


def scores(
    name: str, clips: Mapping[str, frozenset[str]], encoded: Mapping[str, EncodedClip], probability: float
) -> dict[str, str]:
    """One line of the table."""
    heard = {path: heard_sources(clip.events, probability) for path, clip in encoded.items()}
    there = sum(map(len, clips.values()))
    found = sum(len(heard[path] & sources) for path, sources in clips.items())
    invented = sum(len(heard[path] - sources) for path, sources in clips.items())
    exact = sum(heard[path] == sources for path, sources in clips.items())
    return {
        "clips": name,
        "from": f"{probability}",
        "found": f"{100 * found / there:.1f}",
        "invented": f"{invented / len(clips):.3f}",
        "as they are": f"{100 * exact / len(clips):.1f}",
    }


def heard_sources(events: np.ndarray, probability: float) -> frozenset[str]:
    """The demo's sources one of whose AudioSet classes is at least that probable."""
    probabilities = dict(zip(class_names(), events.tolist(), strict=True))
    return frozenset(
        source for source, names in AUDIOSET.items() if max(probabilities[name] for name in names) >= probability
    )


if __name__ == "__main__":
    main()
