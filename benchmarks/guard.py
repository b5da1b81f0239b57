"""How often the guard "named and not heard" is right: the table in docs/evaluation.md.

    python -m benchmarks.guard [--checkpoint tiny] [--seed 5] [--recordings ../shared/data/esc10]

On clips of which every event is known: 200 pairs of demo clips, and 240 of ESC-10's held-out recordings, where they
are. Two kinds of texts are judged: the model's answers to the pair itself, whose sounds are mostly there, and its
answers to the next pair, whose sounds are mostly not. For several thresholds of a class's probability:

- named: names of AudioSet's classes in the texts; judged: those that the event head knows;
- hit rate: of the judged ones that sound in neither clip, the share that is flagged, in per cent;
- false alarms: of those that do sound, the share that is flagged, in per cent;
- answers: the share of answers with a flag, in per cent.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adiff_data.core.errors import AdiffError
from adiff_data.demo.naming import AUDIOSET
from adiff_data.tiers import TIERS
from adiff_model.adiff import ADIFF
from adiff_model.encoding import EncodedClip, encode_clips
from adiff_model.events import DETECTION_THRESHOLD, named_classes, undetected_classes
from benchmarks.tiny import KnownPair, as_table, demo_pairs, esc_pairs

THRESHOLDS = (0.02, 0.05, DETECTION_THRESHOLD, 0.2, 0.5)


@dataclass(frozen=True)
class JudgedText:
    """A text, and the two clips that it is judged by."""

    text: str
    sounding: frozenset[str]  # AudioSet's names of what the clips contain
    probabilities: tuple[np.ndarray, np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="tiny")
    parser.add_argument("--seed", type=int, default=5, help="of the demo clips")
    parser.add_argument("--recordings", type=Path, default=Path("../shared/data/esc10"))
    arguments = parser.parse_args()
    adiff = ADIFF(model_path=arguments.checkpoint, device="cpu")
    sets = {"demo": demo_pairs(arguments.seed)}
    if arguments.recordings.is_dir():
        sets["recordings"] = esc_pairs(arguments.recordings)
    lines = []
    for name, pairs in sets.items():
        clips = encode_clips(adiff.model, (path for pair in pairs for path in (pair.audio1, pair.audio2)))
        answers = answers_of(adiff, pairs, clips)
        shifted = {tier: [*texts[1:], texts[0]] for tier, texts in answers.items()}
        for kind, texts in (("its own answers", answers), ("the next pair's", shifted)):
            judged = judged_texts(pairs, texts, clips)
            lines += [
                {"clips": name, "texts": kind, **rates(judged, adiff.model.event_head.classes, threshold)}
                for threshold in THRESHOLDS
            ]
    print(as_table(lines))


def answers_of(
    adiff: ADIFF, pairs: Sequence[KnownPair], clips: Mapping[str, EncodedClip | AdiffError]
) -> dict[str, list[str]]:
    """The model's answers in each tier."""
    return {
        tier.name: [
            explained.text
            for explained in adiff.explain_encoded([(pair.audio1, pair.audio2, tier.request) for pair in pairs], clips)
        ]
        for tier in TIERS.values()
    }


def judged_texts(
    pairs: Sequence[KnownPair], texts: Mapping[str, Sequence[str]], clips: Mapping[str, EncodedClip | AdiffError]
) -> list[JudgedText]:
    """Each text beside the clips and the truth of the pair at its place."""
    return [
        JudgedText(
            text,
            frozenset(
                name for clip in (pair.clip1, pair.clip2) for source in clip.sources for name in AUDIOSET[source]
            ),
            (probabilities(clips[pair.audio1]), probabilities(clips[pair.audio2])),
        )
        for of_tier in texts.values()
        for text, pair in zip(of_tier, pairs, strict=True)
    ]


def probabilities(clip: EncodedClip | AdiffError) -> np.ndarray:
    if isinstance(clip, AdiffError):
        raise clip
    return clip.event_probabilities


def rates(texts: Sequence[JudgedText], known: Sequence[int], threshold: float) -> dict[str, str]:
    """A line of the table."""
    named = hits = invented = false_alarms = sounding = flagged_texts = 0
    for judged in texts:
        named += len(named_classes(judged.text))
        silent = np.zeros_like(judged.probabilities[0])
        names = set(undetected_classes(judged.text, [silent], known, threshold))  # of silence, all that it can judge
        flagged = set(undetected_classes(judged.text, judged.probabilities, known, threshold))
        invented += len(names - judged.sounding)
        hits += len(flagged - judged.sounding)
        sounding += len(names & judged.sounding)
        false_alarms += len(flagged & judged.sounding)
        flagged_texts += bool(flagged)
    return {
        "threshold": f"{threshold}",
        "named": f"{named:,}",
        "judged": f"{invented + sounding:,}",
        "hit rate": share(hits, invented),
        "false alarms": share(false_alarms, sounding),
        "answers": share(flagged_texts, len(texts)),
    }


def share(count: int, total: int) -> str:
    """In per cent, with the total that it is of."""
    return f"{100 * count / total:.1f} of {total:,}" if total else "–"


if __name__ == "__main__":
    main()
