"""Grounded answers: what is asked again, what is chosen, what is left out, and when rules write the answer."""

import numpy as np
import pytest

from adiff_data.tiers import TIERS
from adiff_model import ADIFF, Explanation
from adiff_model.encoding import EncodedClip
from adiff_model.events import class_names
from adiff_model.generation import Decoding
from adiff_model.grounding import CANDIDATES, Grounding

FEWWORDS = TIERS["fewwords"].request
NAMES = class_names()
DOG, RAIN, BELL, ENGINE, HELICOPTER = (
    NAMES.index(name) for name in ("Dog", "Rain", "Church bell", "Engine", "Helicopter")
)


def clip(*detected: int) -> EncodedClip:
    probabilities = np.zeros(len(NAMES))
    probabilities[list(detected)] = 0.8
    return EncodedClip(np.zeros(1), probabilities)


@pytest.fixture
def ask(tones):
    """Grounds an answer about a low tone with a dog, and a high one with rain; further answers are as given."""
    low, high = tones("low.wav", 300.0), tones("high.wav", 3000.0)

    def answer(text, *, further=(), first=DOG, second=RAIN, prompt=FEWWORDS, same=False):
        asked = []

        def generate(questions, decoding):
            asked.append((len(questions), decoding))
            return list(further)

        question = (low, low if same else high, prompt)
        clips = {low: clip(first)} | ({} if same else {high: clip(second)})
        grounding = Grounding((DOG, RAIN, BELL, ENGINE, HELICOPTER))
        return (*grounding.answers([question], [text], clips, Decoding(), generate), asked)

    return answer


def test_an_answer_that_holds_stays_and_nothing_is_asked_again(ask):
    text = "Audio 1: a dog barks. Audio 2: rain falls. Audio 2 is brighter."
    answer, asked = ask(text)
    assert (answer.text, answer.left_out, answer.is_fallback, asked) == (text, (), False, [])


def test_of_several_answers_the_one_with_the_fewest_contradictions_is_taken(ask):
    better = "Audio 1: a dog barks. Audio 2: rain falls. Audio 1 is brighter."
    answer, asked = ask(
        "Audio 1: a church bell tolls. Audio 2: a dog barks. Audio 1 is brighter.",
        further=(better, "Audio 1: a church bell tolls. Audio 2: rain falls. Audio 1 is brighter."),
    )
    assert answer.text == "Audio 1: a dog barks. Audio 2: rain falls."
    assert [each.words for each in answer.left_out] == ["brighter"]
    ((questions, decoding),) = asked
    assert questions == CANDIDATES
    assert decoding.is_sampling


def test_where_nothing_is_left_of_an_audio_rules_write_the_answer(ask):
    wrong = "Audio 1: a dog barks. Audio 2: a church bell tolls."
    answer, _ = ask(wrong, further=[wrong] * CANDIDATES)
    assert answer.is_fallback
    assert all(word in answer.text.lower() for word in ("dog", "rain"))
    assert answer.left_out[0].reason == "Church bell was not detected in either audio"


def test_the_same_file_twice_does_not_differ(ask):
    answer, _ = ask("Audio 1: a dog barks. Audio 2: a dog howls. Audio 2 is louder.", further=[""] * 2, same=True)
    assert answer.text.startswith("No difference")
    assert answer.is_fallback


def test_a_general_name_holds_where_a_sound_of_its_family_was_detected(ask):
    text = "Audio 1: an engine runs. Audio 2: rain falls."
    assert ask(text, first=HELICOPTER)[0].text == text
    assert ask(text, further=[text] * CANDIDATES)[0].is_fallback


def test_a_caption_of_one_audio_is_held_against_both(ask):
    caption = "Rain falls while a dog barks."
    assert ask(caption, prompt="caption the second audio")[0].text == caption


@pytest.mark.slow
def test_any_checkpoint_can_be_grounded_and_answers_without_it_stay_as_they_are(converted, tones):
    examples = [(tones("low.wav", 300.0), tones("high.wav", 3000.0), tier.request) for tier in TIERS.values()]
    plain, grounded = (
        ADIFF(model_path=converted, grounded=grounded).explain(examples, Decoding(max_len=8), reading_threads=0)
        for grounded in (False, True)
    )
    assert all(each.text for each in grounded)
    assert all(isinstance(each, Explanation) and not each.left_out and not each.is_fallback for each in plain)
    for before, after in zip(plain, grounded, strict=True):
        assert before.text == after.text or after.left_out or after.is_fallback
