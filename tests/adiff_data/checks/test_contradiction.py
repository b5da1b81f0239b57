from adiff_data.audio.differences import PairFacts
from adiff_data.checks.contradiction import contradiction
from tests.adiff_data.checks.conftest import annotation


def test_a_claim_against_the_facts_fails_and_names_them(facts):
    measured = PairFacts(facts(loudness=-20.0), facts(loudness=-32.0))
    finding = contradiction(annotation("Audio 1 has a dog, audio 2 is louder."), measured)
    assert finding.outcome == "fail"
    assert "audio 1 is louder by 12 LU" in finding.reason
    assert contradiction(annotation("Audio 1 has a dog, audio 2 is quieter."), measured).outcome == "pass"


def test_what_cannot_be_told_is_undecided(facts):
    row = annotation("Audio 1 is louder than audio 2.")
    assert contradiction(row, None).outcome == "undecided"
    near = PairFacts(facts(loudness=-20.0), facts(loudness=-21.0))
    assert "too small" in contradiction(row, near).reason
    silent = PairFacts(facts(loudness=None), facts())
    assert "could not be measured" in contradiction(row, silent).reason


def test_equality_of_what_was_measured_to_differ_fails(facts):
    louder = PairFacts(facts(loudness=-20.0), facts(loudness=-32.0))
    for answer in ("Both audios are about equally loud.", "The two audios sound the same."):
        finding = contradiction(annotation(answer, caption1="A dog barks.", caption2="a dog barks"), louder)
        assert finding.outcome == "fail"
        assert "audio 1 is louder by 12 LU" in finding.reason


def test_equality_of_what_is_alike_passes_and_in_between_is_undecided(facts):
    row = annotation("Both audios are about equally loud.")
    assert contradiction(row, PairFacts(facts(loudness=-20.0), facts(loudness=-20.5))).outcome == "pass"
    assert contradiction(row, PairFacts(facts(loudness=-20.0), facts(loudness=-22.0))).outcome == "undecided"
    assert contradiction(row, None).outcome == "undecided"


def test_that_nothing_differs_is_for_equal_captions_alone():
    same = "Nothing differs: the two audios sound the same."
    assert contradiction(annotation(same, caption1="A dog barks.", caption2="a dog barks"), None).outcome == "pass"
    finding = contradiction(annotation(same, caption1="A dog barks.", caption2="Rain falls."), None)
    assert "the captions tell of different sounds" in finding.reason
