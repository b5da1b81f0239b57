"""Clips, pairs and annotations in pandas, and back."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data import (
    Annotation,
    Clip,
    InputError,
    Pair,
    Provenance,
    annotate,
    from_frame,
    make_pairs,
    measure,
    read_clips,
    to_frame,
)
from adiff_data.tiers import TIERS

text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
clips = st.builds(Clip, corpus=text, split=text, filepath=text, captions=st.lists(text, min_size=1).map(tuple))
pair_fields = dict.fromkeys(("id", "corpus", "split", "filepath1", "filepath2", "caption1", "caption2"), text)
similarity = st.none() | st.floats(0, 1)
pairs = st.builds(Pair, **pair_fields, strategy=text, similarity=similarity)
counts = st.none() | st.integers(0, 2**40)
nested = st.none() | st.dictionaries(text, st.integers() | text, max_size=3)
provenances = st.builds(
    Provenance,
    annotator=text,
    model=st.none() | text,
    request=nested,
    attempts=st.integers(0, 9),
    tokens_in=counts,
    tokens_out=counts,
    cost=st.none() | st.floats(0, 10),
    row=counts,
    facts=nested,
    failure=st.none() | text,
)
answers = {name: st.text(max_size=20) for name in ("taskname", "input", "answer")}
answers["tier"] = st.sampled_from(list(TIERS))
annotations = st.builds(
    Annotation, **pair_fields, **answers, strategy=text, similarity=similarity, provenance=provenances
)


@pytest.mark.slow
@given(st.lists(clips, min_size=1) | st.lists(pairs, min_size=1) | st.lists(annotations, min_size=1))
def test_records_go_to_a_frame_and_back(records):
    frame = to_frame(records)
    assert len(frame) == len(records)
    assert from_frame(frame) == records


@pytest.mark.slow
def test_a_frame_comes_back_from_a_parquet_file(demo_corpus, tmp_path):
    pairs = make_pairs(read_clips("demo", demo_corpus, "evaluation"), limit=3)
    rows = annotate(pairs, annotator="rules", facts=measure(pairs, demo_corpus))
    for records in (read_clips("demo", demo_corpus, "evaluation"), pairs, rows):
        to_frame(records).to_parquet(tmp_path / "frame.parquet")
        assert from_frame(pd.read_parquet(tmp_path / "frame.parquet")) == records


def test_no_records_are_an_empty_frame():
    assert from_frame(to_frame([])) == []


def test_a_frame_of_ones_own_makes_pairs_with_the_id_of_their_content():
    frame = pd.DataFrame(
        {
            "corpus": "clotho",
            "split": ["validation", "evaluation"],
            "filepath1": "a.wav",
            "filepath2": "b.wav",
            "caption1": "rain",
            "caption2": "wind",
            "strategy": "mine",
            "remark": [1, 2],
        }
    )
    first, second = from_frame(frame)
    assert isinstance(first, Pair)
    assert first.similarity is None
    assert first.id != second.id
    assert from_frame(frame)[0].id == first.id


def test_a_wrong_value_is_named_with_its_row_and_column():
    frame = pd.DataFrame({"corpus": ["x"], "split": ["y"], "filepath": ["a.wav"], "captions": [[]]})
    with pytest.raises(InputError, match="row 1: captions"):
        from_frame(frame)


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="row 1: column 'corpus' is missing"):
        from_frame(pd.DataFrame({"caption1": ["rain"]}))


def test_records_of_two_kinds_are_no_frame():
    clip = Clip(corpus="x", split="y", filepath="a.wav", captions=("rain",))
    pair = Pair(
        id="1", corpus="x", split="y", filepath1="a", filepath2="b", caption1="c", caption2="d", strategy="random"
    )
    with pytest.raises(InputError, match="Clip and Pair"):
        to_frame([clip, pair])
