"""Answers about edited pairs are held against what was made, also where a model worded them anew."""

import pytest

from adiff_data import check
from adiff_data.claims.edit_truth import TRUTH
from adiff_data.edits.kinds import EDITS
from tests.adiff_data.checks.conftest import annotation

RECORDING = "A dog barks in a yard."


def about(edit: str, more: int | None, answer: str, tier: str = "fewwords", size: float = 2.0):
    truth = {
        "edit": edit, "quality": EDITS[edit].name, "edited": 2, "more": more, "size": size, "amount": 6.0, "unit": "dB",
        "events": [], "caption": RECORDING, "filepath": "r.wav", "start": 0.0,
    }  # fmt: skip
    return annotation(answer, tier=tier, caption1=RECORDING, caption2=RECORDING, facts={TRUTH: truth})


def about_added(event: str, answer: str):
    row = about("added", 1, answer)
    placed = {"sides": [1], "caption": event, "filepath": "e.wav", "onset": 1.0, "offset": 3.0}
    row.provenance.facts[TRUTH] |= {"edited": 1, "events": [placed]}
    return row


def finding(row):
    report = check([row], attribution="words")
    failed, doubts = report.failures["known edit"], report.undecided["known edit"]
    return ("fail", failed[0][1]) if failed else ("undecided", doubts[0][1]) if doubts else ("pass", "")


LOUDER, SOFTER = "Audio 2 is louder than audio 1", "Audio 1 is louder than audio 2"
SAME = "The two audios sound the same, a dog that barks in a yard."


@pytest.mark.parametrize(
    ("row", "outcome", "reason"),
    [
        (about("louder", 2, f"{LOUDER}, while the dog itself is the same."), "pass", ""),
        (about("louder", 2, f"{SOFTER}, while the dog itself is the same."), "fail", "audio 2 is louder by 6 dB"),
        (about("louder", 2, f"{LOUDER}, and it is brighter than audio 1."), "fail", "it says 'brighter'"),
        (
            about("louder", 2, "Audio 1 has a dog, audio 2 has a dog in a yard."),
            "fail",
            "does not tell that audio 2",
        ),
        (about("louder", 2, SAME), "fail", "sound the same'"),
        (about("same", None, SAME), "pass", ""),
        (about("same", None, f"{LOUDER}, in which a dog barks."), "fail", "the two sound the same"),
        (about("farther", 2, "Audio 2 sounds farther away than audio 1, with a dog."), "undecided", "sounds farther"),
        (about("louder", 2, "Both audios play the recording of a dog in a yard.", "similarity"), "pass", ""),
    ],
)
def test_an_answer_tells_what_was_made_and_nothing_against_it(row, outcome, reason):
    found, why = finding(row)
    assert found == outcome
    assert reason in why


@pytest.mark.parametrize(
    ("edit", "more", "difference"),
    [
        ("nearer", 1, "audio 1 sounds farther away"),
        ("noisier", 2, "audio 2 has more noise"),
        ("removed", 1, "audio 1 has one more sound"),
        ("replaced", None, "one sound of audio 1 is another in audio 2"),
        ("earlier", 1, "one sound comes later in audio 1"),
        ("repeated", 2, "one sound comes more often in audio 2"),
        ("exchanged", None, "two sounds come in another order in audio 2 than in audio 1"),
    ],
)
def test_what_an_edit_that_nothing_measures_made_is_said_in_plain_words(edit, more, difference):
    row = about(edit, more, "Both audios have a dog that barks in a yard.")
    assert finding(row) == ("undecided", f"whether it tells that {difference} cannot be read from its words")


def test_rows_about_other_pairs_are_held_against_what_was_measured():
    row = annotation("Audio 2 is clearly louder than audio 1, in which a dog barks.")
    assert finding(row) == ("pass", "")
    assert check([row], attribution="words").undecided["contradiction"]


@pytest.mark.parametrize("but", ["except that audio 2 is louder", ", except for their level: audio 2 is louder"])
def test_the_same_but_for_one_thing_is_not_the_same(but):
    assert finding(about("louder", 2, f"A dog barks in a yard, and the two audios are identical {but}."))[0] == "pass"


def test_what_follows_what_within_a_sound_that_was_laid_in_is_not_known():
    event = "Thunder rolls, followed by rainfall"
    assert finding(about_added(event, f"“{event}” is heard in audio 1, but not in audio 2."))[0] == "undecided"


def test_a_sound_is_denied_of_an_audio_whose_recording_has_another_of_its_kind():
    event = "A small dog howls"
    assert finding(about_added(event, f"Audio 1 has “{event}”, which is missing in audio 2."))[0] == "undecided"
    denied = "Audio 1 has “A small dog howls”. No barks can be heard in audio 2."
    assert finding(about_added(event, denied))[0] == "fail"


def test_what_a_caption_says_is_not_there_is_denied_rightly():
    answer = "Both hold the same recording, “A person sneezes without a pause”; audio 2 is louder than audio 1."
    row = about("louder", 2, answer)
    row.provenance.facts[TRUTH]["caption"] = "A person sneezes without a pause"
    captions = {"caption1": "A person sneezes without a pause", "caption2": "A person sneezes without a pause"}
    assert finding(row.model_copy(update=captions)) == ("pass", "")
