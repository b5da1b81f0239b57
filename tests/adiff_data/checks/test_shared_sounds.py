"""What an answer on similarity may give to both audios: what is in both."""

import pytest

from adiff_data import check
from adiff_data.audio.differences import PairFacts
from adiff_data.checks.shared_sounds import shared_sounds
from tests.adiff_data.checks.conftest import annotation

CAPTIONS = {"caption1": "A dog barks while rain falls.", "caption2": "A dog growls, and a car drives by."}


def similarity(answer: str, **fields: str):
    return annotation(answer, tier="similarity", **(CAPTIONS | fields))


@pytest.mark.parametrize(
    "answer",
    [
        "A dog can be heard in both audios.",
        "Both audios feature animals: a barking dog in the first and a growling dog in the second.",
        "Audio 1 has a dog that barks, and audio 2 has a dog that growls.",
        "What the two audios have in common is a dog. Audio 1 has rain and audio 2 has a car.",
    ],
)
def test_what_is_in_both_passes(answer):
    assert shared_sounds(similarity(answer)).outcome == "pass"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("Both audios feature rain.", "it gives rain to both audios, and the caption of audio 2 has none"),
        ("Both audios feature a dog and a car.", "it gives a car to both audios, and the caption of audio 1 has none"),
        ("Both audios feature a violin.", "it gives a violin to both audios, and neither caption has it"),
        ("A dog barks in the first audio.", "it names nothing that both audios have"),
        ("Both have a dog; audio 2 is louder than audio 1.", "it tells a difference ('louder')"),
    ],
)
def test_what_one_or_neither_has_fails(answer, reason):
    finding = shared_sounds(similarity(answer))
    assert finding.outcome == "fail"
    assert reason in finding.reason


def test_a_general_name_fits_all_of_its_kind():
    engines = {"caption1": "A motorcycle revs.", "caption2": "A truck drives past."}
    assert shared_sounds(similarity("A vehicle can be heard in both audios.", **engines)).outcome == "pass"


def test_a_measured_difference_may_be_told_beside_what_is_shared(facts):
    measured = PairFacts(facts(loudness=-20.0), facts(loudness=-32.0))
    row = similarity("Both have a dog, and audio 1 is louder than audio 2.")
    assert shared_sounds(row, measured).outcome == "pass"


def test_similarities_are_checked_beside_differences():
    rows = [
        similarity("A dog can be heard in both audios, barking in the first and growling in the second."),
        annotation("Audio 1 has a dog and rain, audio 2 has a dog and a car that drives by.", **CAPTIONS),
    ]
    report = check(rows, attribution="words")
    assert [verdict.reasons for verdict in report.verdicts] == [(), ()]
    assert not report.failures["both sides"]
