"""`adiff evaluate` and `adiff metrics`: what is scored, reported and refused."""

import csv
import json
from pathlib import Path

import pytest

from adiff_model.prediction_file import Prediction
from pipelines.command import run_command

ANSWERS = {
    "fewwords": ("Audio 1: a dog barks. Audio 2: rain falls.", "Audio 1: a siren wails. Audio 2: wind blows."),
    "sentence": ("The first audio has a dog that barks, the second has rain.", "Audio 1 is a siren, audio 2 is wind."),
}


def line(number: int, tier: str, prediction: str, **changes) -> str:
    fields = {
        "id": f"{tier}{number}",
        "filepath1": f"ClothoV21/evaluation/{number}.wav",
        "filepath2": "ClothoV21/evaluation/b.wav",
        "tier": tier,
        "prompt": "explain",
        "references": (ANSWERS[tier][number],) if tier in ANSWERS else ("x",),
        "prediction": prediction,
    }
    return Prediction(**{**fields, **changes}).model_dump_json()


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{text}\n" for text in lines))
    return path


@pytest.fixture
def right(tmp_path) -> Path:
    lines = [line(number, tier, text) for tier in ANSWERS for number, text in enumerate(ANSWERS[tier])]
    return write(tmp_path / "right.jsonl", lines)


@pytest.fixture
def wrong(tmp_path) -> Path:
    lines = [line(number, tier, ANSWERS[tier][1 - number]) for tier in ANSWERS for number in range(2)]
    return write(tmp_path / "wrong.jsonl", lines)


def scores(folder: Path) -> dict[tuple[str, str, str], dict]:
    records = json.loads((folder / "scores.json").read_text())
    return {(row["system"], row["tier"], row["metric"]): row for row in records}


@pytest.mark.slow
def test_tiers_are_scored_apart_and_systems_side_by_side(right, wrong, tmp_path, capsys):
    assert run_command(["evaluate", str(right), str(wrong), "--out", str(tmp_path / "report"), "--no-spice"]) == 0
    written = scores(tmp_path / "report")
    assert written["right", "sentence", "BLEU-4"]["score"] == pytest.approx(1.0, abs=1e-6)
    assert written["wrong", "sentence", "BLEU-4"]["score"] < 0.5
    assert written["right", "fewwords", "SPICE"]["missing"] == "left out, as asked"
    assert "SPICE: left out" in capsys.readouterr().out
    tables = (tmp_path / "report" / "scores.md").read_text()
    assert "## cld, fewwords" in tables
    assert "p=" in tables
    leaderboard = (tmp_path / "report" / "leaderboard.md").read_text()
    assert "| ADIFF (published) | 15.25 | 11.85 | 24.50 | 23.15 |" in leaderboard
    assert "| right | 100.00 | – | 100.00 | – | – |" in leaderboard


@pytest.mark.slow
def test_a_systems_name_is_never_a_formula_nor_markup(right, tmp_path):
    command = ("evaluate", "--out", str(tmp_path / "report"), "--no-spice", "--")
    assert run_command([*command, f"-1|<b>={right}"]) == 0
    with (tmp_path / "report" / "leaderboard.csv").open(newline="") as table:
        assert [row[0] for row in csv.reader(table)][-1] == "'-1|<b>"
    assert "<b>" not in (tmp_path / "report" / "leaderboard.md").read_text()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([line(0, "fewwords", "a", references=())], "row 1: no reference"),
        ([line(0, "fewwords", "a"), line(0, "fewwords", "b")], "row 2: the id 'fewwords0' stands in row 1 too"),
        ([line(0, "poem", "a")], "no tier 'poem'"),
        ([], "holds no prediction"),
    ],
)
def test_rows_that_cannot_be_evaluated_are_refused(tmp_path, capsys, lines, message):
    path = write(tmp_path / "predictions.jsonl", lines)
    assert run_command(["evaluate", str(path), "--out", str(tmp_path / "report")]) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "report").exists()


@pytest.mark.slow
def test_an_empty_prediction_counts_and_is_reported(adiff, right, tmp_path):
    lines = right.read_text().splitlines()
    path = write(tmp_path / "half.jsonl", [lines[0], line(1, "fewwords", "")])
    status, _, errors = adiff("evaluate", path, "--out", tmp_path / "report", "--no-spice")
    assert status == 0
    assert "half: 1 row has no prediction" in errors
    assert scores(tmp_path / "report")["half", "fewwords", "ROUGE-L"]["score"] == pytest.approx(0.5)


def test_systems_of_other_rows_are_not_compared(right, tmp_path, capsys):
    path = write(tmp_path / "other.jsonl", right.read_text().splitlines()[:1])
    assert run_command(["evaluate", str(right), str(path), "--out", str(tmp_path / "report")]) == 2
    expected = "right and other do not answer the same rows: other lacks 3 rows, such as 'fewwords1'"
    assert expected in " ".join(capsys.readouterr().err.split())


def test_a_file_in_place_of_the_folder_is_refused_before_anything_is_read(tmp_path, capsys):
    (tmp_path / "report").write_text("notes")
    for out in (tmp_path / "report", tmp_path / "report" / "below"):
        assert run_command(["evaluate", "no such predictions", "--out", str(out)]) == 2
        assert "report: is a file, but a folder is needed" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "report").read_text() == "notes"


def test_files_of_somebody_else_are_not_overwritten(right, tmp_path, capsys):
    (tmp_path / "summary.md").write_text("my notes")
    assert run_command(["evaluate", str(right), "--out", str(tmp_path)]) == 2
    assert "summary.md is there, and is not of a report" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "summary.md").read_text() == "my notes"


@pytest.mark.slow
def test_a_metric_that_fails_takes_neither_scores_nor_report_with_it(adiff, right, tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Dsome=thing")
    monkeypatch.setattr("adiff_model.metrics.meteor._OPTIONS", ("-Xmx8m", "-jar", "meteor-1.5.jar", "-stdio"))
    status, _, errors = adiff("evaluate", right, "--out", tmp_path / "report", "--no-spice", "--no-fense")
    assert status == 0
    assert "right, cld fewwords: no METEOR: METEOR failed (" in errors
    assert "Picked up" not in errors
    written = scores(tmp_path / "report")
    assert written["right", "sentence", "METEOR"]["missing"].startswith("METEOR failed (")
    assert written["right", "sentence", "FENSE"]["missing"] == "left out, as asked"
    assert written["right", "sentence", "BLEU-4"]["score"] == pytest.approx(1.0, abs=1e-6)
    assert (tmp_path / "report" / "report.html").exists()


def test_metrics_status_says_what_is_missing_and_how_to_install_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ADIFF_METRICS", str(tmp_path / "metrics"))
    assert run_command(["metrics", "status"]) == 0
    output = capsys.readouterr().out
    assert "rhino-1.7.15.jar: missing (org.mozilla:rhino:1.7.15, MPL 2)" in output
    assert "adiff metrics install" in output
    assert run_command(["metrics", "install", "--from", str(tmp_path)]) == 2
    assert "is not there" in capsys.readouterr().err
