"""Planted systems on demo pairs of which everything is known: claims are counted as what they are."""

import re
from itertools import pairwise

import pytest

from adiff_data.claims import Kind, Outcome
from adiff_data.claims.marks import claim_marks
from adiff_model.evaluation.claim_scores import (
    CLAIM_METRICS,
    CLAIMS_CONTRADICTED,
    CLAIMS_INVENTED,
    CLAIMS_TRUE,
    CLAIMS_UNDECIDED,
    DIFFERENCES_TOLD,
    EVENTS_TOLD,
    claim_scores,
    claims_of_rows,
)
from adiff_model.evaluation.ground_truth import NOTHING_KNOWN, read_ground_truth
from adiff_model.metrics.text_scores import NoScore, Score
from adiff_model.prediction_file import Prediction


def answering(rows: list[Prediction], answer) -> list[Prediction]:
    return [row.model_copy(update={"prediction": answer(row)}) for row in rows]


def exchanged(row: Prediction) -> str:
    other = {"1": "2", "2": "1", "first": "second", "second": "first"}
    named = re.compile(r"(?<=[Aa]udio )[12]|\b(?:first|second)(?= (?:audio|clip))")
    return named.sub(lambda name: other[name[0]], row.prediction)


@pytest.fixture
def scores_of(predictions, demo_corpus):
    """Scores answers to the few-words rows against the whole truth."""
    rows = [row for row in predictions if row.tier == "fewwords"]
    ground_truth = read_ground_truth(demo_corpus, rows)
    assert ground_truth.clips

    def score(answer) -> dict[str, float | None]:
        scores = claim_scores(claims_of_rows(answering(rows, answer), ground_truth=ground_truth))
        assert tuple(scores) == CLAIM_METRICS
        return {name: each.value if isinstance(each, Score) else None for name, each in scores.items()}

    return score


def test_answers_by_the_rules_are_true_and_tell_most_events(scores_of):
    scores = scores_of(lambda row: row.prediction)
    assert scores[CLAIMS_TRUE] > 0.95
    assert scores[EVENTS_TOLD] > 0.8
    assert scores[DIFFERENCES_TOLD] is None  # nothing was measured


def test_answers_with_the_sides_exchanged_are_contradicted(scores_of):
    scores = scores_of(exchanged)
    assert scores[CLAIMS_TRUE] < 0.3
    assert scores[CLAIMS_CONTRADICTED] > 0.5


def test_a_deaf_system_invents(scores_of):
    scores = scores_of(lambda row: "Audio 1 has a dog, rain, thunder, a siren, a bell and a clock; audio 2 has wind.")
    assert scores[CLAIMS_INVENTED] > 0.3
    assert scores[CLAIMS_TRUE] < 0.5


def test_a_generic_answer_claims_nothing(scores_of):
    scores = scores_of(lambda row: "The two are not alike in what can be heard.")
    assert scores[CLAIMS_TRUE] is None
    assert scores[EVENTS_TOLD] == 0


def row_of(answer: str, caption1: str = "A dog barks.", caption2: str = "Rain falls on a roof.") -> Prediction:
    return Prediction(
        id="a", filepath1="a.wav", filepath2="b.wav", caption1=caption1, caption2=caption2, tier="fewwords",
        prompt="", references=("",), prediction=answer,
    )  # fmt: skip


def test_captions_tell_of_the_other_side_and_leave_the_rest_undecided():
    [claims] = claims_of_rows([row_of("Audio 1 has rain, while audio 2 has a violin.")], ground_truth=NOTHING_KNOWN)
    assert [(each.claim.audio, each.outcome) for each in claims.claims] == [
        (1, Outcome.CONTRADICTED),
        (2, Outcome.UNDECIDED),
    ]


def test_words_of_a_comparison_are_no_events():
    [claims] = claims_of_rows([row_of("Audio 2 is louder than audio 1.")], ground_truth=NOTHING_KNOWN)
    assert [each.claim.kind for each in claims.claims] == [Kind.COMPARISON]


def test_without_claims_there_is_no_score_but_a_reason():
    scores = claim_scores(claims_of_rows([row_of("", "", "")], ground_truth=NOTHING_KNOWN))
    assert all(isinstance(score, NoScore) and score.reason for score in scores.values())


def test_marks_do_not_overlap_and_the_gravest_claim_keeps_its_words():
    row = row_of("Audio 1 has rain, then a dog barks; audio 2 has rain.")
    [claims] = claims_of_rows([row], ground_truth=NOTHING_KNOWN)
    marks = claim_marks(row.prediction, claims.claims)
    assert all(first.end <= second.start for first, second in pairwise(marks))
    assert marks[0].outcome == "contradicted"
    assert marks[0].note == "contradicted: “rain” in audio 1"
    assert [mark.outcome for mark in marks].count("true") >= 1


def test_undecided_is_no_part_of_what_is_true():
    scores = claim_scores(claims_of_rows([row_of("Audio 1 has a dog and a violin.")], ground_truth=NOTHING_KNOWN))
    assert scores[CLAIMS_TRUE].value == 1.0
    assert 0 < scores[CLAIMS_UNDECIDED].value < 1
