import pytest

from adiff_data.audio.differences import PairFacts
from adiff_data.checks.contradiction import Claim, claims, contradiction
from tests.adiff_data.checks.conftest import annotation


@pytest.mark.parametrize(
    ("text", "quality", "audio"),
    [
        ("Audio 1 is louder than audio 2.", "louder", 1),
        ("It is louder in audio 2 than in audio 1.", "louder", 2),
        ("Compared to audio 1, audio 2 is quieter.", "louder", 1),
        ("Unlike the first audio, the second audio is higher-pitched.", "higher-pitched", 2),
        ("A higher pitch is heard in the second recording.", "higher-pitched", 2),
        ("The engine in audio 1 is deeper than that in audio 2.", "higher-pitched", 2),
        ("The second audio has a faster rhythm.", "busier", 2),
        ("Audio 1 is less steady.", "steadier", 2),
        ("Audio 2 lasts longer.", "longer", 2),
        ("Audio 1 is duller.", "brighter", 2),
        ("Audio 1 is more melodic.", "more tonal", 1),
    ],
)
def test_comparisons_are_read(text, quality, audio):
    assert [(claim.quality, claim.audio) for claim in claims(text)] == [(quality, audio)]


@pytest.mark.parametrize(
    "text",
    [
        "Audio 1 is no louder than audio 2.",
        "Audio 1 is not brighter.",
        "The dog of audio 1 can no longer be heard.",
        "Something louder is heard.",
        "Audio 1 is loud, audio 2 is loud.",
    ],
)
def test_what_is_denied_or_compares_nothing_is_no_claim(text):
    assert list(claims(text)) == []


def test_several_claims_of_a_sentence_go_to_their_audios():
    found = list(claims("Audio 1 is louder and brighter, while audio 2 is steadier."))
    assert found == [
        Claim("louder", 1, "louder", 11),
        Claim("brighter", 1, "brighter", 22),
        Claim("steadier", 2, "steadier", 49),
    ]


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
