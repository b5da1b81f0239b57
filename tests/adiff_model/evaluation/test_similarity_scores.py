"""Answers on what two audios share: their claims are held against what both have, and no side is right."""

import pytest

from adiff_model import evaluate
from adiff_model.metrics.text_scores import NoScore, Score
from adiff_model.prediction_file import Prediction

CAPTIONS = ("A dog barks while rain falls.", "A dog growls and a car passes.")


def predictions(*answers: str) -> list[Prediction]:
    return [
        Prediction(
            id=f"{number}-similarity",
            filepath1=f"WavCaps/train/{number}a.wav",
            filepath2=f"WavCaps/train/{number}b.wav",
            tier="similarity",
            prompt="explain the similarity of the two audios",
            references=("Both audios have a dog in them.",),
            caption1=CAPTIONS[0],
            caption2=CAPTIONS[1],
            prediction=answer,
        )
        for number, answer in enumerate(answers)
    ]


@pytest.fixture(scope="module")
def scores(without_meteor):
    systems = {
        "right": predictions(
            "A dog can be heard in both audios, barking in the first and growling in the second.",
            "Both recordings have a dog in them, which barks in one and growls in the other.",
        ),
        "wrong": predictions(
            "Rain can be heard in both audios, falling in the first and again in the second.",
            "Both recordings have a car in them, which drives by in the one and in the other.",
        ),
    }
    scored = evaluate(systems, spice=False, fense=False)
    return {name: groups["wcd", "similarity"].scores for name, groups in scored.items()}


def test_what_both_have_is_what_can_be_told(scores):
    assert scores["right"]["events told"].value == 1.0
    assert scores["wrong"]["events told"].value == 0.0


def test_what_one_audio_has_alone_fails_the_checks(scores):
    assert scores["right"]["checks passed"].value == 1.0
    assert scores["wrong"]["checks passed"].value == 0.0


def test_scores_of_sides_and_of_own_clips_are_left_out_with_the_reason(scores):
    assert isinstance(scores["right"]["right side"], NoScore)
    assert isinstance(scores["right"]["own clip found"], NoScore)
    assert isinstance(scores["right"]["BLEU-4"], Score)
