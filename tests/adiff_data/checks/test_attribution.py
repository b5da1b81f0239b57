"""Attribution by the real MiniLM and the fitted maps, and by words alone."""

import subprocess
import sys

import numpy as np
import pytest

from adiff_data.checks.attribution import (
    SIZE,
    AttributionReason,
    attribution,
    embed_with,
    features,
    load_embedding,
    load_maps,
    word_attribution,
)
from tests.adiff_data.checks.conftest import DOG, RAIN, annotation

ANSWER_OF_ANOTHER_PAIR = (
    "Audio 1 has a choir that sings in a church; audio 2 has a motorcycle that drives past on a wet street."
)
TIERS = ("fewwords", "sentence")


@pytest.fixture(scope="module")
def embed():
    return embed_with(load_embedding())


def judged(embed, *rows):
    return [(finding.outcome, finding.kind) for finding in attribution(rows, embed, load_maps())]


@pytest.mark.slow
@pytest.mark.parametrize("tier", TIERS)
def test_an_answer_to_its_own_captions_passes(embed, tier):
    assert judged(embed, annotation(tier=tier)) == [("pass", None)]


@pytest.mark.parametrize("tier", TIERS)
def test_swapped_sides_fail(embed, tier):
    assert judged(embed, annotation(tier=tier, caption1=RAIN, caption2=DOG)) == [("fail", AttributionReason.SWAPPED)]


def test_the_answer_of_another_pair_fails(embed):
    assert judged(embed, annotation(ANSWER_OF_ANOTHER_PAIR)) == [("fail", AttributionReason.ANOTHER_PAIR)]


def test_the_events_of_one_side_given_to_both_fail(embed):
    both = "Audio 1 has a dog that barks loudly in a yard; audio 2 has a dog that barks in a yard as well."
    (finding,) = attribution([annotation(both)], embed, load_maps())
    assert (finding.outcome, finding.kind, finding.arguments) == ("fail", AttributionReason.ONE_SIDED, {"audio": 2})


def test_progress_is_told_by_distinct_texts_and_their_embeddings_stay_in_order():
    def by_length(texts):
        return np.outer([len(text) for text in texts], np.ones(SIZE))

    told = []
    texts = [f"a dog barks {'and barks ' * (number % 90)}{number}" for number in range(700)]
    found = features([*texts, *texts], embed_with(by_length), told.append)
    assert found[:, 0].tolist() == [len(text) for text in [*texts, *texts]]
    assert (told[0].done, told[-1].done, told[-1].unit) == (0, told[-1].total, "texts")
    assert len(told) > 3


def test_an_answer_in_other_words_than_the_captions_passes(embed):
    paraphrase = "Audio 1 is a hound, woofing outside; audio 2 is a downpour drumming on metal."
    assert judged(embed, annotation(paraphrase)) == [("pass", None)]


def test_captions_that_are_alike_decide_nothing_about_sides(embed):
    row = annotation("Audio 1 has a dog that barks; audio 2 has a dog that barks.", caption1=DOG, caption2=DOG)
    assert judged(embed, row) == [("undecided", AttributionReason.CAPTIONS_ALIKE)]


@pytest.mark.slow
def test_a_verdict_does_not_depend_on_the_other_rows(embed):
    rows = [annotation(), annotation(caption1=RAIN, caption2=DOG), annotation(ANSWER_OF_ANOTHER_PAIR)]
    assert judged(embed, *rows) == [judged(embed, row)[0] for row in rows]


def test_the_maps_are_plain_arrays():
    maps = load_maps()
    assert maps.answer.shape == maps.caption.shape == (2 * SIZE, 128)
    assert np.isfinite(maps.answer).all()
    assert set(maps.least_fit) == {"fewwords", "sentence", "detail"}


def test_words_alone_find_an_exchange_and_leave_the_rest_undecided():
    rows = [
        annotation(),
        annotation(caption1=RAIN, caption2=DOG),
        annotation("Audio 1 is a hound, woofing; audio 2 is a downpour on metal."),
    ]
    findings = word_attribution(rows)
    assert [finding.outcome for finding in findings] == ["pass", "fail", "undecided"]
    assert [finding.kind for finding in findings[1:]] == [AttributionReason.SWAPPED, AttributionReason.WORDS_UNDECIDED]


@pytest.mark.slow
def test_no_torch_where_words_are_enough():
    script = "import sys, adiff_data.checks.checking, pipelines.steps.check; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
