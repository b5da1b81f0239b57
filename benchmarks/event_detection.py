"""What the small encoder's event head detects, whatever the model then says: the table in docs/training.md.

    python -m benchmarks.event_detection [--checkpoint tiny] [--recordings ../shared/data/esc10]

On the clips of `python -m benchmarks.tiny --seed 0`, on which `event_embedding.DETECTION_THRESHOLD` was chosen: for
several thresholds, the recall of sounding sources in per cent, the false alarms per clip, and the share of clips of
which exactly the sounding sources are detected.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from adiff_data.core.errors import AdiffError
from adiff_data.demo.naming import AUDIOSET
from adiff_model.adiff import ADIFF
from adiff_model.encoding import EncodedClip, encode_clips
from adiff_model.events import class_names
from benchmarks.tiny import KnownPair, as_table, demo_pairs, esc_pairs

THRESHOLDS = (0.3, 0.5, 0.7, 0.8, 0.9)
SEED = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="tiny")
    parser.add_argument("--recordings", type=Path, default=Path("../shared/data/esc10"))
    arguments = parser.parse_args()
    adiff = ADIFF(model_path=arguments.checkpoint)
    sets = {"demo": sources_by_recording(demo_pairs(SEED))}
    if arguments.recordings.is_dir():
        sets["recordings"] = sources_by_recording(esc_pairs(arguments.recordings))
    lines = []
    for name, sources in sets.items():
        encoded = encode_clips(adiff.model, sources)
        lines += [scores(name, sources, encoded, threshold) for threshold in THRESHOLDS]
    print(as_table(lines))


def sources_by_recording(pairs: Sequence[KnownPair]) -> dict[str, frozenset[str]]:
    return {pair.audio1: frozenset(pair.clip1.sources) for pair in pairs}


def scores(
    name: str,
    sources: Mapping[str, frozenset[str]],
    encoded: Mapping[str, EncodedClip | AdiffError],
    threshold: float,
) -> dict[str, str]:
    """A line of the table."""
    detected = {path: detected_sources(encoded[path], threshold) for path in sources}
    total = sum(map(len, sources.values()))
    hits = sum(len(detected[path] & true) for path, true in sources.items())
    false_alarms = sum(len(detected[path] - true) for path, true in sources.items())
    exact = sum(detected[path] == true for path, true in sources.items())
    return {
        "clips": name,
        "threshold": f"{threshold}",
        "recall": f"{100 * hits / total:.1f}",
        "false alarms per clip": f"{false_alarms / len(sources):.3f}",
        "exact": f"{100 * exact / len(sources):.1f}",
    }


def detected_sources(clip: EncodedClip | AdiffError, threshold: float) -> frozenset[str]:
    """The demo's sources of which an AudioSet class reaches the threshold."""
    if isinstance(clip, AdiffError):
        raise clip
    probabilities = dict(zip(class_names(), np.asarray(clip.event_probabilities).tolist(), strict=True))
    return frozenset(
        source for source, names in AUDIOSET.items() if max(probabilities[name] for name in names) >= threshold
    )


if __name__ == "__main__":
    main()
