"""The status of recordings: found, missing, unreadable or ambiguous, and why."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from adiff_data import InputError, RecordingStatus, audio_status
from adiff_data.records import Clip
from adiff_data.sources import corpus_named


def record(path: Path, seconds: float = 1.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, round(8000 * seconds)), 8000)
    return path


def cut(path: Path) -> Path:
    """Half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def clips(*filepaths: str) -> list[Clip]:
    return [Clip(corpus="manifest", split="all", filepath=each, captions=("Rain",)) for each in filepaths]


def status(root: Path, filepath: str, **options: object) -> RecordingStatus:
    (only,) = audio_status(clips(filepath), root, **options)
    return only


def test_a_recording_that_can_be_read_is_found(tmp_path):
    record(tmp_path / "in" / "a.wav")
    assert status(tmp_path, "in/a.wav") == RecordingStatus(filepath="in/a.wav", state="found", recording="in/a.wav")


def test_a_clip_without_a_file_is_missing(tmp_path):
    assert status(tmp_path, "a.wav") == RecordingStatus(filepath="a.wav", state="missing", reason="no recording")


@pytest.mark.parametrize("decode", [False, True])
@pytest.mark.parametrize("extension", ["wav", "flac", "aiff"])
def test_half_a_file_is_unreadable(tmp_path, extension, decode):
    path = cut(record(tmp_path / f"a.{extension}", 4.0))
    found = status(tmp_path, path.name, decode=decode)
    assert (found.state, found.recording) == ("unreadable", path.name)
    assert found.reason.startswith(("is cut: it holds", "cannot be read as audio"))


@pytest.mark.parametrize("content", [b"", b"RIFF", b"<html>404</html>", b"\0" * 5000])
def test_what_is_no_audio_is_unreadable(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    assert status(tmp_path, "a.wav").state == "unreadable"


def test_a_file_without_a_sample_is_unreadable(tmp_path):
    record(tmp_path / "a.wav", 0.0)
    assert status(tmp_path, "a.wav").reason == "holds no sample"


def test_a_flac_whose_header_gives_no_length_is_found(tmp_path):
    content = bytearray(record(tmp_path / "a.flac").read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    (tmp_path / "a.flac").write_bytes(content)
    assert status(tmp_path, "a.flac").state == "found"


def test_only_decoding_finds_what_is_broken_in_the_middle(tmp_path):
    path = record(tmp_path / "a.flac", 8.0)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    path.write_bytes(content)
    assert status(tmp_path, "a.flac").state == "found"
    assert status(tmp_path, "a.flac", decode=True).state == "unreadable"


def test_several_files_that_fit_alike_are_ambiguous(tmp_path):
    record(tmp_path / "a.flac")
    record(tmp_path / "a.ogg")
    found = status(tmp_path, "a.wav")
    assert (found.state, found.recording, found.also) == ("ambiguous", None, ("a.flac", "a.ogg"))


def test_a_file_that_fits_two_clips_alike_is_ambiguous_for_both(tmp_path):
    record(tmp_path / "a.flac")
    assert [each.state for each in audio_status(clips("a.wav", "a.mp3"), tmp_path)] == ["ambiguous"] * 2
    assert status(tmp_path, "a.wav", listed=["a.flac"]).state == "missing"


def test_further_files_beside_the_one_that_is_used_are_named(tmp_path):
    for name in ("a.wav", "a.flac"):
        record(tmp_path / name)
    found = status(tmp_path, "a.wav")
    assert (found.state, found.recording, found.also) == ("found", "a.wav", ("a.flac",))


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no such folder of recordings"):
        audio_status(clips("a.wav"), tmp_path / "nowhere")


def test_the_splits_of_a_corpus_are_those_whose_caption_files_are_there(tmp_path):
    (tmp_path / "val.csv").touch()
    assert corpus_named("audiocaps").splits_in(tmp_path) == ("val",)
    assert corpus_named("wavcaps").splits_in(tmp_path) == ()
    rows = [{"path": "a.wav", "caption": "Rain", "split": split} for split in ("x", 0, "x", None)]
    (tmp_path / "clips.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert corpus_named("manifest").splits_in(tmp_path / "clips.jsonl") == ("x", "0", "all")
