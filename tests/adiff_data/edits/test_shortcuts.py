"""The diagnosis of shortcuts finds a trace of editing where there is one, and none in edits as they are made."""

import numpy as np
import pytest
import soundfile

from adiff_data.claims.edit_truth import EditTruth
from adiff_data.core.json_lines import read_records
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.edits.shortcuts import find_shortcuts
from adiff_data.records import Clip

pytestmark = pytest.mark.slow

RATE = 8000


@pytest.fixture
def edited(tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    clips = []
    for number in range(12):
        samples = np.random.RandomState(number).standard_normal(2 * RATE) * (0.01 + 0.004 * number)
        soundfile.write(recordings / f"{number}.wav", samples, RATE)
        clips.append(Clip(corpus="manifest", split="all", filepath=f"{number}.wav", captions=(f"noise {number}",)))
    make_edited_pairs(clips, recordings, tmp_path / "EDT", count=96, edits=("louder", "softer"))
    return tmp_path / "EDT"


def test_edits_as_they_are_made_leave_no_trace(edited):
    everything, loudness = find_shortcuts(edited)
    assert (everything.quality, loudness.quality) == ("all", "loudness")
    assert everything.pairs == 96
    assert not everything.is_above_chance


def test_a_trace_in_the_edited_audio_is_found(edited):
    for truth, pair in zip(
        read_records(edited / "truth.jsonl", EditTruth), sorted(edited.rglob("*_1.flac")), strict=True
    ):
        path = pair.with_name(pair.name.replace("_1", f"_{truth.edited}"))
        samples, rate = soundfile.read(path)
        hum = 0.05 * np.sin(2 * np.pi * 1000 * np.arange(len(samples)) / rate)
        soundfile.write(path, samples + hum * np.abs(samples).max() * 10, rate)
    everything = find_shortcuts(edited)[0]
    assert everything.accuracy > 0.9
    assert everything.is_above_chance
