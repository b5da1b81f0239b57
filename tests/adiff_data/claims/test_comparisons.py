import pytest

from adiff_data.claims.comparisons import Comparison, comparisons


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
        ("Audio 2 ends a great deal later.", "longer", 2),
        ("Audio 1 ends very slightly earlier.", "longer", 2),
        ("Audio 1 is duller.", "brighter", 2),
        ("Audio 1 is more melodic.", "more tonal", 1),
    ],
)
def test_comparisons_are_read(text, quality, audio):
    assert [(claim.quality, claim.audio) for claim in comparisons(text)] == [(quality, audio)]


@pytest.mark.parametrize(
    "text",
    [
        "Audio 1 is no louder than audio 2.",
        "Audio 1 is not brighter.",
        "The dog of audio 1 can no longer be heard.",
        "Something louder is heard.",
        "In audio 1, an engine is getting louder; in audio 2, it grows louder and higher-pitched.",
        "Audio 1 is loud, audio 2 is loud.",
    ],
)
def test_what_is_denied_or_compares_nothing_is_no_claim(text):
    assert list(comparisons(text)) == []


def test_several_claims_of_a_sentence_go_to_their_audios():
    found = list(comparisons("Audio 1 is louder and brighter, while audio 2 is steadier."))
    assert found == [
        Comparison("louder", 1, "louder", 11),
        Comparison("brighter", 1, "brighter", 22),
        Comparison("steadier", 2, "steadier", 49),
    ]
