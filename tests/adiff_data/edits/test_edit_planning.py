"""Plans are balanced over qualities, edits, sizes, sides and recordings, and follow from the seed."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.core.errors import InputError
from adiff_data.edits.kinds import EDITS, QUALITIES
from adiff_data.edits.planning import plan_pairs
from adiff_data.records import Clip


def clips(count: int) -> list[Clip]:
    return [Clip(corpus="c", split="s", filepath=f"{n}.wav", captions=(f"sound {n}",)) for n in range(count)]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 100), st.integers(0, 3))
def test_each_quality_has_as_many_pairs_as_any_other_give_or_take_one(count, seed):
    plans = list(plan_pairs(clips(7), count, seed=seed))
    of_quality = Counter(EDITS[plan.edit].name for plan in plans)
    assert sum(of_quality.values()) == count
    assert max(of_quality.values()) - min(of_quality[name] for name in QUALITIES) <= 1
    first = Counter(plan.candidates[0].filepath for plan in plans)
    assert max(first.values()) - min(first[clip.filepath] for clip in clips(7)) <= 1


def test_within_a_quality_edits_sizes_and_sides_are_balanced():
    loudness = [plan for plan in plan_pairs(clips(5), 13 * 16) if EDITS[plan.edit].name == "loudness"]
    assert set(Counter((plan.edit, plan.size, plan.edited) for plan in loudness).values()) == {1}
    assert len(loudness) == 16


def test_the_same_seed_gives_the_same_plans_and_another_seed_others():
    first, again, other = (list(plan_pairs(clips(5), 40, seed=seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_only_the_edits_that_are_asked_for_are_planned():
    assert {plan.edit for plan in plan_pairs(clips(5), 30, edits=("louder", "same"))} == {"louder", "same"}


def test_an_edit_that_does_not_exist_is_named():
    with pytest.raises(InputError, match="there is no edit 'shinier'; there are louder, softer"):
        plan_pairs(clips(5), 3, edits=("shinier",))


def test_no_edit_at_all_is_said():
    with pytest.raises(InputError, match="no edit is named; there are louder, softer"):
        plan_pairs(clips(5), 3, edits=())


def test_plans_are_made_one_after_the_other_however_many_there_are():
    assert next(plan_pairs(clips(5), 50_000_000)).number == 0


def test_where_all_captions_are_the_same_no_event_is_another_sound():
    same = [Clip(corpus="c", split="s", filepath=f"{n}.wav", captions=("rain",)) for n in range(4)]
    with pytest.raises(InputError, match="all clips have the same captions"):
        plan_pairs(same, 3)
    assert len(list(plan_pairs(same, 3, edits=("louder", "higher")))) == 3
