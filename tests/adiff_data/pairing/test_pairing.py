"""Pairing keeps its promises for any split, by both strategies."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.core.errors import InputError
from adiff_data.pairing import make_pairs
from adiff_data.records import Clip, Pair
from adiff_data.sources import read_clips

WORDS = ("dog", "rain", "bell", "engine", "wind", "bird", "wave", "clock", "siren", "steps", "loud", "far", "small")


@st.composite
def splits(draw: st.DrawFn) -> list[Clip]:
    count = draw(st.integers(2, 12))
    captions = draw(st.lists(st.integers(1, min(5, count - 1)), min_size=count, max_size=count))
    return [
        Clip(
            corpus="clotho",
            split="s",
            filepath=f"ClothoV21/s/{index}.wav",
            captions=tuple(
                " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))) for _ in range(number)
            ),
        )
        for index, number in enumerate(captions)
    ]


def check_promises(clips: list[Clip], pairs: list[Pair]) -> None:
    assert all(pair.filepath1 != pair.filepath2 for pair in pairs)
    assert max(Counter((pair.filepath1, pair.filepath2) for pair in pairs).values()) == 1
    as_second = Counter(pair.filepath2 for pair in pairs)
    loads = [as_second[clip.filepath] for clip in clips]
    assert max(loads) - min(loads) <= 1
    captions = {clip.filepath: clip.captions for clip in clips}
    assert all(pair.caption2 in captions[pair.filepath2] for pair in pairs)
    assert len({pair.id for pair in pairs}) == len(pairs)


@pytest.mark.slow
@given(splits(), st.integers(0, 10**6), st.sampled_from(["random", "similar"]))
@settings(max_examples=150, deadline=None)
def test_every_caption_once_never_itself_never_twice_and_balanced(clips, seed, strategy):
    pairs = make_pairs(clips, strategy=strategy, seed=seed)
    check_promises(clips, pairs)
    assert [(pair.filepath1, pair.caption1) for pair in pairs] == [
        (clip.filepath, caption) for clip in clips for caption in clip.captions
    ]


@pytest.mark.slow
@given(splits(), st.integers(1, 60), st.sampled_from(["random", "similar"]))
@settings(max_examples=60, deadline=None)
def test_a_limit_keeps_the_promises(clips, limit, strategy):
    pairs = make_pairs(clips, strategy=strategy, limit=limit)
    check_promises(clips, pairs)
    assert len(pairs) == min(limit, sum(len(clip.captions) for clip in clips))


def test_the_fullest_split_has_just_one_pairing(clips):
    pairs = make_pairs(clips(5, 5, 5, 5, 5, 5))
    assert len({(pair.filepath1, pair.filepath2) for pair in pairs}) == 30


def test_the_same_seed_gives_the_same_pairs_on_every_machine(clips):
    lines = "\n".join(pair.model_dump_json() for pair in make_pairs(clips(5, 3, 5, 1, 4, 5, 2, 5), seed=7))
    assert hashlib.sha256(lines.encode()).hexdigest() == (
        "1d2650bbfb9009dc699ffe8acaeb87ae303184753217cfc26399184d5e91f733"
    ), "another pairing for the same seed breaks everybody's regenerated dataset"


def test_another_seed_gives_other_pairs(clips):
    split = clips(*[5] * 20)
    assert make_pairs(split, seed=1) != make_pairs(split, seed=2)


def test_partners_are_drawn_evenly():
    """Over many seeds every other clip is the partner about as often."""
    split = [Clip(corpus="clotho", split="s", filepath=f"{n}.wav", captions=("x",)) for n in range(6)]
    partners = Counter(make_pairs(split, seed=seed)[0].filepath2 for seed in range(1000))
    assert set(partners) == {f"{n}.wav" for n in range(1, 6)}
    assert min(partners.values()) > 140
    assert max(partners.values()) < 260


@pytest.mark.parametrize("strategy", ["random", "similar"])
def test_one_clip_cannot_be_paired(clips, strategy):
    with pytest.raises(InputError, match="1 clip in the split"):
        make_pairs(clips(5), strategy=strategy)


def test_more_captions_than_other_clips_cannot_be_paired(clips):
    with pytest.raises(InputError, match="5 captions and only 2 other clips"):
        make_pairs(clips(5, 5, 5))


def scene(name: str, *captions: str) -> Clip:
    return Clip(corpus="clotho", split="s", filepath=name, captions=captions)


def test_similar_takes_the_near_caption_and_not_the_paraphrase():
    clips = [
        scene("dog", "a big dog barks in the yard"),
        scene("same dog", "a big dog is barking in the yard"),
        scene("other dog", "a dog barks while the wind blows"),
        scene("wind", "the wind blows over a field"),
        scene("bell", "a church bell rings"),
        scene("tower", "a bell in a tower rings over a church yard"),
    ]
    pairs = {pair.filepath1: pair for pair in make_pairs(clips, strategy="similar", band=(0.1, 0.8))}
    assert pairs["dog"].filepath2 != "same dog"
    assert pairs["bell"].filepath2 == "tower"
    assert pairs["bell"].similarity == pytest.approx(0.62, abs=0.2)


def test_similar_looks_at_all_captions_of_both_clips():
    clips = [
        scene("a", "a quiet dog barks far away", "rain falls on a roof"),
        scene("b", "some dog barks far off", "rain falls on a roof"),
        scene("c", "a dog barks at night", "thunder"),
        scene("d", "rain and thunder", "night"),
    ]
    pairs = make_pairs(clips, strategy="similar", band=(0.1, 0.9))
    assert ("a", "b") not in {(pair.filepath1, pair.filepath2) for pair in pairs}


@pytest.mark.parametrize("band", [(0.5, 0.5), (-0.1, 0.5), (0.2, 1.5)])
def test_a_band_must_be_one(clips, band):
    with pytest.raises(InputError, match="`band` should be two numbers from 0 to 1"):
        make_pairs(clips(2, 2, 2), strategy="similar", band=band)


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["random", "similar"])
def test_real_clotho_is_paired_as_promised(shared, strategy):
    clips = list(read_clips("clotho", shared / "captions" / "clotho", "evaluation"))
    pairs = make_pairs(clips, strategy=strategy)
    check_promises(clips, pairs)
    assert len(pairs) == 5225
    if strategy == "similar":
        inside = [pair for pair in pairs if 0.25 <= pair.similarity <= 0.75]
        assert len(inside) > 0.98 * len(pairs)
        assert max(pair.similarity for pair in pairs) <= 0.75
