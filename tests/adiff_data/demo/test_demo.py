"""The demo corpus: seeded to the byte, true to what was put in, in Clotho's own layout."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.demo import DemoSettings, scenes, write_corpus
from adiff_data.demo.sounds import SOURCES
from adiff_data.demo.wording import aspects, captions
from adiff_data.sources import read_clips

SMALL = DemoSettings(seed=5, development=2, validation=1, evaluation=1)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(tmp_path):
    assert write_corpus(tmp_path / "a", SMALL)
    assert write_corpus(tmp_path / "b", SMALL)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert write_corpus(tmp_path / "c", SMALL.model_copy(update={"seed": 6}))
    assert contents(tmp_path / "a") != contents(tmp_path / "c")


@pytest.mark.slow
def test_a_corpus_that_is_there_is_kept_and_another_is_refused(tmp_path):
    write_corpus(tmp_path / "a", SMALL)
    assert not write_corpus(tmp_path / "a", SMALL)
    other = SMALL.model_copy(update={"seed": 6})
    with pytest.raises(InputError, match="`force=True`"):
        write_corpus(tmp_path / "a", other)
    assert write_corpus(tmp_path / "a", other, force=True)


def test_it_reads_as_clotho_does(demo_corpus):
    read = list(read_clips("demo", demo_corpus, "evaluation"))
    assert len(read) == 7
    assert all(len(set(clip.captions)) == 5 for clip in read)
    assert (demo_corpus / "evaluation" / "evaluation_0000.wav").exists()


def test_clips_are_ten_seconds_of_sound(demo_corpus):
    for path in demo_corpus.rglob("*.wav"):
        samples, rate = soundfile.read(path)
        assert samples.shape == (320_000,)
        assert rate == 32_000
        assert np.abs(samples).max() > 0.003


def test_the_truth_tells_each_event(demo_corpus):
    for line in (demo_corpus / "truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        assert 1 <= len(truth["events"]) <= 3
        for event in truth["events"]:
            ranges = {parameter.name: parameter for parameter in SOURCES[event["source"]].parameters}
            assert 0 <= event["onset"] < event["offset"] <= 10
            assert all(ranges[name].low <= value <= ranges[name].high for name, value in event["parameters"].items())


def test_there_are_enough_kinds_of_sounds():
    assert len(SOURCES) >= 14


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_each_source_sounds_throughout_at_its_level(name):
    parameters = {parameter.name: parameter.low for parameter in SOURCES[name].parameters}
    event = scenes.Event(source=name, onset=2.0, offset=8.0, distance="near", level_dbfs=-20.0, parameters=parameters)
    clip = scenes.render(scenes.Scene(arrangement="single", events=(event,), seed=1)) / 32768
    inside, outside = clip[64_000:256_000], np.concatenate([clip[:60_000], clip[260_000:]])
    assert np.abs(outside).max() < 0.002
    frames = np.sqrt((inside.reshape(-1, 1600) ** 2).mean(axis=1))
    loud = frames[frames > frames.max() / 10]
    assert 20 * np.log10(np.sqrt((loud**2).mean())) == pytest.approx(-20, abs=1.5)


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_the_main_parameter_is_heard(name):
    """The two ends of the captions' parameter differ in spectrum, or in the course of pitch or loudness."""

    def described(end: str) -> list[np.ndarray]:
        parameters = {parameter.name: getattr(parameter, end) for parameter in SOURCES[name].parameters}
        event = scenes.Event(
            source=name, onset=0.0, offset=10.0, distance="near", level_dbfs=-20.0, parameters=parameters
        )
        clip = scenes.render(scenes.Scene(arrangement="single", events=(event,), seed=1)) / 32768
        frames = np.abs(np.fft.rfft(clip.reshape(-1, 640) * np.hanning(640)))
        centre = (frames * np.arange(321)).sum(axis=1) / frames.sum(axis=1)
        loudness = frames.sum(axis=1)
        return [frames.mean(axis=0), *(np.abs(np.fft.rfft(each - each.mean())) for each in (centre, loudness))]

    low, high = described("low"), described("high")
    assert min(np.corrcoef(one, other)[0, 1] for one, other in zip(low, high, strict=True)) < 0.9


def test_captions_say_what_was_put_in_and_nothing_else():
    for number in range(60):
        stream = Seeded("captions", number)
        scene = scenes.compose(stream)
        for text in captions(scene, stream):
            far = sum(text.count(word) for word in ("in the distance", "far away", "from afar"))
            assert far == sum(event.distance == "far" for event in scene.events)
            assert "{" not in text
            assert "  " not in text
            for event in scene.events:
                parameter = SOURCES[event.source].parameters[0]
                middle = (parameter.low + parameter.high) / 2
                wrong = parameter.high_word if event.parameters[parameter.name] < middle else parameter.low_word
                shared_word = any(
                    wrong in (other.low_word, other.high_word)
                    for each in scene.events
                    if each is not event
                    for other in SOURCES[each.source].parameters[:1]
                )
                assert shared_word or f" {wrong} " not in f" {text.lower()} "


@pytest.mark.parametrize(("distance", "pace", "known"), [("near", 1.2, ("low",)), ("far", 2.4, ("far", "high"))])
def test_aspects_are_what_captions_may_say_of_an_event(distance, pace, known):
    event = scenes.Event(
        source="footsteps", onset=0, offset=10, distance=distance, level_dbfs=-20, parameters={"steps_per_second": pace}
    )
    assert aspects(event) == known
    assert aspects(event.model_copy(update={"recording": "a.wav"})) == known[:-1]


def test_far_is_quieter_than_near():
    levels = {"near": [], "far": []}
    for number in range(200):
        for event in scenes.compose(Seeded(number)).events:
            levels[event.distance].append(event.level_dbfs)
    assert min(levels["near"]) > max(levels["far"])
