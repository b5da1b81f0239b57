"""`load_split` of a built dataset, with the user's own recordings beside it."""

import datasets
import numpy as np
import pytest
import soundfile

from adiff_data import load_split
from adiff_data.annotation.annotators import RulesAnnotator, annotate_job
from adiff_data.annotation.run import Job
from adiff_data.audio.reading import SoundfileAudio
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.json_lines import write_records
from adiff_data.dataset.building import build
from adiff_data.pairing import make_pairs
from adiff_data.sources import read_clips


@pytest.fixture(scope="module")
def demo(demo_corpus, tmp_path_factory):
    """The demo's evaluation split, built: 35 pairs, 105 rows."""
    folder = tmp_path_factory.mktemp("loading") / "DEMO"
    work = folder / "work" / "evaluation"
    pairs = make_pairs(list(read_clips("demo", demo_corpus, "evaluation")), strategy="random", seed=0)
    write_records(work / "pairs.jsonl", pairs)
    annotate_job(Job(work / "pairs.jsonl", work / "annotations.jsonl"), RulesAnnotator())
    build([work / "annotations.jsonl"], folder)
    return folder


@pytest.mark.parametrize("split", ["test", "evaluation"])
def test_a_split_has_the_hubs_name_or_the_corpus_own(demo, split):
    rows = load_split(demo, "demo", split, tier="sentence")
    assert isinstance(rows, datasets.Dataset)
    assert len(rows) == 35
    assert set(rows["prompt"]) == {"explain the difference in a sentence"}
    assert rows.features["tier"].int2str(rows[0]["tier"]) == "sentence"


def test_recordings_are_read_resampled_and_mixed_down_when_a_row_is_asked_for(demo, demo_corpus):
    rows = load_split(demo, "demo", "test", tier="detail", audio_root=demo_corpus, sampling_rate=16_000)
    sound = rows[0]["audio1"]
    assert isinstance(rows.features["audio1"], SoundfileAudio)
    assert sound["array"].dtype == np.float32
    assert sound["array"].shape == (160_000,)
    assert sound["sampling_rate"] == 16_000
    kept = rows.filter(lambda row: row["audio2_path"].endswith("3.wav")).shuffle(seed=1)
    assert kept[0]["audio2"]["path"].endswith("3.wav")
    assert kept.with_format("numpy")[0]["audio2"].shape == (160_000,)


def test_channels_that_cancel_each_other_are_heard(tmp_path):
    tone = 0.5 * np.sin(np.arange(8000) * 0.1)
    path = tmp_path / "a.wav"
    soundfile.write(path, np.stack([tone, -tone], axis=1), 8000, subtype="FLOAT")
    rows = datasets.Dataset.from_dict({"audio": [str(path)]}).cast_column("audio", SoundfileAudio())
    np.testing.assert_allclose(rows[0]["audio"]["array"], tone, atol=1e-6)


def test_map_reads_recordings_and_keeps_their_files(demo, demo_corpus):
    rows = load_split(demo, "demo", "test", tier="detail", audio_root=demo_corpus, sampling_rate=16_000).select(
        range(3)
    )
    measured = rows.map(lambda row: {"length": len(row["audio1"]["array"])})
    assert measured["length"][:] == [160_000] * 3
    assert measured[0]["audio1"]["path"] == rows[0]["audio1"]["path"]
    assert measured.data.column("audio1").to_pylist() == rows.data.column("audio1").to_pylist()
    batched = rows.map(lambda batch: {"length": [len(clip["array"]) for clip in batch["audio2"]]}, batched=True)
    assert batched["length"][:] == [160_000] * 3


def test_map_may_change_recordings(demo, demo_corpus):
    rows = load_split(demo, "demo", "test", tier="detail", audio_root=demo_corpus, sampling_rate=16_000).select(
        range(2)
    )

    def cut(row):
        return {"audio1": {**row["audio1"], "array": row["audio1"]["array"][:800]}, "audio2": None}

    changed = rows.map(cut)
    np.testing.assert_array_equal(changed[1]["audio1"]["array"], rows[1]["audio1"]["array"][:800])
    assert changed[1]["audio1"]["sampling_rate"] == 16_000
    assert changed[1]["audio2"] is None
    encode = rows.features["audio1"].encode_example
    assert encode("a.wav") == encode({"path": "a.wav"}) == {"bytes": None, "path": "a.wav"}
    assert encode(b"RIFF") == {"bytes": b"RIFF", "path": None}
    with pytest.raises(InputError, match="a int is no recording"):
        encode(5)


def test_missing_recordings_are_named_and_their_rows_kept(demo, demo_corpus, tmp_path, caplog):
    (tmp_path / "evaluation").mkdir()
    for number in range(6):
        name = f"evaluation_{number:04d}.wav"
        (tmp_path / "evaluation" / name).symlink_to(demo_corpus / "evaluation" / name)
    rows = load_split(demo, "demo", "test", tier="detail", audio_root=tmp_path)
    assert len(rows) == 35
    assert "1 of 7 recordings are not in" in caplog.text
    assert "Demo/evaluation/evaluation_0006.wav" in caplog.text
    without = rows.filter(lambda row: row["audio1_path"].endswith("6.wav"))
    assert without[0]["audio1"] is None


def test_a_recording_that_is_no_audio_is_named_when_it_is_read(demo, tmp_path):
    (tmp_path / "evaluation_0000.wav").write_text("no audio")
    rows = load_split(demo, "demo", "test", audio_root=tmp_path)
    row = rows.filter(lambda row: row["audio1_path"].endswith("0000.wav"))
    with pytest.raises(InputError, match=r"evaluation_0000\.wav: cannot be read as audio"):
        row[0]["audio1"]["array"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("demo", "test", "verse"), "no tier 'verse'"),
        (("cld", "test"), "no config 'cld'"),
        (("demo", "train"), "no split 'train'"),
    ],
)
def test_what_is_not_there_is_named(demo, arguments, message):
    with pytest.raises(InputError, match=message):
        load_split(demo, *arguments)


def test_no_recording_at_all_and_no_dataset_at_all_are_errors(demo, tmp_path):
    with pytest.raises(InputError, match="none of the recordings is here"):
        load_split(demo, "demo", "test", audio_root=tmp_path)
    with pytest.raises(WorkError, match="no such folder, and the Hub was not reached"):
        load_split("nobody/nothing", "demo", "test")
