"""An answer from what was detected and measured alone, where nothing of the model's own holds."""

from collections.abc import Sequence

from adiff_data.annotation import rules
from adiff_data.annotation.rules.sides import capital
from adiff_data.audio.differences import PairFacts
from adiff_data.claims.common_ground import common_ground
from adiff_data.core.wording import listed
from adiff_data.records import Pair
from adiff_data.tiers import is_about_similarity

NO_DIFFERENCE = "No difference between the two audios was detected or measured."
NO_LIKENESS = "Nothing that the two audios have in common was detected or measured."


def fallback_answer(
    key: str, tier: str, events: tuple[Sequence[str], Sequence[str]], facts: PairFacts | None, *, same: bool
) -> str:
    """What was detected and measured, in the words of the rules annotator; else that nothing was.

    Args:
        key: the same key gives the same wording.
        tier: the kind of answer that is wanted.
        events: what was detected in each audio, in words.
        same: whether nothing was found to differ.
    """
    if is_about_similarity(tier):
        pair = _pair(key, events) if all(events) else None
        is_known = pair is not None and common_ground(pair, facts).can_be_told
        return rules.answer(pair, tier, facts) if pair and is_known else NO_LIKENESS
    if same:
        return NO_DIFFERENCE
    if all(events):
        return rules.answer(_pair(key, events), tier, facts)
    compared = capital(rules.comparison(facts.differences)) + "." if facts and facts.differences else ""
    heard = " ".join(_heard_on_one_side(audio, names) for audio, names in enumerate(events, start=1) if names)
    return " ".join(filter(None, (heard, compared))) or NO_DIFFERENCE


def _pair(key: str, events: tuple[Sequence[str], Sequence[str]]) -> Pair:
    """The two audios as clips whose captions are what was detected."""
    first, second = (f"{capital(listed(names))}." for names in events)
    return Pair(id=key, corpus="", split="", filepath1="1", filepath2="2", caption1=first, caption2=second, strategy="")


def _heard_on_one_side(audio: int, names: Sequence[str]) -> str:
    return f"In audio {audio}, {listed(names)} can be heard; in audio {3 - audio}, no sound was recognized."
