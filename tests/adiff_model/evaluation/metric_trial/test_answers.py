"""Right answers say what is so, in sentences whose claims the splitter reads as they are meant."""

import pytest

from adiff_data.checks.checking import check_all
from adiff_data.claims import Kind, caption_words, split_claims, truth_of_captions
from adiff_data.claims.comparisons import comparisons as comparisons_in
from adiff_data.claims.content_words import content_stems
from adiff_data.claims.sides import sides_of
from adiff_data.claims.truth import Outcome, judge_claim
from adiff_model.as_annotation import as_annotation
from adiff_model.evaluation.metric_trial import wordings
from adiff_model.evaluation.metric_trial.answers import (
    BEHIND_EVENTS,
    Answer,
    ComparisonClaim,
    known_comparisons,
    right_answer,
)
from adiff_model.prediction_file import Prediction, Task


def task_of(caption1: str, caption2: str, tier: str = "sentence") -> Task:
    return Task(
        id="a", filepath1="1.wav", filepath2="2.wav", tier=tier, prompt="", references=("…",),
        caption1=caption1, caption2=caption2,
    )  # fmt: skip


def test_an_answer_tells_each_event_on_its_side_and_the_comparisons():
    task = task_of("A dog barks, then rain falls.", "A siren.")
    text = right_answer(task, [("louder", 1)]).text()
    sides = sides_of(text)
    assert {"dog", "rain"} <= content_stems(sides.first)
    assert "siren" in content_stems(sides.second)
    assert [(made.quality, made.audio) for made in comparisons_in(text)] == [("louder", 1)]
    assert text == right_answer(task, [("louder", 1)]).text()


@pytest.mark.parametrize("wording", range(12))
@pytest.mark.parametrize("quality", wordings.MORE)
@pytest.mark.parametrize("names", wordings.NAMES)
def test_every_wording_of_a_comparison_is_understood(quality, names, wording):
    answer = Answer((ComparisonClaim(2, quality, BEHIND_EVENTS, wording),), names, ("; ", "; "))
    assert [(made.quality, made.audio) for made in comparisons_in(answer.text())] == [(quality, 2)], answer.text()


@pytest.mark.slow
def test_no_claim_of_a_right_answer_is_wrong(rows):
    """No event of the demo's answers stands on a side whose caption has none of its words, unless both have."""
    wrong = []
    for row in rows:
        truth = truth_of_captions(row.task.caption1, row.task.caption2, caption_words)
        claims = [claim for claim in split_claims(row.answer.text(), caption_words) if claim.kind == Kind.EVENT]
        wrong += [row.task.id for claim in claims if judge_claim(claim, truth) == Outcome.CONTRADICTED]
    assert wrong == []


@pytest.mark.slow
def test_most_right_answers_pass_the_checks_of_data(rows):
    """Those that do not are of few words, where two events of an audio are many."""
    answers = [Prediction(**row.task.model_dump(), prediction=row.answer.text()) for row in rows]
    verdicts = check_all([as_annotation(answer) for answer in answers]).verdicts
    failed = {
        row.task.id
        for row, verdict in zip(rows, verdicts, strict=True)
        for reason in verdict.reasons
        if row.task.tier != "fewwords" and "nothing was measured" not in reason
    }
    assert len(failed) <= 4


@pytest.mark.parametrize(
    ("answers", "known"),
    [
        (["Audio 1 is louder."], [("louder", 1)]),
        (["Audio 1 is louder.", "Audio 2 is brighter than audio 1."], [("louder", 1), ("brighter", 2)]),
        (["Audio 1 is louder.", "Audio 2 is louder."], []),
        (["A dog in audio 1, a cat in audio 2."], []),
    ],
)
def test_what_a_pairs_answers_agree_on_is_known_of_it(answers, known):
    assert known_comparisons(answers, None) == known
