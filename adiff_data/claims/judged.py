"""The claims of an answer, each with what the truth says to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from adiff_data.claims.claim import Claim, Kind, Vocabulary
from adiff_data.claims.splitting import split_claims
from adiff_data.claims.truth import Outcome, PairTruth, judge_claim


@dataclass(frozen=True)
class JudgedClaim:
    """A claim of an answer, and what the truth says to it."""

    claim: Claim
    outcome: Outcome


def judged_claims(answer: str, truth: PairTruth, vocabulary: Vocabulary) -> tuple[JudgedClaim, ...]:
    """The claims of an answer, in their order.

    Args:
        truth: what is known of the two audios.
        vocabulary: finds the events that the answer names, by the names that the truth has for them.
    """
    claims = _without_words_of_comparisons(split_claims(answer, vocabulary))
    return tuple(JudgedClaim(claim, judge_claim(claim, truth)) for claim in claims)


def _without_words_of_comparisons(claims: Sequence[Claim]) -> list[Claim]:
    """Without events that are words of something else that is claimed: "louder" is no event."""
    others = [claim for claim in claims if claim.kind in (Kind.COMPARISON, Kind.EQUAL, Kind.SAME, Kind.ARRANGEMENT)]
    return [
        claim
        for claim in claims
        if claim.kind not in (Kind.EVENT, Kind.ABSENT)
        or not any(claim.start < other.end and other.start < claim.end for other in others)
    ]
