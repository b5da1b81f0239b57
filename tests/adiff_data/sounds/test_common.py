"""What two captions have in common."""

import pytest

from adiff_data.sounds.common import shared_sounds


@pytest.mark.parametrize(
    ("caption1", "caption2", "words"),
    [
        ("A dog barks.", "A dog growls at a cat.", ["a dog"]),
        ("Dogs bark in a yard.", "A dog growls.", ["dogs"]),
        ("Rain falls and a man speaks.", "A man talks while rain falls.", ["rain", "a male voice"]),
        ("A car drives by.", "The cars go past.", ["cars"]),
        ("A dog barks.", "Birds chirp.", ["animals"]),
        ("A violin plays.", "Heavy rain falls.", []),
    ],
)
def test_sounds_of_one_name_and_kinds_of_sound_are_found(caption1, caption2, words):
    assert [sound.words for sound in shared_sounds(caption1, caption2)] == words


def test_a_kind_names_what_each_caption_has_of_it():
    (kind,) = shared_sounds("A dog barks.", "Several birds chirp.")
    assert (kind.is_kind, kind.name1, kind.name2) == (True, "a dog", "birds")


def test_the_same_is_found_whichever_caption_comes_first():
    captions = "Rain falls on a car while a dog barks.", "A dog barks at a passing car."
    assert {sound.words for sound in shared_sounds(*captions)} == {
        sound.words for sound in shared_sounds(*captions[::-1])
    }
