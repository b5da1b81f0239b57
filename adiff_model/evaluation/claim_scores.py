"""Answers claim by claim: what each claims of the two audios, whether it is so, and how much of what is so it tells.

Claims are measured against the events of a demo corpus or the edit of an edited pair, where its folder is named, else
against the captions, and in each case against what was measured. Captions leave things out, so an event that they do
not name is undecided, unless they name it of the other audio; of a demo corpus everything is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adiff_data.audio.differences import PairFactsSource
from adiff_data.claims import (
    ClaimCounts,
    Kind,
    Outcome,
    PairTruth,
    Vocabulary,
    caption_words,
    count_claims,
    count_shared_claims,
    truth_of_captions,
)
from adiff_data.claims.edit_truth import with_edit
from adiff_data.claims.judged import JudgedClaim, judged_claims
from adiff_data.demo.naming import mentions
from adiff_data.demo.truthfulness import truth_of_clips
from adiff_data.tiers import is_about_similarity
from adiff_model.as_annotation import as_annotation
from adiff_model.evaluation.ground_truth import GroundTruth
from adiff_model.evaluation.shares import share_of_sums
from adiff_model.metrics.text_scores import MetricScores, NoScore, Score
from adiff_model.prediction_file import Prediction

CLAIMS_TRUE, CLAIMS_CONTRADICTED = "claims true", "claims contradicted"
CLAIMS_INVENTED, CLAIMS_UNDECIDED = "claims invented", "claims undecided"
EVENTS_TOLD, DIFFERENCES_TOLD = "events told", "differences told"
CLAIM_METRICS = (
    CLAIMS_TRUE,
    CLAIMS_CONTRADICTED,
    CLAIMS_INVENTED,
    CLAIMS_UNDECIDED,
    EVENTS_TOLD,
    DIFFERENCES_TOLD,
)
_DECIDED = (Outcome.TRUE, Outcome.CONTRADICTED, Outcome.INVENTED)
_NO_CLAIM = "no answer makes a claim"
_NONE_DECIDED = "no claim could be decided"
_NO_EVENT = "no event of an audio is known"
_NO_DIFFERENCE = "no difference was measured: no folder of recordings was named, or nothing differs enough"


@dataclass(frozen=True)
class RowClaims:
    """The claims of one answer, in their order, and their counts."""

    claims: tuple[JudgedClaim, ...]
    counts: ClaimCounts


def claims_of_rows(
    rows: Sequence[Prediction], *, ground_truth: GroundTruth, facts: PairFactsSource | None = None
) -> tuple[RowClaims, ...]:
    """Splits each prediction into its claims, and judges them.

    Args:
        ground_truth: what is known of the clips and pairs.
        facts: the facts of the pairs' recordings, if they were measured.
    """
    return tuple(_claims_of_row(row, ground_truth, facts) for row in rows)


def claim_scores(rows: Sequence[RowClaims]) -> MetricScores:
    """The scores of `CLAIM_METRICS`, with intervals over the rows."""
    counts = [row.counts for row in rows]

    def share(part: Callable[[ClaimCounts], int], whole: Callable[[ClaimCounts], int], reason: str) -> Score | NoScore:
        return share_of_sums([part(each) for each in counts], [whole(each) for each in counts], reason=reason)

    def number(*outcomes: Outcome) -> Callable[[ClaimCounts], int]:
        return lambda each: each.number(*outcomes)

    def told(kind: Kind, reason: str) -> Score | NoScore:
        return share(lambda each: each.told[kind], lambda each: each.tellable[kind], reason)

    every = number(*Outcome)
    return {
        CLAIMS_TRUE: share(number(Outcome.TRUE), number(*_DECIDED), _NONE_DECIDED),
        CLAIMS_CONTRADICTED: share(number(Outcome.CONTRADICTED), every, _NO_CLAIM),
        CLAIMS_INVENTED: share(number(Outcome.INVENTED), every, _NO_CLAIM),
        CLAIMS_UNDECIDED: share(number(Outcome.UNDECIDED), every, _NO_CLAIM),
        EVENTS_TOLD: told(Kind.EVENT, _NO_EVENT),
        DIFFERENCES_TOLD: told(Kind.COMPARISON, _NO_DIFFERENCE),
    }


def _claims_of_row(row: Prediction, ground_truth: GroundTruth, facts: PairFactsSource | None) -> RowClaims:
    truth, vocabulary = _truth_of_row(row, ground_truth, facts)
    judged = judged_claims(row.prediction, truth, vocabulary)
    count = count_shared_claims if is_about_similarity(row.tier) else count_claims
    return RowClaims(judged, count([each.claim for each in judged], truth))


def _truth_of_row(
    row: Prediction, ground_truth: GroundTruth, facts: PairFactsSource | None
) -> tuple[PairTruth, Vocabulary]:
    measured = facts.of(as_annotation(row)) if facts else None
    if clips := ground_truth.clips_of(row):
        return truth_of_clips(*clips, measured), mentions
    truth = truth_of_captions(row.caption1, row.caption2, caption_words, measured)
    edit = ground_truth.edit_of(row)
    return with_edit(truth, edit, caption_words) if edit else truth, caption_words
