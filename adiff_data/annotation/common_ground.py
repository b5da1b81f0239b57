"""What the two audios of a pair have in common, as far as captions, facts and the way they were made tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.likenesses import likenesses, nothing_differs
from adiff_data.records import Pair
from adiff_data.sounds.common import SharedSound, shared_sounds
from adiff_data.tiers import ANSWER_KINDS

_WORD = re.compile(r"\w+")
_LEAST_ALIKE = 3  # qualities, beside the length, for which two unrelated sounds are said to be alike


@dataclass(frozen=True)
class CommonGround:
    """What two audios share.

    Attributes:
        sounds: that both captions name, or kinds of sound that each has another of.
        alike: the qualities of which both were measured to have as much.
        nothing_differs: whether it is known that they sound the same.
    """

    sounds: tuple[SharedSound, ...]
    alike: tuple[str, ...]
    nothing_differs: bool

    @property
    def can_be_told(self) -> bool:
        """Whether there is enough in it for an answer."""
        return bool(self.sounds) or self.nothing_differs or len(set(self.alike) - {"longer"}) >= _LEAST_ALIKE


def common_ground(pair: Pair, facts: PairFacts | None = None) -> CommonGround:
    """What the two audios of a pair share.

    They sound the same where they are one recording, or where both captions have the same words and nothing that was
    measured differs.
    """
    same_words = _WORD.findall(pair.caption1.lower()) == _WORD.findall(pair.caption2.lower())
    is_same = pair.filepath1 == pair.filepath2 or (facts is not None and same_words and nothing_differs(facts))
    alike = likenesses(facts) if facts else ()
    return CommonGround(shared_sounds(pair.caption1, pair.caption2), alike, is_same)


def tiers_to_ask(pair: Pair, tiers: Sequence[str], facts: PairFacts | None = None) -> tuple[str, ...]:
    """Of these kinds of answer, those that a pair has: what both share is asked only where something is known of it."""
    if all(ANSWER_KINDS[tier].question == "difference" for tier in tiers) or common_ground(pair, facts).can_be_told:
        return tuple(tiers)
    return tuple(tier for tier in tiers if ANSWER_KINDS[tier].question == "difference")
