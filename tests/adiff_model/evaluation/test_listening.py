"""What two answers to related recordings claim."""

import pytest

from adiff_model.evaluation.listening import Kept, comparisons_mirrored, events_mirrored, tells_difference


@pytest.mark.parametrize(
    ("answer", "exchanged", "kept"),
    [
        ("Audio 1 is louder.", "Audio 2 is louder.", Kept(1, 1)),
        ("Audio 1 is louder.", "Audio 1 is louder.", Kept(0, 1)),
        ("Audio 1 is louder and audio 2 is brighter.", "Audio 2 is louder.", Kept(1, 2)),
        ("Both audios have rain.", "Audio 2 is louder.", Kept(0, 0)),
    ],
)
def test_comparisons_turn_round_with_the_files(answer, exchanged, kept):
    assert comparisons_mirrored(answer, exchanged) == kept


@pytest.mark.parametrize(
    ("answer", "exchanged", "kept"),
    [
        ("Audio 1 has rain; audio 2 has thunder.", "Audio 1 has thunder; audio 2 has rain.", Kept(2, 2)),
        ("Audio 1 has rain; audio 2 has thunder.", "Audio 1 has rain; audio 2 has thunder.", Kept(0, 2)),
        ("Audio 1 has rain; audio 2 has thunder.", "Both audios have rain.", Kept(0, 2)),
        ("The two audios differ.", "The two audios differ.", Kept(0, 0)),
    ],
)
def test_events_change_sides_with_the_files(answer, exchanged, kept):
    assert events_mirrored(answer, exchanged) == kept


@pytest.mark.parametrize(
    "answer",
    [
        "Audio 1 is louder.",
        "Audio 1 has rain; audio 2 has thunder.",
        "Only audio 2 has a siren.",
        "The two audios differ.",
        "There is a clear difference between the audios.",
    ],
)
def test_a_difference_is_told(answer):
    assert tells_difference(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "They sound the same.",
        "Both audios have rain.",
        "Audio 1 has rain, and audio 2 has rain.",
        "There is no difference between the two audios.",
        "The two audios do not differ.",
        "",
    ],
)
def test_no_difference_is_told(answer):
    assert not tells_difference(answer)
