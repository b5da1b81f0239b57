"""What is heard under each probe."""

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.core.errors import InputError
from adiff_model.prediction_file import Task
from adiff_model.probes import Heard, heard_files, heard_pairs, probe_file, write_substitute


def task(first: str, second: str) -> Task:
    fields = {"id": f"{first}-{second}", "filepath1": first, "filepath2": second}
    return Task(**fields, tier="detail", prompt="explain the difference in detail", references=("a",))


TASKS = [task("a.wav", "b.wav"), task("b.wav", "c.wav"), task("d.wav", "a.wav")]


@pytest.mark.parametrize(
    ("probe", "heard"),
    [
        (None, (Heard("a.wav"), Heard("b.wav"))),
        ("swap", (Heard("b.wav"), Heard("a.wav"))),
        ("same", (Heard("a.wav"), Heard("a.wav"))),
        ("silence", (Heard("a.wav", "silence"), Heard("b.wav", "silence"))),
        ("noise", (Heard("a.wav", "noise"), Heard("b.wav", "noise"))),
    ],
)
def test_what_is_heard_in_place_of_a_pair(probe, heard):
    assert heard_pairs(TASKS[:1], probe, TASKS)[0] == heard


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_other_recordings_are_neither_of_the_pair_and_not_one_twice(numbers):
    tasks = [task(f"{first}.wav", f"{second}.wav") for first, second in numbers]
    split = [*tasks, task("x.wav", "y.wav"), task("z.wav", "w.wav")]
    for asked, (first, second) in zip(tasks, heard_pairs(tasks, "other", split), strict=True):
        assert {first.filepath, second.filepath}.isdisjoint({asked.filepath1, asked.filepath2})
        assert first != second


def test_other_recordings_do_not_depend_on_which_rows_are_still_to_be_answered():
    assert heard_pairs(TASKS, "other", TASKS)[1:] == heard_pairs(TASKS[1:], "other", TASKS)


def test_a_split_of_two_recordings_has_no_others():
    with pytest.raises(InputError, match="the split has 2 recordings"):
        heard_pairs(TASKS[:1], "other", TASKS[:1])


@pytest.mark.parametrize("channels", [1, 2])
def test_noise_is_as_long_and_as_loud_as_the_recording(tmp_path, channels):
    samples = 0.1 * np.random.default_rng(0).standard_normal((44_100, channels))
    if channels == 2:
        samples[:, 1] = -samples[:, 0]  # opposite phase is not silent
    soundfile.write(tmp_path / "a.wav", samples, 22_050, subtype="FLOAT")
    write_substitute(tmp_path / "a.wav", "noise", tmp_path / "noise.wav")
    noise, rate = soundfile.read(tmp_path / "noise.wav")
    assert (rate, noise.shape) == (22_050, (44_100,))
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(0.1, rel=0.02)


def test_silence_is_as_long_as_the_recording(tmp_path):
    soundfile.write(tmp_path / "a.flac", np.full(8000, 0.5), 16_000)
    write_substitute(tmp_path / "a.flac", "silence", tmp_path / "silence.wav")
    silence, rate = soundfile.read(tmp_path / "silence.wav")
    assert (rate, len(silence)) == (16_000, 8000)
    assert not silence.any()


def test_what_cannot_be_read_is_a_fault_and_what_is_missing_has_no_file(tmp_path):
    (tmp_path / "a.wav").write_text("no audio")
    recordings = {"a.wav": tmp_path / "a.wav"}
    files, faults = heard_files([Heard("a.wav", "noise"), Heard("b.wav", "noise")], recordings, tmp_path)
    assert files == {}
    assert list(faults) == [Heard("a.wav", "noise")]


def test_the_file_of_a_probe_stands_beside_the_predictions(tmp_path):
    assert probe_file(tmp_path / "ours.jsonl", "swap") == tmp_path / "ours.swap.jsonl"
