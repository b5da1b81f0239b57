"""The check of contradiction: does an answer compare the audios, or call them equal, against what was measured?"""

from collections.abc import Iterator
from typing import NamedTuple

from adiff_data.audio.differences import PairFacts, comparable
from adiff_data.audio.likenesses import likenesses
from adiff_data.checks.verdicts import Finding, Reason, failed, passed, undecided
from adiff_data.claims.claim import BOTH
from adiff_data.claims.common_ground import same_words
from adiff_data.claims.comparisons import comparisons
from adiff_data.claims.equality import equal_claims, same_claims
from adiff_data.records import Annotation

NAME = "contradiction"


class ContradictionReason(Reason):
    """What the facts say against a comparison, or why they say nothing; `words` are the answer's."""

    CONTRADICTED = "it says '{words}', but {difference}"
    OTHER_CAPTIONS = "it says '{words}', but the captions tell of different sounds"
    NOTHING_MEASURED = "it compares ('{words}'), and nothing was measured"
    TOO_SMALL = "it says '{words}', and the measured difference is too small to tell"
    TOO_LARGE = "it says '{words}', and the measured difference is neither large nor small"
    NOT_ON_BOTH = "it says '{words}', which could not be measured on both"


class _Compared(NamedTuple):
    """What an answer says of a quality: the audio (1 or 2) that has more of it, or `BOTH` where it calls them equal."""

    quality: str
    audio: int
    words: str


def contradiction(annotation: Annotation, facts: PairFacts | None) -> Finding:
    """Fails an answer that claims of one audio what was measured on the other, or that equals what differs."""
    compared = list(_compared(annotation.answer))
    if facts and (finding := _against_facts(annotation.answer, compared, facts)):
        return finding
    for same in same_claims(annotation.answer):
        if not same_words(annotation.caption1, annotation.caption2):
            return failed(NAME, ContradictionReason.OTHER_CAPTIONS, words=annotation.answer[same.start : same.end])
    if not compared:
        return passed(NAME)
    if facts is None:
        return undecided(NAME, ContradictionReason.NOTHING_MEASURED, words=compared[0].words)
    return _undecided_by_facts(compared, facts) or passed(NAME)


def _compared(answer: str) -> Iterator[_Compared]:
    for made in comparisons(answer):
        yield _Compared(made.quality, made.audio, made.words)
    for equal in equal_claims(answer):
        yield _Compared(equal.subject, BOTH, answer[equal.start : equal.end])


def _against_facts(answer: str, compared: list[_Compared], facts: PairFacts) -> Finding | None:
    measured = {difference.quality: difference for difference in facts.differences}
    for said in compared:
        difference = measured.get(said.quality)
        if difference and difference.audio != said.audio:
            kind = ContradictionReason.CONTRADICTED
            return failed(NAME, kind, words=said.words, difference=difference.words())
    for same in same_claims(answer):
        for difference in facts.differences:
            words = answer[same.start : same.end]
            return failed(NAME, ContradictionReason.CONTRADICTED, words=words, difference=difference.words())
    return None


def _undecided_by_facts(compared: list[_Compared], facts: PairFacts) -> Finding | None:
    measured, alike = {difference.quality for difference in facts.differences}, likenesses(facts)
    for said in compared:
        if not comparable(said.quality, facts.first, facts.second):
            return undecided(NAME, ContradictionReason.NOT_ON_BOTH, words=said.words)
        if said.audio != BOTH and said.quality not in measured:
            return undecided(NAME, ContradictionReason.TOO_SMALL, words=said.words)
        if said.audio == BOTH and said.quality not in alike:
            return undecided(NAME, ContradictionReason.TOO_LARGE, words=said.words)
    return None
