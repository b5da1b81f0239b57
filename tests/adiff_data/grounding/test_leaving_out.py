"""What is left of a sentence without one of its claims."""

import re

import pytest

from adiff_data.claims import Claim, Kind
from adiff_data.claims.comparisons import comparisons
from adiff_data.grounding.leaving_out import amount_of, without_amount, without_claim


def without(answer: str, words: str, kind: Kind = Kind.COMPARISON) -> str:
    start = answer.index(words)
    return without_claim(answer, Claim(kind, 1, "", start, start + len(words)))


@pytest.mark.parametrize(
    ("answer", "words", "left"),
    [
        ("Audio 1 is louder, brighter and busier.", "brighter", "Audio 1 is louder and busier."),
        ("Audio 1 is louder and brighter in tone than audio 2.", "louder", "Audio 1 is brighter in tone than audio 2."),
        ("Audio 1 is louder by 8 LU, brighter and busier.", "louder", "Audio 1 is brighter and busier."),
        ("Audio 1 is louder, while audio 2 is brighter.", "louder", "Audio 2 is brighter."),
        ("While audio 1 is louder, audio 2 is brighter.", "brighter", "Audio 1 is louder."),
        ("As signals, audio 1 is louder, while audio 2 is busier.", "louder", "As signals, audio 2 is busier."),
        ("A dog barks in audio 1; to the ear, audio 2 is louder.", "louder", "A dog barks in audio 1."),
        ("Audio 1 has a dog and is louder than audio 2.", "louder", "Audio 1 has a dog."),
        ("Audio 1 has a dog, making it louder than audio 2.", "louder", "Audio 1 has a dog."),
        ("Audio 1: a dog barks. Audio 1 is louder.", "louder", "Audio 1: a dog barks."),
        ("Audio 1 is louder.", "louder", ""),
    ],
)
def test_a_comparison_goes_with_as_little_as_leaves_a_sentence(answer, words, left):
    assert without(answer, words) == left


@pytest.mark.parametrize(
    ("answer", "words", "left"),
    [
        ("Audio 1 has a louder engine.", "louder", "Audio 1 has an engine."),
        ("Audio 1 has a softer, gentle, and slow sound.", "softer", "Audio 1 has a gentle and slow sound."),
        ("Audio 1 has a new, higher-pitched sound of birds.", "higher-pitched", "Audio 1 has a new sound of birds."),
        ("Audio 1 has a dog with a brighter tone, and no rain.", "brighter", "Audio 1 has a dog, and no rain."),
        ("Audio 1 has a voice with a higher pitch, near by.", "higher pitch", "Audio 1 has a voice, near by."),
        ("Audio 1 has waves with a more constant level and pace.", "more constant", "Audio 1 has waves."),
    ],
)
def test_a_comparative_before_a_noun_goes_alone_unless_the_noun_says_nothing_else(answer, words, left):
    assert without(answer, words) == left


@pytest.mark.parametrize(
    ("answer", "words", "left"),
    [
        ("Audio 1: a dog barks, then rain falls.", "rain", "Audio 1: a dog barks."),
        ("Audio 1: a dog barks, then rain falls.", "dog", "Audio 1: rain falls."),
        ("In audio 1, a dog barks, followed by a bell.", "dog", "In audio 1, a bell can be heard."),
        ("Audio 1 has rain, a dog and a bell.", "bell", "Audio 1 has rain and a dog."),
        ("Audio 1 has a dog and a bell, while audio 2 has rain.", "dog", "Audio 1 has a bell, while audio 2 has rain."),
        ("Audio 1: a dog barks. Audio 2: rain falls.", "dog", "Audio 2: rain falls."),
    ],
)
def test_an_event_goes_out_of_its_row(answer, words, left):
    assert without(answer, words, Kind.EVENT) == left


def test_the_amount_of_a_comparison_can_go_alone():
    answer = "Audio 1 is louder by about 8 LU, and audio 2 is busier by a factor of 2.5 in events a second."
    louder, busier = (made.start for made in comparisons(answer))
    assert (amount_of(answer, louder), amount_of(answer, busier)) == ("8 LU", "a factor of 2.5 in events a second")
    assert without_amount(answer, louder).startswith("Audio 1 is louder, and audio 2")
    assert amount_of("Audio 1 is louder.", 11) == ""


def test_what_is_left_has_no_loose_ends():
    answer = (
        "Acoustically, audio 1 is louder, brighter and steadier in level than audio 2; audio 2 is busier – and slower."
    )
    while made := next(comparisons(answer), None):
        shorter = without_claim(
            answer, Claim(Kind.COMPARISON, made.audio, "", made.start, made.start + len(made.words))
        )
        assert len(shorter) < len(answer)
        assert not re.search(r"\s[,.;]|,\.|;\.|\s{2}", shorter)
        answer = shorter
