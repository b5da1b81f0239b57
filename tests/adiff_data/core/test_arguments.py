"""Wrong arguments of public calls: one line that names the argument and says what it should be."""

import re

import pytest

from adiff_data import (
    Clip,
    InputError,
    ModelOptions,
    Pair,
    RunOptions,
    annotate,
    build,
    check,
    export_csv,
    from_frame,
    load_split,
    make_pairs,
    measure,
    publish,
    read_annotations,
    read_clips,
    read_records,
    to_frame,
    write_records,
)

CLIPS = [
    Clip(corpus="demo", split="evaluation", filepath=f"Demo/evaluation/{name}.wav", captions=(f"a {name} sounds",))
    for name in ("bell", "horn", "whistle")
]
PAIRS = make_pairs(CLIPS)
ROWS = annotate(PAIRS, annotator="rules")
ELSEWHERE = "http://localhost:1/v1"

WRONG = {
    "`root` should be a path, not 5": lambda: read_clips("clotho", 5, "evaluation"),
    "`clips` should be a list of Clip, not 'clips'": lambda: make_pairs("clips"),
    "`clips` should be a list of Clip, not a Clip": lambda: make_pairs(CLIPS[0]),
    "`root` should be a path, not ''": lambda: read_clips("clotho", "", "evaluation"),
    "`out` should be a path, not ''": lambda: build(ROWS, ""),
    "`limit` should be a whole number greater than 0 or None, not '3'": lambda: make_pairs(CLIPS, limit="3"),
    "`limit` should be a whole number greater than 0 or None, not 0": lambda: make_pairs(CLIPS, limit=0),
    "`seed` should be a whole number, not 'a'": lambda: make_pairs(CLIPS, seed="a"),
    "`band` should be 2 numbers, not (1, 0, 3)": lambda: make_pairs(CLIPS, band=(1, 0, 3)),
    "`band` should be two numbers from 0 to 1, the lower one first": lambda: make_pairs(CLIPS, band=(1, 0)),
    "no clips in the split": lambda: make_pairs([]),
    "`audio_root` should be a path, not None": lambda: measure(PAIRS, audio_root=None),
    "`pairs` should be a list of Pair or paths, or a path, not a list of Clip": lambda: annotate(CLIPS),
    "`facts` should be what measure returned or None": lambda: annotate(PAIRS, facts="recordings"),
    "`progress` should be a function or None, not True": lambda: annotate(PAIRS, progress=True),
    "`price` should be a Price or None, not (1, 2)": lambda: annotate(PAIRS, price=(1, 2)),
    "leave `batch` out": lambda: annotate(PAIRS, annotator="rules", batch=True),
    "`concurrency` should be greater than 0, not 0": lambda: annotate(PAIRS, base_url=ELSEWHERE, concurrency=0),
    "`rows` should be a list of Annotation or paths": lambda: check(PAIRS),
    "`attribution` should be 'auto', 'words' or 'sentences'": lambda: check(ROWS, attribution="nonsense"),
    "`annotations` should be a list of Annotation": lambda: build(PAIRS, "out"),
    "`out` should be a path, not None": lambda: build(ROWS, None),
    "`records` should be a list of": lambda: to_frame("abc"),
    "`frame` should be a DataFrame, not [1]": lambda: from_frame([1]),
    "no tier 'nope'": lambda: from_frame(to_frame(ROWS).assign(tier="nope")),
    "`kind` should be the class Clip or Pair or Annotation": lambda: from_frame(to_frame(ROWS), kind=dict),
    "`dataset` should be a Dataset, not 'x'": lambda: export_csv("x", "y"),
    "`datasets` should be a path or a list of paths, not 3": lambda: publish(3, to="published"),
    "a dataset on the Hub is named ORG/NAME": lambda: load_split("nope", "demo", "test"),
}


@pytest.mark.parametrize("message", WRONG)
def test_a_wrong_argument_is_named_with_what_it_should_be(message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as raised:
        WRONG[message]()
    assert message in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_judge_of_wrong_parts_is_named_as_well(tmp_path):
    """Its means are a public dataclass, which checks its own fields."""
    from adiff_model import Judge

    given = {"model": ModelOptions(model="m"), "options": RunOptions(), "key": "k", "folder": tmp_path, "rows": 3}
    assert Judge(**given).rows == 3
    for wrong, message in (
        ({"model": "gpt-4o"}, "`model` should be a ModelOptions, not 'gpt-4o'"),
        ({"rows": "3"}, "`rows` should be a whole number, not '3'"),
        ({"key": None}, "`key` should be text or a list of texts, not None"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            Judge(**(given | wrong))


def test_an_iterator_is_looked_at_as_it_comes(tmp_path):
    def pairs():
        yield PAIRS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_records(tmp_path / "pairs.jsonl", pairs())
    with pytest.raises(InputError, match="`records` should be a list of BaseModel, and has 'x'"):
        write_records(tmp_path / "pairs.jsonl", iter([PAIRS[0], "x"]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_paths_may_be_texts_and_one_is_as_good_as_several(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write_records("pairs.jsonl", iter(PAIRS)) == "written"
    assert list(read_records("pairs.jsonl", Pair)) == PAIRS
    rows = annotate("pairs.jsonl", annotator="rules", out="annotations.jsonl")
    assert annotate(["pairs.jsonl"], annotator="rules") == rows == list(read_annotations("annotations.jsonl"))
    assert check("annotations.jsonl", attribution="words") == check(["annotations.jsonl"], attribution="words")
    assert [built.outcome for built in build("annotations.jsonl", "data/DEMO")] == ["written"] * 3
    assert [built.outcome for built in build(["annotations.jsonl"], "data/DEMO")] == ["unchanged"] * 3
    assert publish("data/DEMO", to="published").repository.outcome == "written"


@pytest.mark.slow
def test_a_published_split_is_loaded_without_a_bar_and_bars_stay_as_they_were(tmp_path, capfd):
    import datasets

    build(ROWS, tmp_path / "DEMO")
    publish(tmp_path / "DEMO", to=tmp_path / "published")
    shown = datasets.are_progress_bars_disabled()
    capfd.readouterr()
    assert load_split(tmp_path / "published", "demo", "test").num_rows == 9
    assert capfd.readouterr() == ("", "")
    assert datasets.are_progress_bars_disabled() == shown
    with pytest.raises(InputError, match="no split 'tset'; its splits: test"):
        load_split(tmp_path / "published", "demo", "tset")
    with pytest.raises(InputError, match="no config 'cld'; its configs: demo"):
        load_split(tmp_path / "published", "cld", "test")
