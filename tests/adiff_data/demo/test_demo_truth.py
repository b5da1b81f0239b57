"""Recordings in scenes, which sources a text names, and whether an answer is true of two known clips."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.demo.naming import AUDIOSET, named_sources
from adiff_data.demo.recorded import ALL_SOURCES, RecordingSettings, play
from adiff_data.demo.scenes import Event, compose
from adiff_data.demo.truth import KnownClip, read_truth
from adiff_data.demo.truthfulness import events_named, order_claims
from adiff_data.demo.wording import captions


@pytest.fixture(scope="module")
def recordings(tmp_path_factory) -> Path:
    """A folder as ESC-10's: short noises under the names of two categories, a fold each."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "audio").mkdir()
    with (folder / "meta.csv").open("w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(("filename", "fold", "category"))
        for fold in (1, 2):
            for category in ("Baby cry", "Rooster"):
                name = f"{fold}-{category.replace(' ', '')}.wav"
                soundfile.write(folder / "audio" / name, np.random.default_rng(fold).normal(0, 0.1, 16_000), 16_000)
                rows.writerow((name, fold, category))
    return folder


def clip(*sources: str, arrangement: str = "sequence") -> KnownClip:
    step = 10 / len(sources)
    events = tuple(
        Event(
            source=source,
            onset=place * step if arrangement == "sequence" else 0.0,
            offset=(place + 1) * step if arrangement == "sequence" else 10.0,
            distance="near",
            level_dbfs=-20.0,
            parameters={},
        )
        for place, source in enumerate(sources)
    )
    return KnownClip("a.wav", arrangement if len(sources) > 1 else "single", events)


@pytest.mark.slow
def test_a_fold_sounds_in_its_own_split_alone(recordings, tmp_path):
    own = RecordingSettings(folder=recordings, folds={"development": (1,), "validation": (2,)})
    write_corpus(tmp_path / "corpus", DemoSettings(development=30, validation=30, evaluation=0, recordings=own))
    for split, fold in (("development", "1-"), ("validation", "2-")):
        events = [event for known in read_truth(tmp_path / "corpus", split) for event in known.events]
        recorded = [event for event in events if event.recording]
        assert {event.source for event in recorded} == {"baby", "rooster"}
        assert all(event.recording.startswith(fold) for event in recorded)
        assert any(not event.recording for event in events)


def test_without_recordings_the_truth_is_as_it_was(demo_corpus):
    lines = (demo_corpus / "truth.jsonl").read_text().splitlines()
    assert all("recording" not in event for line in lines for event in json.loads(line)["events"])


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("filename,fold,category\na.wav,1,Didgeridoo\n", "no words for 'Didgeridoo'"),
        ("filename,category\na.wav,Rain\n", "not a table"),
        ("filename,fold,category\na.wav,one,Rain\n", "not a table"),
    ],
)
def test_a_table_that_does_not_serve_is_refused(tmp_path, table, told):
    (tmp_path / "meta.csv").write_text(table)
    with pytest.raises(InputError, match=told):
        RecordingSettings(folder=tmp_path, folds={"development": (1,)}).in_split("development")


def test_a_fold_in_two_splits_is_refused(recordings):
    with pytest.raises(InputError, match="two splits"):
        RecordingSettings(folder=recordings, folds={"development": (1, 2), "validation": (2,)}).in_split("validation")


@pytest.mark.parametrize("seconds", [0.4, 3.0])
def test_a_recording_fills_its_time(recordings, seconds):
    played = play(recordings / "audio" / "1-Rooster.wav", seconds, 1.1, np.random.RandomState(0))
    assert played.shape == (round(seconds * 32_000),)
    assert np.abs(played).max() > 0.05


def test_a_recording_that_is_none_or_silent_is_told(tmp_path):
    soundfile.write(tmp_path / "silent.wav", np.zeros(100), 32_000)
    with pytest.raises(InputError, match="silent"):
        play(tmp_path / "silent.wav", 1.0, 1.0, np.random.RandomState(0))
    with pytest.raises(InputError, match="cannot be read"):
        play(tmp_path / "none.wav", 1.0, 1.0, np.random.RandomState(0))


@given(st.integers(0, 10_000))
def test_captions_name_the_sources_of_their_scene_and_no_other(number):
    stream = Seeded("naming", number)
    scene = compose(stream, {"baby": ["a"], "rooster": ["b"], "sneeze": ["c"], "chainsaw": ["d"]})
    for caption in captions(scene, stream):
        assert set(named_sources(caption)) == {event.source for event in scene.events}, caption


def test_every_source_has_a_name_in_audioset():
    assert AUDIOSET.keys() == ALL_SOURCES.keys()


def test_events_count_on_their_own_side():
    dog, rain = clip("dog"), clip("rain")
    right = events_named("Audio 1: a dog barks. Audio 2: rain falls.", dog, rain)
    assert right.on_the_right_side
    assert right.complete
    swapped = events_named("Audio 1: rain falls. Audio 2: a dog barks.", dog, rain)
    assert (swapped.right, swapped.missed, swapped.wrong) == (0, 2, 2)
    part = events_named("Audio 1: a dog barks. Audio 2: rain falls.", clip("dog", "siren"), rain)
    assert part.on_the_right_side
    assert not part.complete
    invented = events_named("Audio 1: a dog barks and thunder rolls. Audio 2: rain falls.", dog, rain)
    assert not invented.on_the_right_side


@pytest.mark.parametrize(
    ("said", "true"),
    [
        ("a dog barks, then rain falls", True),
        ("rain falls, followed by a dog barking", False),
        ("rain falls after a dog barks", True),
        ("a dog barks while rain falls", False),
        ("a dog barks, then thunder rolls", False),
    ],
)
def test_claims_of_order_are_held_against_the_onsets(said, true):
    found = order_claims(f"Audio 1: {said}. Audio 2: a siren sounds.", clip("dog", "rain"), clip("siren"))
    assert found == [true]


def test_claims_of_arrangement_are_held_against_the_scene():
    answer = "In audio 1 the sounds come one after another. In audio 2 several things share the same moment."
    assert order_claims(answer, clip("dog", "rain"), clip("siren", "wind", arrangement="together")) == [True, True]
    assert order_claims(answer, clip("dog"), clip("siren", "wind")) == [False, False]


def test_a_truth_that_is_none_is_refused(tmp_path):
    (tmp_path / "truth.jsonl").write_text('{"split": "development"}\n')
    with pytest.raises(InputError, match="row 1"):
        read_truth(tmp_path, "development")
