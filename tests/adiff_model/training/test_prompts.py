"""How the model is asked in training: the published requests, and paraphrases of them."""

import pytest

from adiff_data.tiers import ANSWER_KINDS
from adiff_model.training.prompts import PROMPTS, canonical


@pytest.mark.parametrize("task", PROMPTS)
def test_every_request_has_forty_different_wordings(task):
    wordings = PROMPTS[task]
    assert len({wording.lower().strip() for wording in wordings}) == len(wordings) >= 40
    assert all(wording == wording.strip() and len(wording) > 10 for wording in wordings)


@pytest.mark.parametrize("kind", ANSWER_KINDS)
def test_evaluation_asks_as_published(kind):
    assert canonical(kind) == ANSWER_KINDS[kind].request


def test_no_wording_serves_two_requests():
    everything = [wording for wordings in PROMPTS.values() for wording in wordings]
    assert len(set(everything)) == len(everything)
