"""What the two audios of a pair have in common, as far as captions, facts and the way they were made tell."""

import re
from dataclasses import dataclass

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.likenesses import likenesses, nothing_differs
from adiff_data.records import Pair
from adiff_data.sounds.common import SharedSound, shared_sounds

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
    unheard = facts is not None and same_words(pair.caption1, pair.caption2) and nothing_differs(facts)
    is_same = pair.filepath1 == pair.filepath2 or unheard
    alike = likenesses(facts) if facts else ()
    return CommonGround(shared_sounds(pair.caption1, pair.caption2), alike, is_same)


def same_words(caption1: str, caption2: str) -> bool:
    """Whether two captions are the same but for capitals and punctuation."""
    return _WORD.findall(caption1.lower()) == _WORD.findall(caption2.lower())
