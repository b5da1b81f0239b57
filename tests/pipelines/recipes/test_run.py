"""Recipes: the steps in order, what is up to date left alone, the real corpora through the whole job."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from adiff_data.checks.verdicts import read_verdicts
from adiff_data.published_csv import COLUMNS
from pipelines.recipes.run_model import baselines_source
from pipelines.recipes.schema import read_recipe
from tests.chat_server import GOOD, ChatServer
from tests.hearing import louder, recordings_in


@pytest.fixture
def recipe(tmp_path, demo_corpus) -> Path:
    path = tmp_path / "recipe.yaml"
    fields = {
        "corpus": "demo",
        "root": str(demo_corpus),
        "splits": ["validation", "evaluation"],
        "out": str(tmp_path / "DEMO"),
        "steps": {"pair": {"limit": 6}, "annotate": {"annotator": "rules"}, "build": {}},
    }
    fields["steps"]["pair"] = {"strategy": "random"}
    fields["splits"] = ["evaluation"]
    path.write_text(yaml.safe_dump(fields), encoding="utf-8")
    return path


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.csv")}


def test_a_second_run_does_nothing(adiff, recipe, tmp_path):
    status, out, _ = adiff("run", recipe)
    assert status == 0
    assert "pair evaluation: 35 pairs" in out
    before = times(tmp_path / "DEMO")
    assert len(before) == 3
    status, out, _ = adiff("run", recipe)
    assert out.splitlines() == [
        "pair evaluation: up to date",
        "annotate evaluation: up to date",
        "build evaluation: up to date",
    ]
    assert times(tmp_path / "DEMO") == before


def test_what_a_recipe_runs_on_makes_nothing_out_of_date(adiff, recipe):
    assert adiff("run", recipe)[0] == 0
    status, out, _ = adiff("run", recipe, "--workers", 2)
    assert (status, "written" in out) == (0, False)
    recipe.write_text(recipe.read_text() + "workers: 1\n")
    assert read_recipe(str(recipe), {}).workers == 1
    status, _, err = adiff("run", recipe, "--ray-address", "10.0.0.1:6379")
    assert status == 2
    assert "without effect: --ray-address; give --engine ray, too" in err


def test_several_names_are_set_as_the_options_say_them(adiff, recipe, tmp_path):
    status, _, _ = adiff("run", recipe, "--set", "annotate.tiers=sentence, fewwords")
    assert status == 0
    assert {path.stem.split("_")[3] for path in (tmp_path / "DEMO").glob("*.csv")} == {"sentence", "fewwords"}


def test_baselines_are_made_of_a_training_split_that_is_there(recipe, tmp_path):
    settings = read_recipe(str(recipe), {})
    assert baselines_source(settings, True) is None
    assert baselines_source(settings, "data/CLD") == "data/CLD"
    (tmp_path / "DEMO").mkdir()
    (tmp_path / "DEMO" / "demo_development_adiff_fewwords_answer.csv").touch()
    assert baselines_source(settings, True) == str(tmp_path / "DEMO")


@pytest.mark.slow
def test_a_recipe_of_edits_makes_a_dataset_of_them(adiff, recipe, demo_corpus, tmp_path):
    fields = yaml.safe_load(recipe.read_text())
    fields |= {"audio_root": str(demo_corpus), "steps": {"edit": {"count": 6, "tiers": ["fewwords"]}, "build": {}}}
    recipe.write_text(yaml.safe_dump(fields))
    status, out, _ = adiff("run", recipe)
    assert status == 0
    assert "edit evaluation: 6 pairs" in out
    assert [path.name for path in (tmp_path / "DEMO").glob("*.csv")] == ["edt_evaluation_adiff_fewwords_answer.csv"]
    assert len(list((tmp_path / "DEMO" / "work" / "evaluation" / "Edited" / "evaluation").glob("*.flac"))) == 12
    assert adiff("run", recipe)[1].splitlines() == ["edit evaluation: up to date", "build evaluation: up to date"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": {"edit": {}, "pair": {}}}, "leave out pair and annotate"),
        ({"steps": {"edit": {}}}, "edit needs recordings: give audio_root"),
    ],
)
def test_a_recipe_of_edits_that_makes_no_sense_is_refused(adiff, recipe, change, message):
    recipe.write_text(yaml.safe_dump({**yaml.safe_load(recipe.read_text()), **change}))
    status, _, err = adiff("run", recipe)
    assert status == 2
    assert message in err


@pytest.mark.slow
def test_a_step_whose_output_was_lost_or_changed_is_done_again(adiff, recipe, tmp_path):
    adiff("run", recipe)
    lost = next((tmp_path / "DEMO").glob("*_fewwords_*.csv"))
    content = lost.read_bytes()
    lost.unlink()
    assert "build: " in adiff("run", recipe)[1]
    assert lost.read_bytes() == content
    answers = tmp_path / "DEMO" / "work" / "evaluation" / "annotations.jsonl"
    answers.write_bytes(b"".join(answers.read_bytes().splitlines(keepends=True)[:50]))
    assert "55 rows in" in adiff("run", recipe)[1]
    assert lost.read_bytes() == content


@pytest.mark.slow
def test_rows_without_an_answer_are_asked_again_and_built(adiff, recipe, tmp_path):
    fields = yaml.safe_load(recipe.read_text())
    server = ChatServer(script=lambda asked: "" if asked.number % 5 == 4 else f"{GOOD[:-1]} {asked.number}.")
    with server:
        fields["steps"]["annotate"] = {"annotator": "llm", "base_url": server.url, "max_attempts": 1, "concurrency": 1}
        recipe.write_text(yaml.safe_dump(fields), encoding="utf-8")
        status, _, err = adiff("run", recipe)
        assert status == 1
        assert "21 of 105 rows have no answer; the same command asks them again" in err
        asked = len(server.requests)
        server.script = lambda asked: GOOD
        status, out, _ = adiff("run", recipe)
        assert status == 0
        assert len(server.requests) - asked == 21
    assert out.count("35 rows, written") == 3


@pytest.mark.slow
def test_a_recipe_lets_the_model_hear(adiff, recipe, demo_corpus):
    fields = yaml.safe_load(recipe.read_text())
    with ChatServer(script=louder) as server:
        hears = {"hear": "both", "facts": False, "tiers": ["fewwords"], "audio_rate": 8000, "base_url": server.url}
        fields["steps"]["annotate"] = hears
        recipe.write_text(yaml.safe_dump(fields), encoding="utf-8")
        status, out, err = adiff("run", recipe)
        assert (status, out) == (2, "")
        assert "annotate: no audio_root" in err
        assert adiff("run", recipe, "--audio-root", demo_corpus)[0] == 0
    assert len(server.requests) == 35
    assert {rate for body in server.requests for _, rate in recordings_in(body)} == {8000}


def test_changed_captions_are_noticed(adiff, recipe, tmp_path, demo_corpus):
    adiff("run", recipe)
    copy = tmp_path / "copy"
    copy.mkdir()
    name = "clotho_captions_evaluation.csv"
    (copy / name).write_text((demo_corpus / name).read_text().replace("rain", "drizzle").replace("dog", "hound"))
    status, _, err = adiff("run", recipe, "--root", copy)
    assert status == 2
    assert "pairs.jsonl: exists and was made with other settings or from other input" in err
    status, out, _ = adiff("run", recipe, "--root", copy, "--force")
    assert status == 0
    assert "evaluation: 35 pairs" in out
    built = next((tmp_path / "DEMO").glob("*_detail_*.csv")).read_text()
    assert " dog" not in built


@pytest.mark.slow
def test_two_recipes_of_one_split_make_the_same_pairs_whatever_other_splits_they_make(adiff, recipe, tmp_path):
    adiff("run", recipe)
    adiff("run", recipe, "--splits", "development,evaluation", "--out", tmp_path / "OTHER")
    one = tmp_path / "DEMO" / "work" / "evaluation" / "pairs.jsonl"
    assert one.read_bytes() == (tmp_path / "OTHER" / "work" / "evaluation" / "pairs.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("corpus: [", "not YAML"),
        ("corpus: clotho\n  root: x\n", "row 2: not YAML (column 7: mapping values are not allowed here)"),
        ("just words", "not a recipe"),
        ("corpus: nope\nroot: .\nsplits: [a]\nout: .\nsteps: {}", "corpus"),
        ("corpus: demo\nroot: .\nsplits: [a]\nout: .\nsteps: {pair: {sed: 1}}", "steps.pair.sed"),
    ],
)
def test_a_wrong_recipe_is_one_line(adiff, tmp_path, text, word):
    path = tmp_path / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    status, _, err = adiff("run", path)
    assert status == 2
    assert err.count("\n") == 1
    assert word in err


def test_an_unknown_recipe_names_those_there_are(adiff):
    status, _, err = adiff("run", "xyz")
    assert status == 2
    assert "acd, cld, demo-data, demo, wcd" in err


@pytest.mark.parametrize(
    ("name", "corpus", "splits"),
    [
        ("cld", "clotho", ("development", "validation", "evaluation")),
        ("acd", "audiocaps", ("train", "val", "test")),
        ("wcd", "wavcaps", ("train",)),
        ("demo", "demo", ("development", "validation", "evaluation")),
    ],
)
def test_the_projects_recipes(name, corpus, splits):
    recipe = read_recipe(name, {})
    assert (recipe.corpus, recipe.splits) == (corpus, splits)
    similarity = {"similarity"} if name == "wcd" else set()
    assert set(recipe.steps.annotate.tiers) == {"fewwords", "sentence", "detail"} | similarity


@pytest.mark.slow
def test_the_demo_ends_with_a_dataset_and_an_example(adiff, tmp_path, monkeypatch):
    monkeypatch.setattr("adiff_data.demo.corpus.DemoSettings.clips", property(lambda _: SMALL))
    status, out, err = adiff("demo", "--out", tmp_path / "DEMO")
    told = [
        line for line in err.splitlines() if not re.search(r": [\d,]+ of [\d,]+ ", line)
    ]  # a slow machine tells how far it is
    assert (status, told) == (0, [])
    assert "explain the difference in detail" in out
    assert len(list((tmp_path / "DEMO").glob("*.csv"))) == 9
    assert len(list((tmp_path / "DEMO" / "corpus").rglob("*.wav"))) == 18


SMALL = {"development": 6, "validation": 6, "evaluation": 6}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "folder", "split", "taskname"),
    [
        ("cld", "clotho", "evaluation", "clothov21"),
        ("acd", "audiocaps", "val", "audiocaps"),
        ("wcd", "wavcaps", "train", "wavcaps"),
    ],
)
def test_real_captions_become_the_published_files(adiff, shared, tmp_path, name, folder, split, taskname):
    """Attribution is checked by words: embeddings take minutes, and have tests of their own, as has every pair."""
    rows = 1000
    call = ("--root", shared / "captions" / folder, "--splits", split, "--annotator", "rules", "--out", tmp_path)
    status, _, _ = adiff("run", name, *call, "--set", "check.attribution=words", "--set", f"pair.limit={rows}")
    assert status == 0
    verdicts = list(read_verdicts(tmp_path / "work" / split / "verdicts.jsonl"))
    turned_down = Counter(verdict.id.rpartition("-")[2] for verdict in verdicts if verdict.failed)
    shared_by_some = sum(verdict.id.endswith("-similarity") for verdict in verdicts)
    assert len(verdicts) == 3 * rows + shared_by_some
    assert (shared_by_some > 0) == (name == "wcd")
    assert turned_down.total() < 0.03 * len(verdicts)
    for tier in ("fewwords", "sentence", "detail"):
        lines = (tmp_path / f"{name}_{split}_adiff_{tier}_answer.csv").read_text(encoding="utf-8").splitlines()
        assert lines[0] == ",".join(COLUMNS)
        assert len(lines) == 1 + rows - turned_down[tier]
        assert all(line.startswith(f"{taskname},") for line in lines[1:])


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("pair.limit=many", "steps.pair.limit: "),
        ("foo.bar=1", "steps.foo: "),
        ("annotate.foo=1", "steps.annotate.foo: "),
        ("corpus.clips=3", "steps.corpus.clips: "),
        ("corpus.evaluation=-1", "steps.corpus.evaluation: "),
    ],
)
def test_a_wrong_setting_of_the_command_line_is_not_blamed_on_the_recipe(adiff, tmp_path, setting, message):
    status, _, err = adiff("run", "demo", "--out", tmp_path, "--set", setting)
    assert status == 2
    assert err.startswith(f"adiff: error: {message}")
