"""A new corpus is one file: from there it goes through every step, in a script and on the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data import (
    CORPORA,
    Corpus,
    InputError,
    Terms,
    annotate,
    build,
    load_split,
    make_pairs,
    publish,
    read_clips,
    register_corpus,
)
from adiff_data.published_csv import read_published

CAPTIONS = "cat.wav|a cat meows\ndog.wav|a dog barks twice\nrain.wav|rain falls on a roof\n"
MODULE = '''\
"""A toy corpus: `SPLIT.txt`, a name and a caption a line, with a bar between them."""

from adiff_data import Clip, Corpus, Terms


class Toy(Corpus):
    name, taskname, folder, dataset = "toy", "toytask", "ToyFolder", "toy"
    splits = ("train",)
    terms = Terms(title="Toy Sounds", captions="CC0 1.0", recordings="none", hub_licence="cc0-1.0")

    def read_clips(self, root, split, *, exclude):
        for line in (root / f"{split}.txt").read_text().splitlines():
            name, caption = line.split("|")
            yield Clip(corpus=self.name, split=split, filepath=f"ToyFolder/{split}/{name}", captions=(caption,))

    def caption_files(self, root, split):
        return [root / f"{split}.txt"]


CORPUS = Toy()
'''


@pytest.fixture
def toy_file(tmp_path) -> Path:
    (tmp_path / "captions").mkdir()
    (tmp_path / "captions" / "train.txt").write_text(CAPTIONS)
    (tmp_path / "toy.py").write_text(MODULE)
    return tmp_path / "toy.py"


@pytest.fixture
def toy(toy_file) -> Corpus:
    """The toy corpus, registered for one test."""
    names: dict = {}
    exec(compile(toy_file.read_text(), toy_file, "exec"), names)
    yield register_corpus(names["CORPUS"])
    del CORPORA["toy"]


def test_a_registered_corpus_goes_through_every_step(toy, tmp_path):
    clips = read_clips("toy", tmp_path / "captions")
    assert [clip.filepath for clip in clips] == [f"ToyFolder/train/{name}.wav" for name in ("cat", "dog", "rain")]
    rows = annotate(make_pairs(clips), annotator="rules")
    build(rows, tmp_path / "TOY")
    publish([tmp_path / "TOY"], to=tmp_path / "published")
    card = (tmp_path / "published" / "README.md").read_text()
    assert "Toy Sounds" in card
    assert "license: cc0-1.0" in card
    assert load_split(tmp_path / "published", "toy", "train", tier="detail").num_rows == 3
    table = tmp_path / "TOY" / "toy_train_adiff_detail_answer.csv"
    assert [row.corpus for row in read_published(table)] == ["toy"] * 3


def test_a_corpus_whose_names_are_taken_is_refused(toy, tmp_path):
    class Other(type(toy)):
        name, taskname, folder = "other", "othertask", "OtherFolder"

    with pytest.raises(InputError, match="'other' has the dataset of 'toy'"):
        register_corpus(Other())


@pytest.mark.slow
def test_an_installed_corpus_goes_through_the_command(toy_file, tmp_path):
    """It is found by its entry point, as a package on the path declares it."""
    declared = tmp_path / "toy-1.0.dist-info"
    declared.mkdir()
    (declared / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (declared / "entry_points.txt").write_text("[adiff_data.corpora]\ntoy = toy:CORPUS\n")
    path = f"{tmp_path}{os.pathsep}{Path(__file__).parents[3]}"

    def adiff(*arguments: str) -> str:
        call = [sys.executable, "-m", "pipelines", *arguments]
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
        done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "toy" in adiff("pair", "--help")
    assert "3 pairs of 3 clips (toy train, random)" in adiff("pair", "toy", "--root", "captions")
    adiff("annotate", "pairs.jsonl", "--annotator", "rules")
    adiff("check", "annotations.jsonl", "--attribution", "words")
    adiff("build", "annotations.jsonl", "--verdicts", "verdicts.jsonl", "--out", "TOY")
    adiff("publish", "TOY", "--to", "published")
    before = (tmp_path / "TOY" / "toy_train_adiff_detail_answer.csv").read_bytes()
    adiff("import", "TOY/toy_train_adiff_detail_answer.csv", "--out", "again.jsonl")
    adiff("build", "again.jsonl", "--out", "AGAIN")
    assert (tmp_path / "AGAIN" / "toy_train_adiff_detail_answer.csv").read_bytes() == before


def test_terms_say_what_a_card_needs():
    assert Terms(title="x", captions="y", recordings="z").hub_licence is None
