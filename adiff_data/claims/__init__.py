"""What an answer claims, claim by claim, and whether it is so."""

from adiff_data.claims.claim import BOTH, Claim, Kind, Mention, Vocabulary
from adiff_data.claims.counting import ClaimCounts, count_claims, count_shared_claims
from adiff_data.claims.splitting import split_claims
from adiff_data.claims.truth import ClipTruth, Outcome, PairTruth, judge_claim, truth_of_captions, with_measurements
from adiff_data.claims.vocabulary import caption_words

__all__ = [
    "BOTH",
    "Claim",
    "ClaimCounts",
    "ClipTruth",
    "Kind",
    "Mention",
    "Outcome",
    "PairTruth",
    "Vocabulary",
    "caption_words",
    "count_claims",
    "count_shared_claims",
    "judge_claim",
    "split_claims",
    "truth_of_captions",
    "with_measurements",
]
