"""The check of answers about edited pairs: do they tell what was made, and nothing against it?"""

from adiff_data.checks.verdicts import Finding, Reason, failed, passed, undecided
from adiff_data.claims.claim import BOTH, Claim, Kind
from adiff_data.claims.edit_truth import QUALITY_OF_EDIT, EditTruth, with_edit
from adiff_data.claims.splitting import split_claims
from adiff_data.claims.truth import Outcome, judge_claim, truth_of_captions
from adiff_data.claims.vocabulary import caption_words
from adiff_data.records import Annotation
from adiff_data.tiers import is_about_similarity

NAME = "known edit"


class KnownEditReason(Reason):
    """What the truth of an edited pair says against an answer; `words` are the answer's."""

    AGAINST = "it says '{words}', but {difference}"
    NOT_TOLD = "it does not tell that {difference}"
    UNREAD = "whether it tells that {difference} cannot be read from its words"


def known_edit(annotation: Annotation, truth: EditTruth) -> Finding:
    """Fails an answer that claims something against what was made, or tells no difference where one was made.

    What cannot be read from words in a fixed way (distance, noise, repetition, moments) is undecided.
    """
    known = with_edit(truth_of_captions(annotation.caption1, annotation.caption2, caption_words), truth, caption_words)
    judged = [(claim, judge_claim(claim, known)) for claim in split_claims(annotation.answer, caption_words)]
    for claim, outcome in judged:
        against = outcome in (Outcome.CONTRADICTED, Outcome.INVENTED)
        if against and not (_is_of_recording(claim, truth) or _is_of_both_sounds(claim, truth)):
            words = annotation.answer[claim.start : claim.end]
            return failed(NAME, KnownEditReason.AGAINST, words=words, difference=_in_words(truth))
    if is_about_similarity(annotation.tier):
        return passed(NAME)
    told = {claim.subject for claim, outcome in judged if outcome == Outcome.TRUE and claim.kind in _TELLING}
    if truth.quality in QUALITY_OF_EDIT or truth.quality == "nothing":
        wanted = QUALITY_OF_EDIT.get(truth.quality, "everything")
        return passed(NAME) if wanted in told else failed(NAME, KnownEditReason.NOT_TOLD, difference=_in_words(truth))
    return undecided(NAME, KnownEditReason.UNREAD, difference=_in_words(truth))


_TELLING = (Kind.COMPARISON, Kind.SAME)


def _is_of_recording(claim: Claim, truth: EditTruth) -> bool:
    """Whether it is about an event of the recording itself, which both audios have."""
    return claim.kind is Kind.EVENT and claim.audio != BOTH and not truth.events


def _is_of_both_sounds(claim: Claim, truth: EditTruth) -> bool:
    """Whether it denies a word that the recording has, and a sound laid into the other audio too: it means that."""
    laid_in = " ".join(event.caption for event in truth.events if claim.audio not in event.sides)
    words = [{mention.source for mention in caption_words(text)} for text in (truth.caption, laid_in)]
    return claim.kind is Kind.ABSENT and all(claim.subject in of_text for of_text in words)


def _in_words(truth: EditTruth) -> str:
    if truth.quality == "nothing":
        return "the two sound the same"
    if truth.quality in QUALITY_OF_EDIT:
        amount = f" by {truth.amount:g} {truth.unit}" if truth.unit else ""
        return f"audio {truth.more} is {QUALITY_OF_EDIT[truth.quality]}{amount}"
    return _DIFFERENCES.get(truth.quality, "audio {edited} was edited").format(more=truth.more, edited=truth.edited)


_DIFFERENCES = {  # of qualities that nothing measures
    "distance": "audio {more} sounds farther away",
    "noise": "audio {more} has more noise",
    "event": "audio {more} has one more sound",
    "replacement": "one sound of audio 1 is another in audio 2",
    "onset": "one sound comes later in audio {more}",
    "repetition": "one sound comes more often in audio {more}",
    "order": "two sounds come in another order in audio 2 than in audio 1",
}
