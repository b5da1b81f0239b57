"""Whether answers follow the audio: what two answers to related recordings claim, and which differences one tells.

An event is a telling word of the answer here ("dog", "barks"), so that nothing has to be known of the recordings.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adiff_data.claims import Claim, Kind, caption_words, split_claims

_DIFFER = re.compile(
    r"(?<!no )(?<!any )(?<!without )(?<!hear )\bdifferences?\b|(?<!not )(?<!n't )(?<!nothing )\bdiffers?\b"
    r"|(?<!not )(?<!no )(?<!n't )\b(?:different|distinct|unlike|contrast\w*|whereas)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Kept:
    """How many of an answer's claims another answer keeps."""

    kept: int
    made: int


def comparisons_mirrored(answer: str, exchanged: str) -> Kept:
    """How many comparisons of an answer stand turned round in the answer to the same files exchanged.

    "Audio 1 is louder" has to become "audio 2 is louder".
    """
    return _mirrored(_comparisons(_claims(answer)), _comparisons(_claims(exchanged)))


def events_mirrored(answer: str, exchanged: str) -> Kept:
    """How many events that an answer gives to one audio are given to the other when the files are exchanged."""
    return _mirrored(_events(_claims(answer)), _events(_claims(exchanged)))


def tells_difference(answer: str) -> bool:
    """Whether an answer says that two audios differ.

    It does by a comparison, by an event of one of them alone, or in so many words.
    """
    claims = _claims(answer)
    if _comparisons(claims) or any(claim.kind == Kind.ABSENT for claim in claims):
        return True
    events = _events(claims)
    first, second = ({subject for subject, audio in events if audio == side} for side in (1, 2))
    return first != second or bool(_DIFFER.search(answer))


def _claims(answer: str) -> Sequence[Claim]:
    return split_claims(answer, caption_words)


def _comparisons(claims: Iterable[Claim]) -> set[tuple[str, int]]:
    return {(claim.subject, claim.audio) for claim in claims if claim.kind == Kind.COMPARISON}


def _events(claims: Sequence[Claim]) -> set[tuple[str, int]]:
    """Events of one audio: what is said of both is the same in either order, and "louder" is a word of a comparison."""
    comparisons = [claim for claim in claims if claim.kind == Kind.COMPARISON]
    return {
        (claim.subject, claim.audio)
        for claim in claims
        if claim.kind == Kind.EVENT
        and claim.audio in (1, 2)
        and not any(claim.start < compared.end and compared.start < claim.end for compared in comparisons)
    }


def _mirrored(claims: set[tuple[str, int]], exchanged: set[tuple[str, int]]) -> Kept:
    return Kept(sum((subject, 3 - audio) in exchanged for subject, audio in claims), len(claims))
