"""Whether an answer is true of two clips of which everything is known: the events, their sides and their order."""

from dataclasses import dataclass

from adiff_data.audio.differences import PairFacts
from adiff_data.claims import ClipTruth, Kind, Outcome, PairTruth, judge_claim, split_claims, with_measurements
from adiff_data.claims.sides import sides_of
from adiff_data.demo.naming import mentions, named_sources
from adiff_data.demo.truth import KnownClip


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
    sounding = set(clip1.sources), set(clip2.sources)
    right = [len(told & true) for told, true in zip(named, sounding, strict=True)]
    return EventsNamed(
        right=sum(right),
        missed=sum(len(true - told) for told, true in zip(named, sounding, strict=True)),
        wrong=sum(len(told - true) for told, true in zip(named, sounding, strict=True)),
        both_sides=all(right),
    )


def order_claims(answer: str, clip1: KnownClip, clip2: KnownClip) -> list[bool]:
    """What an answer says of order within each clip ("then", "while", "one after another"), and whether it is so.

    A claim about a sound that is not there is wrong.
    """
    truth = truth_of_clips(clip1, clip2)
    return [
        judge_claim(claim, truth) == Outcome.TRUE
        for claim in split_claims(answer, mentions)
        if claim.kind in (Kind.ORDER, Kind.TOGETHER, Kind.ARRANGEMENT)
    ]


def truth_of_clips(clip1: KnownClip, clip2: KnownClip, facts: PairFacts | None = None) -> PairTruth:
    """All that sounds in two clips, when it does, and the differences that were measured."""
    first, second = (
        ClipTruth(
            frozenset(clip.sources),
            complete=True,
            onsets={event.source: event.onset for event in clip.events},
            arrangement=clip.arrangement,
        )
        for clip in (clip1, clip2)
    )
    return with_measurements(PairTruth(first, second, same=clip1 == clip2), facts, alike=False)
