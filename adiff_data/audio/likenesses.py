"""The qualities in which a listener would find two clips alike, from their facts.

What is called alike is at most half as far apart as what is claimed as a difference (`audio.differences`); what lies
between is neither.
"""

import math
from collections.abc import Callable, Iterator

from adiff_data.audio.differences import (
    BRIGHTER_FACTOR,
    BUSIER_FACTOR,
    HIGHER_SEMITONES,
    LONGER_FACTOR,
    LOUDER_LU,
    MORE_TONAL_FACTOR,
    QUALITIES,
    STEADIER_DB,
    PairFacts,
    comparable,
)
from adiff_data.audio.facts import Facts

LIKE = 0.5  # of the threshold of a difference: how far apart two clips may be that are alike

_NOUNS = {
    "louder": "loudness",
    "brighter": "brightness",
    "higher-pitched": "pitch",
    "busier": "events a second",
    "longer": "length",
    "steadier": "steadiness of level",
    "more tonal": "tonality",
}


def likenesses(facts: PairFacts) -> tuple[str, ...]:
    """The qualities (`differences.QUALITIES`) of which both clips have about as much."""
    different = {difference.quality for difference in facts.differences}
    return tuple(quality for quality, gap in _gaps(facts) if gap <= LIKE and quality not in different)


def nothing_differs(facts: PairFacts) -> bool:
    """Whether the clips are alike in every quality that could be compared, loudness among them."""
    gaps = dict(_gaps(facts))
    return "louder" in gaps and not facts.differences and all(gap <= LIKE for gap in gaps.values())


def in_words(facts: PairFacts) -> str:
    """As a language model is told them: "about the same in both: loudness, length."; empty where there are none."""
    nouns = [_NOUNS[quality] for quality in likenesses(facts)]
    return f"about the same in both: {', '.join(nouns)}." if nouns else ""


def _gaps(facts: PairFacts) -> Iterator[tuple[str, float]]:
    """How far apart the clips are in each quality that both have, in thresholds of a difference."""
    for quality in QUALITIES:
        if comparable(quality, facts.first, facts.second):
            yield quality, _GAPS[quality](facts.first, facts.second)


Gap = Callable[[Facts, Facts], float]


def _apart(name: str, threshold: float) -> Gap:
    return lambda first, second: abs(getattr(first, name) - getattr(second, name)) / threshold


def _by_factor(name: str, factor: float) -> Gap:
    def gap(first: Facts, second: Facts) -> float:
        low, high = sorted((getattr(first, name), getattr(second, name)))
        if low <= 0:
            return 0.0 if high <= 0 else math.inf
        return math.log(high / low) / math.log(factor)

    return gap


_GAPS: dict[str, Gap] = {
    "louder": _apart("loudness", LOUDER_LU),
    "brighter": _by_factor("centroid", BRIGHTER_FACTOR),
    "higher-pitched": _by_factor("pitch", 2 ** (HIGHER_SEMITONES / 12)),
    "busier": _by_factor("onsets", BUSIER_FACTOR),
    "longer": _by_factor("duration", LONGER_FACTOR),
    "steadier": _apart("unsteadiness", STEADIER_DB),
    "more tonal": _by_factor("flatness", MORE_TONAL_FACTOR),
}
