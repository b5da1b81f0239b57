"""The command's edge: results, bad input in one line with exit 2, nothing half-written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data.core.distribution import install_hint, version
from adiff_data.demo import DemoSettings
from pipelines.command import STEPS


def pair_demo(adiff, demo_corpus: Path, out: Path, *more: object) -> tuple[int, str, str]:
    return adiff("pair", "demo", "--root", demo_corpus, "--split", "evaluation", "--out", out, *more)


def one_line_error(result: tuple[int, str, str], *words: str) -> None:
    status, out, err = result
    assert status == 2
    assert out == ""
    assert err.startswith("adiff: error: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_help_with_an_example(adiff, step):
    status, out, _ = adiff(*step.split(), "--help")
    assert status == 0
    assert "Example: adiff " in out


def test_steps_of_a_group_are_listed_and_named_where_one_is_missing(adiff):
    assert "  metrics   " in adiff("--help")[1]
    assert all(f"  {step} " in adiff("metrics", "--help")[1] for step in ("status", "install", "trust"))
    one_line_error(adiff("metrics"), "adiff metrics --help shows the call")
    one_line_error(adiff("metrics", "trust"), "dataset", "adiff metrics trust --help shows the call")


def test_pair_annotate_build_from_the_command(adiff, demo_corpus, tmp_path):
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    assert "35 pairs of 7 clips" in pair_demo(adiff, demo_corpus, pairs)[1]
    assert "105 rows" in adiff("annotate", pairs, "--annotator", "rules", "--out", answers)[1]
    assert "0 failed, finished, 0 of 105 rows missing" in " ".join(adiff("status", answers)[1].split())
    status, out, err = adiff("build", answers, "--out", tmp_path / "DEMO")
    assert (status, err) == (0, "")
    assert "demo_evaluation_adiff_fewwords_answer.csv: 35 rows, written" in out


def test_the_status_of_fewer_tiers_than_are_there_says_that_none_is_missing(adiff, demo_corpus, tmp_path):
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    adiff("pair", "demo", "--root", demo_corpus, "--split", "evaluation", "--limit", 2, "--out", pairs)
    call = ("annotate", pairs, "--annotator", "rules", "--out", answers)
    assert adiff(*call)[0] == 0
    assert adiff(*call, "--tiers", "fewwords")[0] == 0
    assert "0 of 2 rows missing" in adiff("status", answers)[1]


def test_a_second_annotation_does_only_what_is_missing(adiff, demo_corpus, tmp_path):
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    pair_demo(adiff, demo_corpus, pairs)
    adiff("annotate", pairs, "--annotator", "rules", "--tiers", "fewwords", "--out", answers)
    before = answers.read_bytes()
    _, out, _ = adiff("annotate", pairs, "--annotator", "rules", "--out", answers)
    assert "70 rows in" in out
    assert answers.read_bytes().startswith(before)
    assert len({json.loads(line)["id"] for line in answers.read_text().splitlines()}) == 105


def test_published_csvs_become_annotations(adiff, demo_corpus, tmp_path):
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    pair_demo(adiff, demo_corpus, pairs)
    adiff("annotate", pairs, "--annotator", "rules", "--out", answers)
    adiff("build", answers, "--out", tmp_path / "a")
    tables = sorted((tmp_path / "a").glob("*.csv"))
    adiff("import", *tables, "--out", tmp_path / "again.jsonl")
    adiff("build", tmp_path / "again.jsonl", "--out", tmp_path / "b")
    for table in tables:
        assert (tmp_path / "b" / table.name).read_bytes() == table.read_bytes()


def test_a_missing_split_or_corpus_is_named(adiff, demo_corpus, tmp_path):
    out = tmp_path / "pairs.jsonl"
    one_line_error(
        adiff("pair", "demo", "--root", demo_corpus, "--split", "test", "--out", out),
        "demo has no split 'test'; its splits: development, validation, evaluation",
    )
    one_line_error(adiff("pair", "freesound", "--root", demo_corpus, "--out", out), "no corpus 'freesound'")
    assert not out.exists()


def test_wrong_captions_write_nothing(adiff, tmp_path):
    (tmp_path / "val.csv").write_text("youtube_id,caption\n7fmOlUlwoNg,Rain\n6BJ455B1aAs,\n", encoding="utf-8")
    out = tmp_path / "pairs.jsonl"
    result = adiff("pair", "audiocaps", "--root", tmp_path, "--split", "val", "--out", out)
    one_line_error(result, f"{tmp_path / 'val.csv'}, row 3: caption is empty")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["val.csv"]


def test_one_clip_only_is_an_error(adiff, tmp_path):
    (tmp_path / "val.csv").write_text("youtube_id,caption\n7fmOlUlwoNg,Rain\n", encoding="utf-8")
    result = adiff("pair", "audiocaps", "--root", tmp_path, "--split", "val", "--out", tmp_path / "p.jsonl")
    one_line_error(result, "1 clip in the split")


def test_pairs_of_other_settings_are_kept_unless_forced(adiff, demo_corpus, tmp_path):
    out = tmp_path / "pairs.jsonl"
    pair_demo(adiff, demo_corpus, out)
    before = out.read_bytes()
    assert "unchanged" in pair_demo(adiff, demo_corpus, out)[1]
    one_line_error(pair_demo(adiff, demo_corpus, out, "--seed", 9), "other settings", "--force")
    assert out.read_bytes() == before
    assert "written" in pair_demo(adiff, demo_corpus, out, "--seed", 9, "--force")[1]
    assert out.read_bytes() != before


def test_annotations_of_other_settings_are_kept_unless_forced(adiff, demo_corpus, tmp_path):
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    pair_demo(adiff, demo_corpus, pairs)
    adiff("annotate", pairs, "--annotator", "rules", "--out", answers)
    call = ("annotate", pairs, "--out", answers, "--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    one_line_error(adiff(*call), 'made with annotator = "rules", not "llm"', "--force")
    assert answers.read_bytes().count(b"\n") == 105


@pytest.mark.slow
def test_annotations_of_other_pairs_are_an_error(adiff, demo_corpus, tmp_path):
    pairs, other, answers = tmp_path / "pairs.jsonl", tmp_path / "other.jsonl", tmp_path / "annotations.jsonl"
    pair_demo(adiff, demo_corpus, pairs)
    pair_demo(adiff, demo_corpus, other, "--seed", 4)
    adiff("annotate", pairs, "--annotator", "rules", "--out", answers)
    one_line_error(adiff("annotate", other, "--annotator", "rules", "--out", answers), "rows are of pairs that")
    status, _, _ = adiff("annotate", other, "--annotator", "rules", "--out", answers, "--force")
    assert status == 0
    assert answers.with_name("annotations.jsonl.bak").read_bytes().count(b"\n") == 105


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('{"id": "x"', "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        ('{"id": "x", "corpus": "demo"}', "Field required"),
    ],
)
def test_broken_pairs_are_named_by_row(adiff, demo_corpus, tmp_path, line, word):
    pairs = tmp_path / "pairs.jsonl"
    pair_demo(adiff, demo_corpus, pairs)
    lines = pairs.read_text(encoding="utf-8").splitlines()
    pairs.write_text("\n".join([lines[0], line, *lines[1:]]) + "\n", encoding="utf-8")
    result = adiff("annotate", pairs, "--annotator", "rules", "--out", tmp_path / "a.jsonl")
    one_line_error(result, "pairs.jsonl, row 2:")
    assert (tmp_path / "a.jsonl").read_bytes() == b""


def test_pairs_that_are_not_whole_are_an_error(adiff, demo_corpus, tmp_path):
    pairs = tmp_path / "pairs.jsonl"
    pair_demo(adiff, demo_corpus, pairs)
    pairs.write_bytes(pairs.read_bytes()[:-40])
    result = adiff("annotate", pairs, "--annotator", "rules", "--out", tmp_path / "a.jsonl")
    one_line_error(result, "pairs.jsonl, row 35: not a JSON object (the file ends inside it")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--tiers", "fewwords,novel", "--annotator", "rules"], "no tier 'novel'"),
        (["--annotator", "oracle"], "'oracle' is not one of 'llm', 'rules'"),
        (["--tiers-per-call", "two"], "'two' is not one of 'one', 'all'"),
        (["--extra-body", "[]", "--base-url", "http://127.0.0.1:9"], "--extra-body is not a JSON object"),
        (["--timeout", "-1"], "timeout"),
        (["--model", "unknown", "--budget", "1", "--base-url", "http://127.0.0.1:9"], "price of 'unknown'"),
        (["--concurrency", "many"], "concurrency"),
    ],
)
def test_wrong_options_are_one_line(adiff, demo_corpus, tmp_path, arguments, word):
    pair_demo(adiff, demo_corpus, tmp_path / "pairs.jsonl")
    call = ("annotate", tmp_path / "pairs.jsonl", "--out", tmp_path / "a.jsonl", *arguments)
    one_line_error(adiff(*call), word)


def test_without_a_key_it_says_where_one_is_looked_for(adiff, demo_corpus, tmp_path, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    pair_demo(adiff, demo_corpus, tmp_path / "pairs.jsonl")
    call = ("annotate", tmp_path / "pairs.jsonl", "--out", tmp_path / "a.jsonl")
    one_line_error(adiff(*call), "OPENAI_API_KEY is not set")


def test_a_hostile_caption_cannot_colour_the_terminal(adiff, tmp_path):
    (tmp_path / "val.csv").write_text("youtube_id,caption\n\x1b[31ma/../b,[bold]Rain\n", encoding="utf-8")
    result = adiff("pair", "audiocaps", "--root", tmp_path, "--split", "val", "--out", tmp_path / "p.jsonl")
    one_line_error(result, "row 2")
    assert "\x1b" not in result[2]


FILL_THE_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
from pipelines.command import main
main()
"""


@pytest.mark.slow
def test_a_full_disk_leaves_what_was_written_readable(adiff, demo_corpus, tmp_path):
    """A limit on the size of files stands in for a full disk: the system refuses the same write."""
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    pair_demo(adiff, demo_corpus, pairs)
    call = ["annotate", str(pairs), "--annotator", "rules", "--out", str(answers)]
    full = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, *call], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert full.returncode == 1
    assert full.stderr.count("\n") == 1
    assert "annotations.jsonl: cannot be written (File too large)" in full.stderr
    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert 10 < len(rows) < 105
    assert "rows missing" in adiff("status", answers)[1]
    assert adiff(*call)[0] == 0
    assert len({json.loads(line)["id"] for line in answers.read_text(encoding="utf-8").splitlines()}) == 105


@pytest.mark.slow
def test_a_full_disk_leaves_no_half_pairs(demo_corpus, tmp_path):
    script = FILL_THE_DISK.replace("40_000", "2_000")
    call = ["pair", "demo", "--root", str(demo_corpus), "--split", "evaluation", "--out", str(tmp_path / "p.jsonl")]
    full = subprocess.run(
        [sys.executable, "-c", script, *call], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert full.returncode == 1
    assert "p.jsonl: cannot be written" in full.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(adiff, demo_corpus, tmp_path):
    (tmp_path / "file").touch()
    status, _, err = pair_demo(adiff, demo_corpus, tmp_path / "file" / "pairs.jsonl")
    assert status == 1
    assert "cannot be written (Not a directory)" in err or "cannot be written (File exists)" in err
    assert err.count("\n") == 1


def test_an_output_that_cannot_be_made_is_named_by_annotate_too(adiff, demo_corpus, tmp_path):
    pair_demo(adiff, demo_corpus, tmp_path / "pairs.jsonl")
    (tmp_path / "file").touch()
    call = ("annotate", tmp_path / "pairs.jsonl", "--annotator", "rules", "--out", tmp_path / "file" / "a.jsonl")
    status, _, err = adiff(*call)
    assert status == 1
    assert "cannot be written" in err
    assert err.count("\n") == 1


def test_a_step_whose_packages_are_missing_says_how_to_get_them(adiff, monkeypatch):
    def not_there(name: str) -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr("pipelines.command.importlib.import_module", not_there)
    one_line_error(adiff("explain", "a.wav", "b.wav"), "torch is not installed", install_hint("model"))


def test_the_version_is_told_at_once(adiff):
    assert adiff("--version") == (0, f"adiff {version()}\n", "")
    loaded = "import sys; from pipelines.command import run_command; run_command(['--version']); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    assert not {"torch", "transformers", "datasets", "numpy"} & {*told.split()}


def test_a_demo_of_few_clips_has_so_many_in_each_split(adiff, monkeypatch, tmp_path):
    recipes = []

    def stop(recipe, **_: object) -> None:
        recipes.append(recipe)
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.steps.demo.run_recipe", stop)
    adiff("demo", "--clips", 7, "--out", tmp_path)
    adiff("demo", "--out", tmp_path)
    adiff("demo", "--clips", 7)
    adiff("demo")
    assert [recipe.out for recipe in recipes[2:]] == [Path("data/DEMO-7"), Path("data/DEMO")]
    assert {*recipes[0].steps.corpus.clips.values()} == {7}
    assert recipes[1].steps.corpus.clips == DemoSettings().clips
    one_line_error(adiff("demo", "--clips", 5, "--out", tmp_path), "--clips", "greater than or equal to 6")
