"""The claims that an explanation can make about two audios."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

BOTH = 0  # the `audio` of a claim about both


class Kind(StrEnum):
    """What a claim is about."""

    EVENT = "event"  # an event sounds in an audio, or in both
    ABSENT = "absent"  # it does not
    ORDER = "order"  # of two events of one audio the first comes before the second
    TOGETHER = "together"  # they begin together
    ARRANGEMENT = "arrangement"  # an audio's events come in a row, or at once
    COMPARISON = "comparison"  # an audio has more of a quality than the other
    EQUAL = "equal"  # both have as much of a quality
    SAME = "same"  # nothing differs


@dataclass(frozen=True)
class Mention:
    """Where a text names an event, `text[start:end]`, and which."""

    source: str
    start: int
    end: int


Vocabulary = Callable[[str], Sequence[Mention]]  # finds the events that a text names, in order


@dataclass(frozen=True)
class Claim:
    """One claim of an answer, which stands at `answer[start:end]`.

    Attributes:
        audio: 1 or 2; of a comparison, the one that is said to have more. `BOTH` where it is about both.
        subject: the event, the quality, or the arrangement (`sequence` or `together`).
        second: of an order, the event that comes second.
    """

    kind: Kind
    audio: int
    subject: str
    start: int
    end: int
    second: str = ""
