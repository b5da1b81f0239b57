"""`adiff explain`, `adiff convert` and `adiff predict` from the command."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from adiff_data.published_csv import COLUMNS
from tests.adiff_model.conftest import converted, published, tones  # noqa: F401 - fixtures
from tests.pipelines.test_command import one_line_error

CLIPS = 40
BAD = (3, 17)


@pytest.fixture(scope="module")
def split(tones, tmp_path_factory) -> tuple[Path, Path]:  # noqa: F811
    """A built split of 300 pairs of 40 short clips, and its recordings; two are no audio, which ten pairs have."""
    folder = tmp_path_factory.mktemp("split")
    recordings = folder / "recordings"
    recordings.mkdir()
    for number in range(CLIPS):
        source = Path(tones(f"clip{number}.wav", 200.0 + 20 * number, 0.3))
        (recordings / source.name).write_bytes(b"no audio" if number in BAD else source.read_bytes())
    rows = [",".join(COLUMNS)]
    good = [number for number in range(CLIPS) if number not in BAD]
    for row in range(300):
        first, second = good[row % len(good)], good[(row // len(good) + row + 1) % len(good)]
        if row % 30 == 0:
            first = BAD[row // 30 % 2]
        paths = f"ClothoV21/evaluation/clip{first}.wav,ClothoV21/evaluation/clip{second}.wav"
        rows.append(f"clothov21,{paths},one {row},two {row},explain the difference in few words,answer {row}")
    (folder / "CLD").mkdir()
    table = folder / "CLD" / "cld_evaluation_adiff_fewwords_answer.csv"
    table.write_text("\n".join(rows) + "\n")
    return folder / "CLD", recordings


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def call(split, checkpoint: Path, out: Path, *more: object) -> list[str]:
    folder, recordings = split
    arguments = ("predict", folder, "--split", "test", "--audio-root", recordings, "--checkpoint", checkpoint)
    return [str(each) for each in (*arguments, "--out", out, "--max-len", 6, "--reading-threads", 0, *more)]


@pytest.mark.slow
def test_ten_bad_rows_of_300_cost_ten_rows(adiff, split, converted, tmp_path):  # noqa: F811
    out = tmp_path / "predictions.jsonl"
    status, printed, errors = adiff(*call(split, converted, out))
    assert status == 1
    assert "300 rows, 0 of them from before, 10 without an answer" in printed
    assert "10 rows have no answer" in errors
    rows = lines(out)
    assert len(rows) == 300
    bad = [row for row in rows if row["fault"]]
    assert len(bad) == 10
    assert all("cannot be read as audio" in row["fault"] and row["prediction"] == "" for row in bad)
    assert [row["references"][0] for row in rows] == [f"answer {number}" for number in range(300)]
    assert {"id", "filepath1", "filepath2", "tier", "prompt", "prediction", "references"} <= rows[0].keys()


@pytest.mark.slow
def test_probes_are_answered_beside_the_predictions(adiff, split, converted, tmp_path):  # noqa: F811
    """Each goes on where it was cut, and silence of what cannot be read is as much a fault as that itself."""
    out = tmp_path / "predictions.jsonl"
    asked = call(split, converted, out, "--limit", 31, "--probe", "swap, same,silence")
    status, _, _ = adiff(*asked)
    assert status == 1
    names = {path.name for path in tmp_path.glob("*.jsonl")}
    assert names == {f"predictions{probe}.jsonl" for probe in ("", ".swap", ".same", ".silence")}
    plain, swapped, silent = (lines(tmp_path / f"predictions{probe}.jsonl") for probe in ("", ".swap", ".silence"))
    heard = [[(row["events1"], row["events2"]) for row in rows] for rows in (plain, swapped)]
    assert heard[1] == [(second, first) for first, second in heard[0]]
    assert len({json.dumps(row["events1"]) for row in silent if not row["fault"]}) == 1
    for rows in (plain, swapped, silent):
        assert [row["id"] for row in rows if row["fault"]] == [plain[0]["id"], plain[30]["id"]]
    adiff(*asked)
    assert lines(tmp_path / "predictions.swap.jsonl") == swapped


@pytest.mark.parametrize("probe", ["echo", "swap,echo"])
def test_an_unknown_probe_is_one_line(adiff, split, tmp_path, probe):
    status, _, errors = adiff(*call(split, tmp_path, tmp_path / "p.jsonl", "--probe", probe))
    assert status == 2
    assert "--probe" in errors
    assert "'other'" in errors


@pytest.mark.slow
def test_a_killed_run_goes_on_and_ends_the_same(adiff, split, converted, tmp_path):  # noqa: F811
    whole, out = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    adiff(*call(split, converted, whole, "--batch-size", 8))
    command = [sys.executable, "-m", "pipelines", *call(split, converted, out, "--batch-size", 8)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while (not out.exists() or out.read_bytes().count(b"\n") < 40) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = out.read_bytes().count(b"\n")
    assert 40 <= kept < 300
    with out.open("ab") as file:
        file.write(b'{"id": "cut')
    _, printed, _ = adiff(*call(split, converted, out, "--batch-size", 8))
    assert " 0 of them from before" not in printed
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.slow
def test_other_settings_are_refused_and_nothing_is_asked_twice(adiff, split, converted, tmp_path):  # noqa: F811
    out = tmp_path / "predictions.jsonl"
    rows = ("--limit", 2, "--tier", "fewwords")
    adiff(*call(split, converted, out, *rows))
    before = out.read_bytes()
    status, _, errors = adiff(*call(split, converted, out, *rows, "--temperature", 1.5))
    assert status == 2
    assert "was made with decoding.temperature = 1.0, not 1.5" in errors
    assert out.read_bytes() == before
    adiff(*call(split, converted, out, *rows))
    assert out.read_bytes() == before


@pytest.mark.slow
def test_explain_says_tiers_events_and_plots(adiff, tones, converted, tmp_path):  # noqa: F811
    plot = tmp_path / "pair.png"
    call = ("explain", tones("one.wav", 300), tones("other.wav", 900), "--checkpoint", converted, "--max-len", 5)
    status, printed, _ = adiff(*call, "--plot", plot)
    assert status == 0
    for said in ("in few words:", "in a sentence:", "in detail:", "heard in audio 1:", "heard in audio 2:"):
        assert said in printed
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_explain_of_what_is_no_audio_is_one_line(adiff, tones, converted, tmp_path):  # noqa: F811
    (tmp_path / "text.wav").write_text("no audio")
    one = tones("one.wav", 300)
    one_line_error(adiff("explain", one, tmp_path / "text.wav", "--checkpoint", converted), "text.wav", "audio")
    one_line_error(adiff("explain", one, one, "--checkpoint", tmp_path / "gone"), "no such checkpoint")


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_one_line(adiff, tones, device, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    one = tones("one.wav", 300)
    one_line_error(adiff("explain", one, one, "--device", device), f"torch finds no {device} device here", "auto")
    assert "device" in adiff("train", "tiny", "--dry-run", "--out", tmp_path, "--device", "gpu")[2]


@pytest.mark.slow
def test_grounded_answers_say_what_was_left_out_and_a_file_is_grounded_or_not(adiff, split, tones, tmp_path):  # noqa: F811
    one = tones("one.wav", 300)
    status, printed, _ = adiff("explain", one, one, "--grounded", "--tier", "fewwords")
    assert status == 0
    assert "No difference between the two audios" in printed
    assert "left out: “" in printed
    assert "written by rules" in printed
    out = tmp_path / "predictions.jsonl"
    rows = ("--limit", 2, "--tier", "fewwords")
    adiff(*call(split, "tiny", out, *rows, "--grounded"))
    assert all({"left_out", "is_fallback"} <= json.loads(line).keys() for line in out.read_text().splitlines())
    assert "grounded" in adiff(*call(split, "tiny", out, *rows))[2]


@pytest.mark.slow
def test_convert_makes_a_folder_that_explain_uses(adiff, published, tones, tmp_path):  # noqa: F811
    status, printed, _ = adiff("convert", published, tmp_path / "small")
    assert status == 0
    assert "M parameters" in printed
    one = tones("one.wav", 300)
    call = ("explain", one, one, "--checkpoint", tmp_path / "small", "--prompt", "caption the first audio")
    assert "caption the first audio:" in adiff(*call, "--max-len", 4)[1]
