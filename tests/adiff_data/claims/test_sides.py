import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.checks.both_sides import both_sides
from adiff_data.claims.sides import sides_of
from tests.adiff_data.checks.conftest import annotation


@pytest.mark.parametrize(
    "answer",
    [
        "Audio 1 has a dog, audio 2 has rain.",
        "Audio (1) has a dog, while Audio (2) has rain.",
        "The first recording is a dog; the second one is rain.",
        "Of the two, the former has a dog and the latter has rain.",
        "A dog is heard in audio 1, rain in audio 2.",
        "While audio 2 has rain, audio 1 has a dog.",
        "Unlike audio 2, where rain falls, audio 1 has a dog.",
        "Clip one: dog. Clip two: rain.",
        "A dog barks, whereas rain falls.",
        "A dog barks, whereas the second audio has rain.",
        "Audio 2 is a scene of rain, steady and dense, audio 1 is a dog.",
    ],
)
def test_each_part_goes_to_its_audio(answer):
    sides = sides_of(answer)
    assert "dog" in sides.first
    assert "rain" not in sides.first
    assert "rain" in sides.second
    assert "dog" not in sides.second


def test_a_contrast_alone_is_not_decided():
    assert both_sides(annotation("A dog barks, whereas rain falls.")).outcome == "undecided"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Audio 1 has a dog that barks.", "nothing of audio 2"),
        ("The second audio has rain.", "nothing of audio 1"),
        ("A dog and rain are heard.", "names neither audio"),
    ],
)
def test_an_answer_on_one_side_fails(answer, reason):
    finding = both_sides(annotation(answer))
    assert finding.outcome == "fail"
    assert reason in finding.reason


_PIECES = [
    "{0} has a dog",
    "rain falls in {1}",
    "while {1} is steady",
    "whereas",
    ",",
    ".",
    "a bell",
    "{0}:",
    "; unlike {1}",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=10).map(" ".join))
def test_an_answer_with_its_audios_exchanged_has_its_sides_exchanged(text):
    straight = sides_of(text.format("audio 1", "audio 2"))
    crossed = sides_of(text.format("audio 2", "audio 1"))
    if straight.marked:
        assert (straight.first, straight.second) == (crossed.second, crossed.first)
