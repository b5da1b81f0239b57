"""Answers from what was detected and measured alone."""

import pytest

from adiff_data.grounding import fallback_answer
from adiff_data.grounding.fallback import NO_DIFFERENCE, NO_LIKENESS
from adiff_data.tiers import TIERS


@pytest.mark.parametrize("tier", TIERS)
def test_what_was_detected_and_measured_is_told_in_the_tier(pair, tier):
    text = fallback_answer("a", tier, (["a dog"], ["rain", "a bell"]), pair(loudness=-11.0), same=False)
    assert all(word in text for word in ("dog", "rain", "bell", "louder"))
    assert TIERS[tier].least - 5 <= len(text.split()) <= TIERS[tier].most


def test_what_is_known_of_one_audio_is_told_of_it(pair):
    text = fallback_answer("a", "fewwords", ([], ["rain"]), pair(loudness=-11.0), same=False)
    assert text == "In audio 2, rain can be heard; in audio 1, no sound was recognized. Audio 1 is louder than audio 2."


def test_that_nothing_was_found_is_said(pair):
    assert fallback_answer("a", "detail", ([], []), None, same=False) == NO_DIFFERENCE
    assert fallback_answer("a", "detail", (["rain"], ["rain"]), pair(), same=True) == NO_DIFFERENCE
    assert fallback_answer("a", "similarity", (["rain"], []), None, same=False) == NO_LIKENESS


def test_what_both_share_is_told(pair):
    assert "rain" in fallback_answer("a", "similarity", (["rain"], ["rain"]), pair(loudness=-11.0), same=False).lower()
