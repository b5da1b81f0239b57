"""What is known of an edited pair decides claims that captions leave open."""

import pytest

from adiff_data.claims import Kind, Outcome, caption_words, judge_claim, split_claims, truth_of_captions
from adiff_data.claims.edit_truth import EditTruth, PlacedEvent, with_edit
from adiff_data.edits.kinds import EDITS

RECORDING = "a dog barks in a yard"


def event(caption: str, *sides: int, onset: float = 1.0) -> PlacedEvent:
    return PlacedEvent(sides=sides, caption=caption, filepath="e.wav", onset=onset, offset=onset + 1)


def outcomes(answer: str, edit: str, more: int | None, *events: PlacedEvent, size: float = 2.0) -> list[Outcome]:
    """What the truth says to each claim of an answer about an edit of audio 2."""
    truth = EditTruth(
        id="p", edit=edit, quality=EDITS[edit].name, edited=2, more=more, size=size, amount=6.0, unit="dB",
        events=events, caption=RECORDING, filepath="r.wav", start=0.0,
    )  # fmt: skip
    captions = [
        ", then ".join([RECORDING, *(each.caption for each in events if side in each.sides)]) for side in (1, 2)
    ]
    known = with_edit(truth_of_captions(*captions, caption_words), truth, caption_words)
    decided = (Kind.COMPARISON, Kind.EQUAL, Kind.SAME, Kind.ABSENT, Kind.ORDER)
    claims = [claim for claim in split_claims(answer, caption_words) if claim.kind in decided]
    return [judge_claim(claim, known) for claim in claims]


@pytest.mark.parametrize(
    ("answer", "edit", "more", "outcome"),
    [
        ("Audio 2 is louder than audio 1.", "louder", 2, Outcome.TRUE),
        ("Audio 1 is louder than audio 2.", "louder", 2, Outcome.CONTRADICTED),
        ("Audio 2 is brighter than audio 1.", "louder", 2, Outcome.INVENTED),
        ("Both audios are of the same length.", "louder", 2, Outcome.TRUE),
        ("The two audios sound the same.", "louder", 2, Outcome.CONTRADICTED),
        ("Audio 1 is faster than audio 2.", "slower", 1, Outcome.TRUE),
        ("Audio 2 is higher-pitched than audio 1.", "slower", 1, Outcome.INVENTED),
        ("The two audios sound the same.", "same", None, Outcome.TRUE),
        ("Audio 2 is louder than audio 1.", "same", None, Outcome.INVENTED),
    ],
)
def test_a_comparison_is_held_against_what_was_made(answer, edit, more, outcome):
    assert outcomes(answer, edit, more) == [outcome]


def test_what_was_laid_into_one_audio_is_known_to_be_missing_in_the_other():
    siren = event("a siren wails", 2)
    assert outcomes("Audio 1 has no siren.", "added", 2, siren) == [Outcome.TRUE]
    assert outcomes("Audio 2 has no siren.", "added", 2, siren) == [Outcome.CONTRADICTED]


def test_the_order_of_what_was_laid_in_is_known():
    laid_in = (
        event("a siren wails", 1, onset=1.0),
        event("rain falls", 1, onset=3.0),
        event("rain falls", 2, onset=1.0),
        event("a siren wails", 2, onset=3.0),
    )
    assert outcomes("In audio 1, a siren wails, then rain falls.", "exchanged", None, *laid_in)[0] == Outcome.TRUE
    assert (
        outcomes("In audio 2, a siren wails, then rain falls.", "exchanged", None, *laid_in)[0] == Outcome.CONTRADICTED
    )


def test_when_a_word_of_two_sounds_begins_is_not_known():
    fire, wind = event("a fire crackles", 1, 2, onset=1.0), event("wind blows as a fire crackles", 1, 2, onset=4.0)
    answer = "Audio 1 has wind that blows, then a fire that crackles."
    assert Outcome.CONTRADICTED not in outcomes(answer, "exchanged", None, fire, wind)
