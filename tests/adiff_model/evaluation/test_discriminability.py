"""What an answer says of an audio finds that audio's clip, or does not.

The embedding is a stand-in that counts words, so that places are known; the real one is tried where it is installed.
"""

import math

import numpy as np
import pytest

from adiff_data.checks.attribution import embeddings_installed
from adiff_model.evaluation.discriminability import find_embedding, own_clips_found, remembering
from adiff_model.metrics.text_scores import NoScore
from adiff_model.prediction_file import Prediction

SOUNDS = ("dog", "storm", "siren", "bell", "baby", "train", "bird", "clock", "thunder", "fire", "wind", "applause")


def embed(texts):
    counts = np.array([[text.lower().count(sound) for sound in SOUNDS] for text in texts], dtype=np.float32)
    return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


def rows_answered(answer) -> list[Prediction]:
    """Each sound beside the next one."""
    pairs = [(SOUNDS[index], SOUNDS[(index + 1) % len(SOUNDS)]) for index in range(len(SOUNDS))]
    return [
        Prediction(
            id=first, filepath1=f"{first}.wav", filepath2=f"{second}.wav",
            caption1=f"A {first}.", caption2=f"A {second}.", tier="fewwords",
            prompt="", references=("",), prediction=answer(first, second),
        )
        for first, second in pairs
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (lambda first, second: f"Audio 1 has a {first}, while audio 2 has a {second}.", 1.0),
        (lambda first, second: f"Audio 1 has a {first}, and nothing else is there.", 0.5),
        (lambda first, second: f"Audio 1 has a {first}, bell, bell and siren, while audio 2 has a {second}.", None),
        (lambda first, second: "", 0.0),
    ],
)
def test_the_place_of_the_own_clip_counts(answer, value):
    score = own_clips_found(rows_answered(answer), embed)
    if value is None:
        assert 0.5 < score.value < 1.0
    else:
        assert score.value == pytest.approx(value)
    assert score.interval.low <= score.value <= score.interval.high


def test_a_clip_in_second_place_counts_less_and_one_beyond_the_tenth_nothing():
    def answer(first: str, second: str) -> str:
        return f"Audio 1 has a {second}, a {second} and a {first}. Audio 2 has a {second}."

    score = own_clips_found(rows_answered(answer), embed)
    assert score.value == pytest.approx((1 / math.log2(3) + 1) / 2)
    everything_else = own_clips_found(
        rows_answered(lambda first, second: f"Audio 1 has {' '.join(s for s in SOUNDS if s != first)}."), embed
    )
    assert everything_else.value == 0


def test_exchanged_sides_find_other_clips():
    exchanged = rows_answered(lambda first, second: f"Audio 1 has a {second}, while audio 2 has a {first}.")
    assert own_clips_found(exchanged, embed).value < 0.5


def test_without_embeddings_or_captions_there_is_a_reason():
    assert own_clips_found(rows_answered(lambda first, second: "x"), NoScore("not here")) == NoScore("not here")
    rows = [row.model_copy(update={"caption1": "", "caption2": " "}) for row in rows_answered(lambda a, b: "x")]
    assert isinstance(own_clips_found(rows, embed), NoScore)


@pytest.mark.skipif(not embeddings_installed(), reason="the extra embeddings is not installed")
def test_the_real_embedding_tells_a_right_answer_from_a_generic_one():
    real = find_embedding()
    right = own_clips_found(rows_answered(lambda a, b: f"Audio 1 has a {a}, while audio 2 has a {b}."), real)
    generic = own_clips_found(rows_answered(lambda a, b: "Audio 1 is one thing, while audio 2 is another."), real)
    assert right.value > 0.9
    assert generic.value < 0.7


def test_captions_are_embedded_once_for_all_systems():
    asked = []

    def counting(texts):
        asked.extend(texts)
        return embed(texts)

    remembered = remembering(counting)
    right = rows_answered(lambda first, second: f"Audio 1 has a {first}, while audio 2 has a {second}.")
    turned = rows_answered(lambda first, second: f"Audio 1 has a {second}, while audio 2 has a {first}.")
    scores = [own_clips_found(rows, remembered).value for rows in (right, turned)]
    assert scores == [own_clips_found(rows, embed).value for rows in (right, turned)]
    assert len(asked) == len(set(asked))
