"""Whether an answer is true of two clips of which everything is known: the events, their sides and their order."""

import re
from dataclasses import dataclass
from itertools import pairwise

from adiff_data.checks.sides import Sides, sides_of
from adiff_data.demo.naming import Mention, mentions, named_sources
from adiff_data.demo.truth import KnownClip

_FIRST_THEN = re.compile(r"\b(?:then|followed by|before|finally|comes first|second and|at the end)\b")
_AFTER = re.compile(r"\bafter\b(?! another)")
_MEANWHILE = re.compile(r"\b(?:while|as|along with)\b")
_IN_A_ROW = re.compile(
    r"\b(?:one after another|one thing giving way|from one sound to the next|a succession of events|a sequence of)\b"
    r"(?! on (?:one side|the other))"
)
_AT_ONCE = re.compile(
    r"\b(?:stand together rather|share the same moment|side by side|several sounds at once|a mixture of"
    r"|at the same time|at once)\b(?! on (?:one side|the other))"
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")


@dataclass(frozen=True)
class EventsNamed:
    """The events of an answer against the truth, over both sides.

    Attributes:
        right: events that are named on the side where they sound.
        missed: events that sound and are not named on their side.
        wrong: events that are named on a side where they do not sound.
        both_sides: whether each side has at least one right event.
    """

    right: int
    missed: int
    wrong: int
    both_sides: bool

    @property
    def on_the_right_side(self) -> bool:
        """Whether both sides' events are named, and none on a side where it does not sound."""
        return self.both_sides and not self.wrong

    @property
    def complete(self) -> bool:
        """Whether, beyond that, no event of either clip is left out."""
        return self.on_the_right_side and not self.missed


def events_named(answer: str, clip1: KnownClip, clip2: KnownClip) -> EventsNamed:
    """Compares the sources that each side of an answer names with those that sound there."""
    sides = sides_of(answer)
    named = set(named_sources(sides.first)), set(named_sources(sides.second))
    there = set(clip1.sources), set(clip2.sources)
    right = [len(said & sounding) for said, sounding in zip(named, there, strict=True)]
    return EventsNamed(
        right=sum(right),
        missed=sum(len(sounding - said) for said, sounding in zip(named, there, strict=True)),
        wrong=sum(len(said - sounding) for said, sounding in zip(named, there, strict=True)),
        both_sides=all(right),
    )


def order_claims(answer: str, clip1: KnownClip, clip2: KnownClip) -> list[bool]:
    """What an answer says of order within each clip ("then", "while", "one after another"), and whether it is so.

    A claim about a sound that is not there is wrong.
    """
    sides: Sides = sides_of(answer)
    claims = []
    for text, clip in ((sides.first, clip1), (sides.second, clip2)):
        for sentence in _SENTENCE.split(text):
            claims += _arrangement_claims(sentence, clip)
            for first, second in pairwise(mentions(sentence)):
                claim = _pair_claim(sentence[first.end : second.start], first, second, clip)
                if first.source != second.source and claim is not None:
                    claims.append(claim)
    return claims


def _arrangement_claims(sentence: str, clip: KnownClip) -> list[bool]:
    claimed = ["sequence"] * len(_IN_A_ROW.findall(sentence)) + ["together"] * len(_AT_ONCE.findall(sentence))
    return [clip.arrangement == arrangement for arrangement in claimed]


def _pair_claim(between: str, first: Mention, second: Mention, clip: KnownClip) -> bool | None:
    """Whether what stands between two sources is so of their times; None where it says nothing of time."""
    onset = {event.source: event.onset for event in clip.events}
    known = first.source in onset and second.source in onset
    if _FIRST_THEN.search(between):
        return known and onset[first.source] < onset[second.source]
    if _AFTER.search(between):
        return known and onset[first.source] > onset[second.source]
    if _MEANWHILE.search(between):
        return known and onset[first.source] == onset[second.source]
    return None
