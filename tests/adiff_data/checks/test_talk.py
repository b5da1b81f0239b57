import pytest

from adiff_data.checks.talk import talk
from tests.adiff_data.checks.conftest import GOOD, annotation


@pytest.mark.parametrize("tier", GOOD)
def test_an_answer_that_speaks_of_the_sounds_passes(tier):
    assert talk(annotation(tier=tier)).outcome == "pass"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("I'm sorry, but I can't listen to audio files.", "it refuses"),
        ("Here is the difference: audio 1 has a dog, audio 2 has rain.", "introduces itself"),
        ("Sure! Audio 1 has a dog, audio 2 has rain.", "introduces itself"),
        ("Audio 1 has, as an AI would say, a dog; audio 2 has rain.", "speaks of its writer"),
        ("Please provide the audio files, so that audio 1 and audio 2 can be compared.", "speaks of its writer"),
        ("Okay, so the user wants a sentence about audio 1 and audio 2.", "introduces itself"),
        ("We need to write about 28 words: audio 1 has a dog, audio 2 has rain.", "speaks of its task"),
        ("Audio 1 has a dog, audio 2 has rain. Let me check the word count.", "speaks of its task"),
        ("Audio 1 has a dog, audio 2 has rain, in about 28 words.", "speaks of its task"),
        ("Based on the captions, audio 1 has a dog and audio 2 has rain.", "speaks of its sources"),
        ("The description of audio 1 mentions a dog, that of audio 2 rain.", "speaks of its sources"),
        ("This sentence contains the sounds of audio 1 and of audio 2.", "speaks of its sources"),
        ("This audio 1 is a description of a beehive, audio 2 of a storm.", "speaks of its sources"),
        ("Audio 1 has " + "a dog in a yard, " * 4 + "and audio 2 has rain.", "it repeats itself"),
        ("Audio 1 has a dog. " + "It is quite different from this. Then again, " * 3, "it repeats itself"),
        ("Audio 1 barks barks barks barks barks barks, audio 2 rains.", "it repeats itself"),
    ],
)
def test_what_speaks_of_itself_fails(answer, reason):
    finding = talk(annotation(answer))
    assert finding.outcome == "fail"
    assert reason in finding.reason


@pytest.mark.parametrize(
    "answer",
    [
        "Audio 1 has a low tone, as an airplane has it, and audio 2 has taps: tap, tap, tap.",
        "In audio 1 there is a dog; in audio 2 it defies description.",
        "Audio 1 goes ha ha ha; audio 2 is prompted by a bell.",
        "Audio 1 has a man who says 3 words, audio 2 the task of sawing; I have to rely on my ears.",
    ],
)
def test_words_that_only_look_like_talk_pass(answer):
    assert talk(annotation(answer)).outcome == "pass"
