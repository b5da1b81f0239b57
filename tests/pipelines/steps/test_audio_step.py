"""`adiff audio status`: what it prints, and the file of all clips."""

import json
import shutil

import pytest


@pytest.fixture
def corpus(demo_corpus, tmp_path):
    """The demo corpus, of which two recordings are not as they should be."""
    folder = shutil.copytree(demo_corpus, tmp_path / "corpus")
    evaluation = sorted((folder / "evaluation").glob("*.wav"))
    evaluation[0].unlink()
    evaluation[1].write_text("404")
    shutil.copy(evaluation[3], evaluation[3].with_suffix(".flac"))
    return folder, [f"Demo/evaluation/{path.name}" for path in evaluation]


def test_the_status_of_a_split_names_what_is_not_well(adiff, corpus, tmp_path):
    folder, filepaths = corpus
    out = tmp_path / "status.jsonl"
    call = ("audio", "status", "demo", "--split", "evaluation", "--audio-root", folder, "--out", out)
    status, printed, err = adiff(*call)
    assert (status, err) == (0, "")
    lines = printed.splitlines()
    assert lines[0] == f"{folder}: 7 clips (demo evaluation): 5 found, 1 missing, 1 unreadable, 0 ambiguous"
    assert lines[1] == f"  missing: {filepaths[0]}"
    assert lines[2].startswith(f"  unreadable: {filepaths[1]} (cannot be read as audio")
    assert lines[3].startswith(f"  1 found, with further files that fit: {filepaths[3]} (also ")
    assert lines[4:] == [f"{out}: 7 clips, written"]
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["filepath"] for row in rows] == filepaths
    assert [row["state"] for row in rows] == ["missing", "unreadable", *["found"] * 5]
    assert adiff(*call)[1].endswith("unchanged\n")


def test_without_a_split_all_are_looked_at(adiff, corpus, tmp_path):
    folder, _ = corpus
    status, printed, _ = adiff("audio", "status", "demo", "--root", folder, "--audio-root", folder, "--decode")
    assert status == 0
    assert "19 clips (demo development, validation, evaluation): 17 found" in printed


def test_all_missing_is_a_result_like_another(adiff, demo_corpus, tmp_path):
    status, printed, _ = adiff("audio", "status", "demo", "--root", demo_corpus, "--audio-root", tmp_path)
    assert status == 0
    assert "0 found, 19 missing" in printed
    assert "and 14 more" in printed


def test_captions_that_are_not_there_are_an_error(adiff, tmp_path):
    status, _, err = adiff("audio", "status", "clotho", "--audio-root", tmp_path)
    assert status == 2
    assert err == f"adiff: error: {tmp_path}: no caption file of clotho is here\n"
