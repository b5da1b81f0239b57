"""Grounding an answer: each claim is held against what was measured and detected, and what does not hold is left out.

Comparisons, amounts, "equally loud", "nothing differs" and events are held against it. The order of events in time, and
what a scene is like, are neither measured nor left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from adiff_data.audio.differences import Difference, PairFacts, comparable
from adiff_data.checks.measurements import measurements
from adiff_data.claims import BOTH, Claim, Kind, Outcome, PairTruth, Vocabulary, judge_claim, split_claims
from adiff_data.claims.comparisons import comparisons
from adiff_data.grounding.leaving_out import amount_of, without_amount, without_claim

_EVENTS = (Kind.EVENT, Kind.ABSENT)
_MEASURED = (Kind.COMPARISON, Kind.EQUAL, Kind.SAME)
_WRONG = (Outcome.CONTRADICTED, Outcome.INVENTED)
_SAME_AMOUNT, _ROUNDED = 0.1, 0.5  # as a share of the amount, or in its unit


@dataclass(frozen=True)
class LeftOut:
    """A claim that is not let through.

    Attributes:
        words: as the answer had it.
        outcome: what is known says to it.
        reason: why it is left out.
    """

    words: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Grounded:
    """An answer without the claims that do not hold.

    Attributes:
        text: may be empty, and may have lost all that it said of an audio.
        left_out: in the order in which they were found.
    """

    text: str
    left_out: tuple[LeftOut, ...] = ()


def faults_of(answer: str, truth: PairTruth, vocabulary: Vocabulary) -> tuple[int, int]:
    """How many claims of an answer are wrong, and minus how many are true: the smaller, the better."""
    outcomes = [judge_claim(claim, truth) for claim in _judged_kinds(answer, vocabulary)]
    return sum(outcome in _WRONG for outcome in outcomes), -outcomes.count(Outcome.TRUE)


def ground(answer: str, truth: PairTruth, vocabulary: Vocabulary, facts: PairFacts | None) -> Grounded:
    """An answer without what contradicts the truth, and without comparisons that it cannot settle.

    Args:
        truth: what was detected and measured.
        vocabulary: finds the events that the answer names; what it does not know stays.
        facts: what was measured, for amounts and reasons; None where nothing was.
    """
    left_out: list[LeftOut] = []
    while fault := _first_fault(answer, truth, vocabulary):
        claim, outcome = fault
        left_out.append(LeftOut(answer[claim.start : claim.end], outcome, _reason(claim, truth, facts)))
        answer = without_claim(answer, claim)
    while wrong := _first_wrong_amount(answer, facts):
        claim, amount, difference = wrong
        words = f"{answer[claim.start : claim.end]} by {amount}"
        left_out.append(LeftOut(words, Outcome.CONTRADICTED, difference.words()))
        is_said_before = _is_said_before(answer, claim)
        answer = without_claim(answer, claim) if is_said_before else without_amount(answer, claim.start)
    return Grounded(answer, tuple(left_out))


def _judged_kinds(answer: str, vocabulary: Vocabulary) -> list[Claim]:
    """The claims that can be held against what is known; words of comparisons are no events."""
    claims = split_claims(answer, vocabulary)
    measured = [claim for claim in claims if claim.kind in _MEASURED]
    events = [
        claim
        for claim in claims
        if claim.kind in _EVENTS and not any(claim.start < other.end and other.start < claim.end for other in measured)
    ]
    return measured + events


def _first_fault(answer: str, truth: PairTruth, vocabulary: Vocabulary) -> tuple[Claim, Outcome] | None:
    for claim in _judged_kinds(answer, vocabulary):
        outcome = judge_claim(claim, truth)
        if outcome in _WRONG or (outcome == Outcome.UNDECIDED and claim.kind in _MEASURED):
            return claim, outcome
    return None


def _first_wrong_amount(answer: str, facts: PairFacts | None) -> tuple[Claim, str, Difference] | None:
    """A comparison that is so, by another amount than was measured."""
    measured = {difference.quality: difference for difference in facts.differences} if facts else {}
    for made in comparisons(answer):
        amount, difference = amount_of(answer, made.start), measured.get(made.quality)
        if amount and difference and not _agree(amount, difference.amount):
            end = made.start + len(made.words)
            return Claim(Kind.COMPARISON, made.audio, made.quality, made.start, end), amount, difference
    return None


def _agree(said: str, measured: str) -> bool:
    if said.startswith("a factor of"):
        said, measured = (text.removeprefix("a factor of").split(" in ")[0] + " s" for text in (said, measured))
    pairs = [(one, other) for one in measurements(said) for other in measurements(measured) if one.unit == other.unit]
    return any(abs(one.value - other.value) <= max(_SAME_AMOUNT * other.value, _ROUNDED) for one, other in pairs)


def _is_said_before(answer: str, claim: Claim) -> bool:
    said = [(made.quality, made.audio) for made in comparisons(answer) if made.start < claim.start]
    return (claim.subject, claim.audio) in said


def _reason(claim: Claim, truth: PairTruth, facts: PairFacts | None) -> str:
    if claim.kind in _EVENTS:
        return _reason_of_event(claim, truth)
    measured: Sequence[Difference] = facts.differences if facts else ()
    if claim.kind == Kind.SAME:
        return ", ".join(difference.words() for difference in measured) or "it could not be settled"
    if difference := next((each for each in measured if each.quality == claim.subject), None):
        return difference.words()
    if facts is None or not comparable(claim.subject, facts.first, facts.second):
        return "it could not be measured on both"
    if claim.subject in truth.equal or truth.same:
        return "both measure alike"
    return "the measured difference is neither large nor small enough to tell"


def _reason_of_event(claim: Claim, truth: PairTruth) -> str:
    sides = [audio for audio in (1, 2) if claim.subject in truth.clip(audio).events]
    if claim.kind == Kind.ABSENT:
        return f"{claim.subject} was detected in {' and '.join(f'audio {side}' for side in sides)}"
    if claim.audio == BOTH and sides:
        return f"{claim.subject} was detected in audio {sides[0]} alone"
    elsewhere = f", but in audio {3 - claim.audio}" if sides else ""
    where = "either audio" if claim.audio == BOTH or not sides else f"audio {claim.audio}"
    return f"{claim.subject} was not detected in {where}{elsewhere}"
