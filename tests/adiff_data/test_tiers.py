"""The kinds of answer: one registry, which everything else reads."""

from typing import get_args

import pytest

from adiff_data.core.errors import InputError
from adiff_data.tiers import ANSWER_KINDS, TIER_OF_REQUEST, TIERS, TierName, require_tier


def test_the_published_tiers_are_the_three_of_the_paper_and_similarity_is_beside_them():
    assert tuple(TIERS) == ("fewwords", "sentence", "detail")
    assert tuple(ANSWER_KINDS) == (*TIERS, "similarity") == get_args(TierName)


def test_each_kind_is_known_by_its_request():
    assert TIER_OF_REQUEST["explain the similarity of the two audios"] == "similarity"
    assert len(TIER_OF_REQUEST) == len(ANSWER_KINDS)


def test_what_is_no_kind_of_answer_is_refused_with_those_that_there_are():
    with pytest.raises(InputError, match=r"no tier 'haiku'.*fewwords, sentence, detail, similarity"):
        require_tier("haiku")
