"""The differences between two clips that a listener would hear, from their facts, with stated thresholds.

Each threshold is several times the difference that is just noticeable under laboratory conditions, so that what is
claimed is plain to hear in recordings that have nothing else in common:

| quality | just noticeable | claimed from | source of the first |
|---|---|---|---|
| loudness | 1 dB | 3 LU | Zwicker and Fastl, Psychoacoustics, 2007, 7.1 |
| brightness (centroid) | 5 to 10 % | a factor of 1.5 | Allen and Oxenham, JASA 135 (2014) 1371 |
| pitch | 0.2 to 1 % | 2 semitones (12 %) | Moore, An Introduction to the Psychology of Hearing, 2012, 6.2 |
| rate of events | 6 % | a factor of 1.5, and 0.5 a second | Drake and Botte, Percept. Psychophys. 54 (1993) 277 |
| duration | 10 % | 20 %, and half a second | Abel, JASA 51 (1972) 1219 |
| steadiness (level deviation) | 1 dB | 3 dB | as loudness |
| tonality (flatness) | - | a factor of 10, or a pitch on one side alone | chosen here |
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, runtime_checkable

from adiff_data.audio.facts import FACT_NAMES, Facts
from adiff_data.records import Annotation, Pair

LOUDER_LU = 3.0
BRIGHTER_FACTOR = 1.5
HIGHER_SEMITONES = 2.0
BUSIER_FACTOR, BUSIER_A_SECOND = 1.5, 0.5
LONGER_FACTOR, LONGER_SECONDS = 1.2, 0.5
STEADIER_DB = 3.0
MORE_TONAL_FACTOR = 10.0

QUALITIES = ("louder", "brighter", "higher-pitched", "busier", "longer", "steadier", "more tonal")


@dataclass(frozen=True)
class Difference:
    """One difference between two clips.

    Attributes:
        quality: one of `QUALITIES`.
        audio: the audio (1 or 2) that is more so.
        amount: how much, in words with a unit: "12 LU"; empty where no number says it.
    """

    quality: str
    audio: int
    amount: str

    def words(self) -> str:
        """As a clause: "audio 1 is louder by 12 LU"."""
        return f"audio {self.audio} is {self.quality}{f' by {self.amount}' if self.amount else ''}"


def differences(first: Facts, second: Facts) -> tuple[Difference, ...]:
    """The differences between audio 1 and audio 2 that pass their thresholds."""
    compared = ((quality, _RULES[quality](first, second)) for quality in QUALITIES)
    return tuple(
        Difference(quality, 1 if measured[0] > 0 else 2, measured[1]) for quality, measured in compared if measured
    )


def comparable(quality: str, first: Facts, second: Facts) -> bool:
    """Whether both clips have what the quality is about."""
    names = _NEEDED[quality]
    return all(getattr(facts, name) is not None for facts in (first, second) for name in names)


Measured = tuple[float, str] | None  # how much more audio 1 is so (negative: audio 2), and in words


def _louder(first: Facts, second: Facts) -> Measured:
    if first.loudness is None or second.loudness is None:
        return None
    gap = first.loudness - second.loudness
    return (gap, f"{abs(gap):.0f} LU") if abs(gap) >= LOUDER_LU else None


def _brighter(first: Facts, second: Facts) -> Measured:
    return _by_factor(first.centroid, second.centroid, BRIGHTER_FACTOR, "in its spectral centre")


def _higher(first: Facts, second: Facts) -> Measured:
    if not first.pitch or not second.pitch:
        return None
    gap = 12 * math.log2(first.pitch / second.pitch)
    return (gap, f"{abs(gap):.0f} semitones") if abs(gap) >= HIGHER_SEMITONES else None


def _busier(first: Facts, second: Facts) -> Measured:
    if abs(first.onsets - second.onsets) < BUSIER_A_SECOND:
        return None
    if min(first.onsets, second.onsets) < BUSIER_A_SECOND:  # a factor of next to nothing says nothing
        return first.onsets - second.onsets, ""
    return _by_factor(first.onsets, second.onsets, BUSIER_FACTOR, "in events a second")


def _longer(first: Facts, second: Facts) -> Measured:
    gap = first.duration - second.duration
    if abs(gap) < LONGER_SECONDS or max(first.duration, second.duration) < LONGER_FACTOR * min(
        first.duration, second.duration
    ):
        return None
    return gap, f"{abs(gap):.1f} seconds"


def _steadier(first: Facts, second: Facts) -> Measured:
    if first.unsteadiness is None or second.unsteadiness is None:
        return None
    gap = second.unsteadiness - first.unsteadiness
    return (gap, "") if abs(gap) >= STEADIER_DB else None


def _more_tonal(first: Facts, second: Facts) -> Measured:
    if first.flatness is None or second.flatness is None:
        return None
    if (first.pitch is None) != (second.pitch is None):
        gap = 1.0 if second.pitch is None else -1.0
        agrees = gap * (second.flatness - first.flatness) >= 0
        return (gap, "") if agrees else None
    ratio = max(second.flatness, 1e-4) / max(first.flatness, 1e-4)
    return (math.log(ratio), "") if max(ratio, 1 / ratio) >= MORE_TONAL_FACTOR else None


def _by_factor(first: float | None, second: float | None, least: float, what: str) -> Measured:
    if not first or not second:
        return None
    ratio = first / second
    if max(ratio, 1 / ratio) < least:
        return None
    return math.log(ratio), f"a factor of {max(ratio, 1 / ratio):.1f} {what}"


_RULES: dict[str, Callable[[Facts, Facts], Measured]] = {
    "louder": _louder,
    "brighter": _brighter,
    "higher-pitched": _higher,
    "busier": _busier,
    "longer": _longer,
    "steadier": _steadier,
    "more tonal": _more_tonal,
}
_NEEDED = {
    "louder": ("loudness",),
    "brighter": ("centroid",),
    "higher-pitched": ("pitch",),
    "busier": ("onsets",),
    "longer": ("duration",),
    "steadier": ("unsteadiness",),
    "more tonal": ("flatness",),
}


@dataclass(frozen=True)
class PairFacts:
    """The facts of both clips of a pair."""

    first: Facts
    second: Facts

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What a listener would hear."""
        return differences(self.first, self.second)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "PairFacts | None":
        """The facts that `as_dict` gave; None where they are of another version or none at all."""
        try:
            return cls(*(Facts(**{name: kept[side][name] for name in FACT_NAMES}) for side in ("audio1", "audio2")))
        except (KeyError, TypeError):
            return None

    def as_dict(self) -> dict[str, object]:
        """What is kept in `provenance.facts`: both clips' facts, and their differences in words."""
        return {
            "audio1": self.first.as_dict(),
            "audio2": self.second.as_dict(),
            "differences": [difference.words() for difference in self.differences],
        }

    def in_words(self) -> str:
        """As a language model is told them: a sentence an audio, then the differences."""
        clauses = [difference.words() for difference in self.differences]
        return (
            f"audio 1: {_described(self.first)}. audio 2: {_described(self.second)}. "
            f"differences that can be heard: {', '.join(clauses) or 'none of these'}."
        )


@runtime_checkable
class PairFactsSource(Protocol):
    """Whoever knows what was measured on the recordings of pairs, as `FactsBook` does."""

    def of(self, pair: Pair | Annotation) -> PairFacts | None:
        """The facts of both clips, or None where one has none."""


MeasuredFacts = Annotated[PairFactsSource, "what measure returned"]  # as messages call it


def _described(facts: Facts) -> str:
    parts = [f"{facts.duration:.1f} s long"]
    if facts.loudness is None:
        return f"{parts[0]}, silent" if facts.active == 0 else parts[0]
    parts.append(f"{facts.loudness:.0f} LUFS")
    if facts.centroid is not None:
        parts.append(f"spectral centre {facts.centroid:.0f} Hz")
    parts.append(f"pitch around {facts.pitch:.0f} Hz" if facts.pitch else "no steady pitch")
    if facts.onsets:
        even = ", evenly" if (facts.regularity or 0) >= 0.8 else ""
        parts.append(f"{facts.onsets:.1f} onsets a second{even}")
    if facts.unsteadiness is not None:
        parts.append("level steady" if facts.unsteadiness < 2 else f"level varies by {facts.unsteadiness:.0f} dB")
    if facts.longest_silence >= 1:
        parts.append(f"silent for {facts.longest_silence:.1f} s")
    return ", ".join(parts)
