"""Explanations of edited pairs fit their tier, however long the captions of the recordings are."""

import pytest

from adiff_data.claims.edit_truth import EditTruth, PlacedEvent
from adiff_data.edits.answers import explain
from adiff_data.edits.kinds import EDITS
from adiff_data.tiers import ANSWER_KINDS

LONG = "a helicopter with slow rotor blades at first, then crickets in the grass, " * 3


def truth_of(edit: str, number: int) -> EditTruth:
    quality = EDITS[edit]
    sides = {"event": [(2,)], "replacement": [(1,), (2,)], "onset": [(1,), (2,)], "order": [(1,), (1,), (2,), (2,)]}
    of_events = sides.get(quality.name, [(1, 2), (2,)] if quality.events else [])
    events = tuple(
        PlacedEvent(sides=each, caption=f"{index} {LONG}", filepath=f"{index}.wav", onset=index, offset=index + 0.5)
        for index, each in enumerate(of_events)
    )
    size = next(iter(quality.amounts))
    return EditTruth(
        id=f"{number}", edit=edit, quality=quality.name, edited=2, more=2 if quality.more != quality.less else None,
        size=size, amount=quality.amounts[size], unit=quality.unit, events=events, caption=LONG, filepath="a.wav",
        start=0.0,
    )  # fmt: skip


@pytest.mark.parametrize("tier", ANSWER_KINDS)
@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit not in ("same", "re-encoded")])
def test_long_captions_are_cut_so_that_the_answer_fits_its_tier(edit, tier):
    for number in range(20):
        answer = explain(truth_of(edit, number), tier)
        assert ANSWER_KINDS[tier].least <= len(answer.split()) <= ANSWER_KINDS[tier].most, answer


@pytest.mark.parametrize("edit", ["added", "removed", "longer", "shorter", "slower"])
def test_where_one_audio_has_more_in_it_none_is_said_to_leave_nothing_out(edit):
    for number in range(60):
        answer = explain(truth_of(edit, number), "detail")
        assert "none is left out" not in answer, answer
        assert "same sounds" not in answer, answer


@pytest.mark.parametrize("edit", ["same", "re-encoded"])
def test_where_nothing_differs_no_rest_is_spoken_of(edit):
    for number in range(30):
        answer = explain(truth_of(edit, number), "fewwords")
        assert "Otherwise" not in answer, answer
        assert "though" not in answer, answer
        assert "nearly everything" not in explain(truth_of(edit, number), "detail")


@pytest.mark.parametrize(
    ("edit", "shared"), [("exchanged", (0, 1)), ("later", (0,)), ("repeated", (0,)), ("added", ())]
)
def test_what_was_laid_into_both_audios_is_among_what_they_share(edit, shared):
    answers = [explain(truth_of(edit, number), "similarity") for number in range(30)]
    for answer in answers:
        assert "else" not in answer, answer
        assert all((f"“{index} a " in answer) == (index in shared) for index in (0, 1)), answer
