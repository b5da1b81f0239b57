"""Which words of an answer make which claim, and whether it is so: what the report and a review underline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from adiff_data.claims.claim import BOTH, Claim, Kind
from adiff_data.claims.judged import JudgedClaim
from adiff_data.claims.truth import Outcome

_GRAVEST_FIRST = (Outcome.CONTRADICTED, Outcome.INVENTED, Outcome.TRUE, Outcome.UNDECIDED)
_ARRANGEMENTS = {"sequence": "one sound after another", "together": "all sounds at once"}
_IN_WORDS: dict[Kind, Callable[[Claim], str]] = {
    Kind.EVENT: lambda claim: f"“{claim.subject}” in {_audio(claim)}",
    Kind.ABSENT: lambda claim: f"no “{claim.subject}” in {_audio(claim)}",
    Kind.ORDER: lambda claim: f"“{claim.subject}” before “{claim.second}” in {_audio(claim)}",
    Kind.TOGETHER: lambda claim: f"“{claim.subject}” together with “{claim.second}” in {_audio(claim)}",
    Kind.ARRANGEMENT: lambda claim: f"{_ARRANGEMENTS.get(claim.subject, claim.subject)} in {_audio(claim)}",
    Kind.COMPARISON: lambda claim: f"{_audio(claim)} is {claim.subject}",
    Kind.EQUAL: lambda claim: f"neither audio is {claim.subject}",
    Kind.SAME: lambda claim: "nothing differs",
}


@dataclass(frozen=True)
class ClaimMark:
    """Some words of an answer, `answer[start:end]`.

    Attributes:
        outcome: of the gravest claim that they make.
        note: every claim that they make, and what the truth says to it.
    """

    start: int
    end: int
    outcome: str
    note: str


def claim_marks(answer: str, claims: Sequence[JudgedClaim]) -> list[ClaimMark]:
    """The marks of an answer, in its order; none overlap. Where claims do, the gravest keeps its words."""
    words = _words_of_events(answer, claims)
    marks: list[ClaimMark] = []
    for outcome in _GRAVEST_FIRST:
        for judged in claims:
            start, end = judged.claim.start, judged.claim.end
            if judged.outcome == outcome and not any(mark.start < end and start < mark.end for mark in marks):
                within = (each for each in claims if start <= each.claim.start and each.claim.end <= end)
                note = "; ".join(f"{each.outcome.value}: {_in_words(each.claim, words)}" for each in within)
                marks.append(ClaimMark(start, end, outcome.value, note))
    return sorted(marks, key=lambda mark: mark.start)


def _words_of_events(answer: str, claims: Sequence[JudgedClaim]) -> dict[str, str]:
    """By event, the words that first name it in the answer: an event itself may be the stem of a word."""
    events = [judged.claim for judged in claims if judged.claim.kind in (Kind.EVENT, Kind.ABSENT)]
    return {claim.subject: answer[claim.start : claim.end] for claim in reversed(events)}


def _in_words(claim: Claim, words: Mapping[str, str]) -> str:
    subject, second = (words.get(event, event) for event in (claim.subject, claim.second))
    return _IN_WORDS[claim.kind](replace(claim, subject=subject, second=second))


def _audio(claim: Claim) -> str:
    return "both audios" if claim.audio == BOTH else f"audio {claim.audio}"
