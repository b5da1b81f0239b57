"""What is known of two audios, and whether a claim agrees with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.likenesses import likenesses, nothing_differs
from adiff_data.claims.claim import BOTH, Claim, Kind, Vocabulary
from adiff_data.claims.common_ground import same_words
from adiff_data.claims.denial import heard_and_denied


class Outcome(StrEnum):
    """What the truth says to a claim."""

    TRUE = "true"
    CONTRADICTED = "contradicted"  # the opposite is so: the other audio, the other order, the other direction
    INVENTED = "invented"  # there is no such thing in either audio
    UNDECIDED = "undecided"  # what is known does not tell


@dataclass(frozen=True)
class ClipTruth:
    """What is known of one audio.

    Attributes:
        events: that sound in it.
        complete: whether nothing else does. Captions leave things out.
        lacks: events that do not sound in it, where not everything is known.
        onsets: of its events, seconds, where they are known.
        arrangement: of its events, `sequence` or `together` or `single`; empty where it is not known.
    """

    events: frozenset[str]
    complete: bool
    onsets: Mapping[str, float] = field(default_factory=dict)
    arrangement: str = ""
    lacks: frozenset[str] = frozenset()

    def is_without(self, event: str) -> bool:
        """Whether it is known that an event does not sound in it."""
        return event not in self.events and (self.complete or event in self.lacks)


@dataclass(frozen=True)
class PairTruth:
    """What is known of the two audios of a pair.

    Attributes:
        more: by quality (`audio.differences.QUALITIES`), the audio (1 or 2) that has more of it, so that it is heard.
        equal: the qualities of which both have as much.
        same: whether nothing differs; None where it is not known.
    """

    first: ClipTruth
    second: ClipTruth
    more: Mapping[str, int] = field(default_factory=dict)
    equal: frozenset[str] = frozenset()
    same: bool | None = None

    def clip(self, audio: int) -> ClipTruth:
        """The truth of audio 1 or 2."""
        return self.first if audio == 1 else self.second


def truth_of_captions(
    caption1: str, caption2: str, vocabulary: Vocabulary, facts: PairFacts | None = None
) -> PairTruth:
    """What captions and measurements tell: events that may not be all, and the differences that can be heard."""
    first, second = (_clip_truth(caption, vocabulary) for caption in (caption1, caption2))
    return with_measurements(PairTruth(first, second), facts, alike=same_words(caption1, caption2))


def _clip_truth(caption: str, vocabulary: Vocabulary) -> ClipTruth:
    heard, denied = heard_and_denied(caption, vocabulary)
    return ClipTruth(heard, complete=False, lacks=denied)


def with_measurements(truth: PairTruth, facts: PairFacts | None, *, alike: bool) -> PairTruth:
    """A truth with the qualities that were measured.

    Args:
        alike: whether nothing but these may differ, so that audios which do not differ in them are the same.
    """
    if facts is None:
        return truth
    more = {difference.quality: difference.audio for difference in facts.differences}
    same = False if more else True if alike and nothing_differs(facts) else truth.same
    return replace(truth, more=more, equal=frozenset(likenesses(facts)), same=same)


def judge_claim(claim: Claim, truth: PairTruth) -> Outcome:
    """Whether a claim is so, is contradicted, is invented, or cannot be told."""
    if claim.kind in (Kind.EVENT, Kind.ABSENT):
        return _judge_event(claim, truth)
    if claim.kind in (Kind.ORDER, Kind.TOGETHER):
        return _judge_order(claim, truth.clip(claim.audio))
    if claim.kind == Kind.ARRANGEMENT:
        arrangement = truth.clip(claim.audio).arrangement
        return _decided(arrangement == claim.subject) if arrangement else Outcome.UNDECIDED
    if claim.kind == Kind.SAME:
        return Outcome.UNDECIDED if truth.same is None else _decided(truth.same)
    return _judge_quality(claim, truth)


def _judge_event(claim: Claim, truth: PairTruth) -> Outcome:
    sides = (truth.first, truth.second) if claim.audio == BOTH else (truth.clip(claim.audio),)
    has = [claim.subject in side.events for side in sides]
    if claim.kind == Kind.ABSENT:
        if any(has):
            return Outcome.CONTRADICTED
        return Outcome.TRUE if all(side.is_without(claim.subject) for side in sides) else Outcome.UNDECIDED
    if all(has):
        return Outcome.TRUE
    elsewhere = claim.subject in truth.first.events | truth.second.events
    lacking_is_known = any(side.is_without(claim.subject) for side in sides)
    if elsewhere and (lacking_is_known or claim.audio != BOTH):
        return Outcome.CONTRADICTED
    return Outcome.INVENTED if lacking_is_known else Outcome.UNDECIDED


def _judge_order(claim: Claim, clip: ClipTruth) -> Outcome:
    first, second = clip.onsets.get(claim.subject), clip.onsets.get(claim.second)
    if first is None or second is None:
        return Outcome.INVENTED if clip.complete else Outcome.UNDECIDED
    if first == second and not clip.complete:
        return Outcome.UNDECIDED  # words of one sound that was laid in: when each is heard in it is not known
    return _decided(first == second if claim.kind == Kind.TOGETHER else first < second)


def _judge_quality(claim: Claim, truth: PairTruth) -> Outcome:
    equal = claim.subject in truth.equal or truth.same is True
    more = truth.more.get(claim.subject)
    if claim.kind == Kind.EQUAL:
        return _decided(equal) if equal or more else Outcome.UNDECIDED
    if equal:
        return Outcome.INVENTED
    return _decided(more == claim.audio) if more else Outcome.UNDECIDED


def _decided(is_so: bool) -> Outcome:
    return Outcome.TRUE if is_so else Outcome.CONTRADICTED
