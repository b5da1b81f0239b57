"""A new corpus is one file: from there it goes through every step, in a script and on the command line."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

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
"""A toy corpus: `SPLIT.txt`, a name and a caption a line, with a bar between them; `authors.txt`, who made what."""

from adiff_data import Clip, ClipSource, Corpus, Terms


class Toy(Corpus):
    name, taskname, folder, dataset = "toy", "toytask", "ToyFolder", "toy1"
    splits = ("train",)
    terms = Terms(title="Toy Sounds", captions="CC0 1.0", recordings="none", hub_licence="cc0-1.0")

    def read_clips(self, root, split, *, exclude):
        for line in (root / f"{split}.txt").read_text().splitlines():
            name, caption = line.split("|")
            yield Clip(corpus=self.name, split=split, filepath=f"ToyFolder/{split}/{name}", captions=(caption,))

    def caption_files(self, root, split):
        return [root / f"{split}.txt"]

    def source_reader(self, path):
        return self.read_authors if path.name == "authors.txt" else None

    def read_authors(self, path):
        for line in path.read_text().splitlines():
            name, author, licence = line.split("|")
            yield f"ToyFolder/train/{name}", ClipSource(title=name, author=author, licence=licence)


CORPUS = Toy()
'''


@pytest.fixture
def toy_file(tmp_path) -> Path:
    (tmp_path / "captions").mkdir()
    (tmp_path / "captions" / "train.txt").write_text(CAPTIONS)
    (tmp_path / "toy.py").write_text(MODULE)
    return tmp_path / "toy.py"


@pytest.fixture(autouse=True)
def corpora():
    """What a test registers is forgotten behind it."""
    known = dict(CORPORA)
    yield
    CORPORA.clear()
    CORPORA.update(known)


def define(toy_file: Path) -> Corpus:
    """The corpus of the file."""
    names: dict = {"__name__": "toy"}
    exec(compile(toy_file.read_text(), toy_file, "exec"), names)
    return names["CORPUS"]


@pytest.fixture
def toy(toy_file) -> Corpus:
    """The toy corpus, registered for one test."""
    return register_corpus(define(toy_file))


@pytest.mark.slow
def test_a_registered_corpus_goes_through_every_step(toy, tmp_path):
    clips = read_clips("toy", tmp_path / "captions")
    assert [clip.filepath for clip in clips] == [f"ToyFolder/train/{name}.wav" for name in ("cat", "dog", "rain")]
    rows = annotate(make_pairs(clips), annotator="rules")
    build(rows, tmp_path / "TOY")
    publish([tmp_path / "TOY"], to=tmp_path / "published")
    card = (tmp_path / "published" / "README.md").read_text()
    assert "Toy Sounds" in card
    assert "license: cc0-1.0" in card
    assert load_split(tmp_path / "published", "toy1", "train", tier="detail").num_rows == 3
    table = tmp_path / "TOY" / "toy1_train_adiff_detail_answer.csv"
    assert [row.corpus for row in read_published(table)] == ["toy"] * 3


@pytest.mark.slow
def test_its_licences_say_which_recordings_go_in(toy, tmp_path):
    (tmp_path / "authors.txt").write_text("cat.wav|Ann|CC0 1.0\ndog.wav|Bob|all rights reserved\n")
    for name in ("cat", "dog", "rain"):
        soundfile.write(tmp_path / f"{name}.wav", np.zeros(8000), 8000)
    build(annotate(make_pairs(read_clips("toy", tmp_path / "captions")), annotator="rules"), tmp_path / "TOY")
    to, licences = tmp_path / "published", [tmp_path / "authors.txt"]
    publish([tmp_path / "TOY"], to=to, with_audio=True, audio_root=tmp_path, licences=licences)
    clips = load_split(to, "toy1_clips", "train").remove_columns("audio")
    assert dict(zip(clips["path"], clips["author"], strict=True))["ToyFolder/train/cat.wav"] == "Ann"
    kept = {path.rsplit("/", 1)[1] for path, why in zip(clips["path"], clips["why_not"], strict=True) if not why}
    assert kept == {"cat.wav"}


def test_a_recipe_takes_it(toy, adiff, tmp_path):
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        f"corpus: toy\nroot: {tmp_path / 'captions'}\nout: {tmp_path / 'TOY'}\nsplits: [train]\n"
        "steps: {pair: {}, annotate: {annotator: rules}, build: {}}\n"
    )
    status, out, _ = adiff("run", recipe)
    assert status == 0
    assert "pair train: 3 pairs of 3 clips" in out
    recipe.write_text(recipe.read_text().replace("corpus: toy", "corpus: tow"))
    status, _, err = adiff("run", recipe)
    assert status == 2
    assert "no corpus 'tow'; corpora: audiocaps, clotho, demo, edited, manifest, wavcaps, toy" in err


@pytest.mark.parametrize("field", ["name", "taskname", "folder", "dataset"])
def test_a_corpus_whose_names_are_taken_is_refused(toy, field):
    class Other(type(toy)):
        name, taskname, folder, dataset = "other", "othertask", "OtherFolder", "other"

    setattr(Other, field, getattr(toy, field))
    with pytest.raises(InputError, match=f"has the {field} of 'toy'"):
        register_corpus(Other())
    assert CORPORA["toy"] is toy


def test_a_cell_that_defines_it_may_run_again(toy, toy_file):
    again = register_corpus(define(toy_file))
    assert CORPORA["toy"] is again is not toy


def test_what_is_no_whole_corpus_is_refused(toy):
    class Nameless(type(toy)):
        name, taskname, folder, dataset = "other", "othertask", "OtherFolder", "My_Set"

    with pytest.raises(
        InputError, match="the class Nameless is no corpus; an object of a subclass of Corpus is wanted"
    ):
        register_corpus(Nameless)
    with pytest.raises(InputError, match="'toy' is no corpus"):
        register_corpus("toy")
    with pytest.raises(InputError, match="'My_Set'; files are named by it: lower-case letters and digits"):
        register_corpus(Nameless())


def test_a_corpus_that_lacks_something_is_told_what():
    class Bare(Corpus):
        name, folder = "bare", "Bare"

        def read_clips(self, root, split, *, exclude):
            return iter(())

        def caption_files(self, root, split):
            return []

    with pytest.raises(InputError, match="the corpus Bare has no taskname, dataset, splits, terms"):
        register_corpus(Bare())


def install(folder: Path, place: str) -> None:
    """Declares a corpus as an installed package does, and nothing else."""
    declared = folder / "toy-1.0.dist-info"
    declared.mkdir()
    (declared / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (declared / "entry_points.txt").write_text(f"[adiff_data.corpora]\ntoy = {place}\n")


def adiff_with(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Runs the command in a folder whose packages are installed."""
    path = f"{folder}{os.pathsep}{Path(__file__).parents[3]}"
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1", "COLUMNS": "200"}
    call = [sys.executable, "-m", "pipelines", *arguments]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_an_installed_corpus_goes_through_the_command(toy_file, tmp_path):
    """It is found by its entry point."""
    install(tmp_path, "toy:CORPUS")

    def adiff(*arguments: str) -> str:
        done = adiff_with(tmp_path, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "toy" in adiff("pair", "--help")
    assert "3 pairs of 3 clips (toy train, random)" in adiff("pair", "toy", "--root", "captions")
    adiff("annotate", "pairs.jsonl", "--annotator", "rules")
    adiff("check", "annotations.jsonl", "--attribution", "words")
    adiff("build", "annotations.jsonl", "--verdicts", "verdicts.jsonl", "--out", "TOY")
    adiff("publish", "TOY", "--to", "published")
    assert "Toy Sounds" in (tmp_path / "published" / "README.md").read_text()
    before = (tmp_path / "TOY" / "toy1_train_adiff_detail_answer.csv").read_bytes()
    adiff("import", "TOY/toy1_train_adiff_detail_answer.csv", "--out", "again.jsonl")
    adiff("build", "again.jsonl", "--out", "AGAIN")
    assert (tmp_path / "AGAIN" / "toy1_train_adiff_detail_answer.csv").read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("toy:Toy", "the class Toy is no corpus; an object of a subclass of Corpus is wanted"),
        ("toy:CORPORA", "AttributeError: module 'toy' has no attribute 'CORPORA'"),
        ("toys:CORPUS", "ModuleNotFoundError: No module named 'toys'"),
        ("broken:CORPUS", "ZeroDivisionError: division by zero"),
        ("taken:CORPUS", "the corpus 'toy' has the taskname of 'demo'"),
    ],
)
def test_an_installed_corpus_that_is_wrong_is_named_with_its_package(toy_file, tmp_path, place, reason):
    (tmp_path / "broken.py").write_text("1 / 0\n")
    (tmp_path / "taken.py").write_text(MODULE.replace("toytask", "demo"))
    install(tmp_path, place)
    done = adiff_with(tmp_path, "pair", "toy", "--root", "captions")
    assert done.returncode == 2
    wanted = f"adiff: error: toy brings the corpus toy = {place}: {reason}; pip uninstall toy does without it\n"
    assert done.stderr == wanted


def test_terms_say_what_a_card_needs():
    assert Terms(title="x", captions="y", recordings="z").hub_licence is None
