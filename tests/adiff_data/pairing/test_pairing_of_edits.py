"""Recordings that `adiff edit` made are paired with their edits."""

import pytest

from adiff_data import make_pairs
from adiff_data.core.errors import InputError
from adiff_data.records import Clip


def clips_of(count: int) -> list[Clip]:
    return [
        Clip(corpus="edited", split="train", filepath=f"Edited/train/{number:06d}_{side}.flac", captions=(f"a {side}",))
        for number in range(count)
        for side in (1, 2)
    ]


def test_each_recording_is_paired_with_its_edit_in_their_order():
    pairs = make_pairs(clips_of(3), strategy="edited")
    assert [(pair.filepath1[-11:], pair.filepath2[-11:]) for pair in pairs] == [
        (f"00000{number}_1.flac"[-11:], f"00000{number}_2.flac"[-11:]) for number in range(3)
    ]
    assert {pair.strategy for pair in pairs} == {"edited"}
    assert (pairs[0].caption1, pairs[0].caption2) == ("a 1", "a 2")


def test_a_limit_draws_pairs_of_the_whole_split_by_the_seed():
    clips = clips_of(50)
    drawn = make_pairs(clips, strategy="edited", limit=5)
    assert drawn == make_pairs(clips, strategy="edited", limit=5)
    assert drawn != make_pairs(clips, strategy="edited", limit=5, seed=1)
    assert len(drawn) == 5
    assert max(int(pair.filepath1[13:19]) for pair in drawn) > 10


@pytest.mark.parametrize("filepath", ["dog.wav", "Edited/train/000000_3.flac", "Edited/train/x_1.flac"])
def test_a_recording_without_an_edit_is_refused(filepath):
    clip = Clip(corpus="manifest", split="all", filepath=filepath, captions=("a dog",))
    with pytest.raises(InputError, match="has no edit among the clips"):
        make_pairs([*clips_of(1), clip], strategy="edited")


def test_half_a_pair_is_refused():
    with pytest.raises(InputError, match="000001_1"):
        make_pairs(clips_of(2)[:3], strategy="edited")
