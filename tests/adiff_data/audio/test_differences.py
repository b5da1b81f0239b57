"""What a listener would hear between two clips, and how annotators are told."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from adiff_data.annotation import rules
from adiff_data.audio.differences import QUALITIES, PairFacts, differences
from adiff_data.audio.facts import VERSION, Facts
from adiff_data.audio.files import AudioFolder
from adiff_data.audio.measuring import FactsBook
from adiff_data.core.json_lines import read_records
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.pairing import make_pairs
from adiff_data.records import Annotation
from adiff_data.sources import read_clips
from tests.chat_server import ChatServer

PLAIN = Facts(
    duration=10.0,
    loudness=-25.0,
    loudness_range=3.0,
    peak=-6.0,
    crest=14.0,
    active=1.0,
    longest_silence=0.0,
    centroid=1000.0,
    bandwidth=500.0,
    rolloff=2000.0,
    flatness=0.01,
    pitch=200.0,
    pitch_low=180.0,
    pitch_high=220.0,
    onsets=1.0,
    regularity=0.5,
    unsteadiness=2.0,
    snr=10.0,
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loudness": -37.0}, "audio 1 is louder by 12 LU"),
        ({"loudness": -27.9}, None),
        ({"centroid": 2500.0}, "audio 2 is brighter by a factor of 2.5 in its spectral centre"),
        ({"centroid": 1400.0}, None),
        ({"pitch": 400.0}, "audio 2 is higher-pitched by 12 semitones"),
        ({"pitch": 210.0}, None),
        ({"onsets": 4.0}, "audio 2 is busier by a factor of 4.0 in events a second"),
        ({"onsets": 0.0}, "audio 1 is busier"),
        ({"onsets": 1.4}, None),
        ({"duration": 20.0}, "audio 2 is longer by 10.0 seconds"),
        ({"duration": 10.4}, None),
        ({"unsteadiness": 8.0}, "audio 1 is steadier"),
        ({"unsteadiness": 4.0}, None),
        ({"flatness": 0.5}, "audio 1 is more tonal"),
        ({"pitch": None, "flatness": 0.05}, "audio 1 is more tonal"),
        ({"loudness": None, "pitch": None, "centroid": None, "flatness": None, "unsteadiness": None}, None),
    ],
)
def test_a_difference_is_claimed_from_its_threshold_on(change, words):
    found = differences(PLAIN, dataclasses.replace(PLAIN, **change))
    assert [difference.words() for difference in found] == ([words] if words else [])


@pytest.mark.parametrize("change", [{"loudness": -37.0}, {"centroid": 99.0}, {"pitch": 400.0}, {"onsets": 4.0}])
def test_the_other_way_round_it_is_the_other_audio(change):
    other = dataclasses.replace(PLAIN, **change)
    (one,), (two,) = differences(PLAIN, other), differences(other, PLAIN)
    assert (one.quality, one.audio, one.amount) == (two.quality, 3 - two.audio, two.amount)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A demo corpus of single near and far sounds among others, measured."""
    folder = tmp_path_factory.mktemp("facts")
    write_corpus(folder / "corpus", DemoSettings(seed=11, development=40, validation=2, evaluation=2))
    clips = list(read_clips("demo", folder / "corpus", "development"))
    measured = FactsBook(AudioFolder(folder / "corpus"), folder / "facts.jsonl")
    measured.measure(clip.filepath for clip in clips)
    return folder, clips, measured


@pytest.mark.slow
def test_the_louder_clip_is_the_one_that_was_made_louder(book):
    """On the demo's truth: the level of the loudest event of a clip."""
    folder, clips, measured = book
    truth = {}
    for line in (folder / "corpus" / "truth.jsonl").read_text().splitlines():
        fields = json.loads(line)
        truth[f"Demo/{fields['split']}/{fields['file_name']}"] = max(e["level_dbfs"] for e in fields["events"])
    claims = right = 0
    for pair in make_pairs(clips):
        gap = truth[pair.filepath1] - truth[pair.filepath2]
        louder = [each for each in measured.of(pair).differences if each.quality == "louder"]
        if abs(gap) > 8:
            claims += 1
            right += bool(louder) and louder[0].audio == (1 if gap > 0 else 2)
    assert claims > 30
    assert right >= 0.95 * claims


@pytest.mark.slow
def test_nothing_is_measured_twice(book, monkeypatch):
    folder, clips, measured = book
    again = FactsBook(AudioFolder(folder / "corpus"), folder / "facts.jsonl")
    lines = (folder / "facts.jsonl").read_bytes()
    again.measure(clip.filepath for clip in clips)
    assert (folder / "facts.jsonl").read_bytes() == lines
    pair = make_pairs(clips, limit=1)[0]
    assert again.of(pair) == measured.of(pair)


@pytest.mark.slow
def test_clips_without_a_readable_recording_have_no_facts(book, tmp_path, caplog):
    folder, clips, _ = book
    (tmp_path / "development").mkdir()
    good, bad = (Path(clip.filepath).name for clip in clips[:2])
    (tmp_path / "development" / good).write_bytes((folder / "corpus" / "development" / good).read_bytes())
    (tmp_path / "development" / bad).write_bytes(b"no audio")
    measured = FactsBook(AudioFolder(tmp_path), tmp_path / "facts.jsonl")
    measured.measure([clip.filepath for clip in clips[:3]])
    assert "cannot be read as audio" in caplog.text
    assert "1 of 3 clips have no recording" in caplog.text
    pair = next(pair for pair in make_pairs(clips) if pair.filepath1 == clips[0].filepath)
    assert measured.of(pair) is None


@pytest.mark.slow
def test_a_folder_by_the_name_of_a_recording_costs_its_own_facts_alone(book, tmp_path, caplog):
    folder, clips, _ = book
    good, bad = (Path(clip.filepath).name for clip in clips[:2])
    (tmp_path / "development" / bad).mkdir(parents=True)
    (tmp_path / "development" / good).write_bytes((folder / "corpus" / "development" / good).read_bytes())
    FactsBook(AudioFolder(tmp_path), tmp_path / "facts.jsonl").measure([clip.filepath for clip in clips[:2]])
    assert f"1 of 2 clips have no recording in {tmp_path}" in caplog.text
    assert bad in caplog.text
    assert len((tmp_path / "facts.jsonl").read_text().splitlines()) == 1


@pytest.mark.slow
def test_a_cache_that_a_kill_cut_is_read_and_goes_on(book, tmp_path):
    folder, clips, _ = book
    whole, cache = (folder / "facts.jsonl").read_text(), tmp_path / "facts.jsonl"
    cache.write_text(whole[: len(whole) // 2])
    for _ in range(2):
        FactsBook(AudioFolder(folder / "corpus"), cache).measure(clip.filepath for clip in clips)
        assert set(cache.read_text().splitlines()) > set(whole.splitlines())
    assert len(cache.read_text().splitlines()) == len(whole.splitlines()) + 1


def test_two_unreadable_recordings_of_one_content_are_both_named(tmp_path, caplog):
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(b"no audio")
    FactsBook(AudioFolder(tmp_path)).measure(["a.wav", "b.wav"])
    assert all(f"{name}: cannot be read as audio" in caplog.text for name in ("a.wav", "b.wav"))


NAMED = ((1, "first"), (2, "second"))


def test_the_rules_write_from_the_facts():
    facts = PairFacts(PLAIN, dataclasses.replace(PLAIN, loudness=-37.0, centroid=3000.0, unsteadiness=8.0))
    clips = [
        *(read_one(name) for name in ("a", "b")),
    ]
    pair = make_pairs(clips)[0]
    first, second = (rf"(?:audio {number}|the {rank} (?:audio|recording|clip))" for number, rank in NAMED)
    assert re.search(rf"{first} is louder\.$", rules.answer(pair, "fewwords", facts), re.IGNORECASE)
    sentence = rules.answer(pair, "sentence", facts)
    assert re.search(rf"{first} is louder, while {second} is brighter in tone\.$", sentence)
    measured = rf"{first} is louder by 12 LU and steadier in level, while {second} is brighter in tone\."
    assert re.search(measured, rules.answer(pair, "detail", facts))
    same = PairFacts(PLAIN, PLAIN)
    assert rules.answer(pair, "detail", same) == rules.answer(pair, "detail")


def read_one(name: str):
    from adiff_data.records import Clip

    return Clip(corpus="demo", split="s", filepath=f"Demo/s/{name}.wav", captions=(f"Sound {name}",))


@pytest.mark.slow
def test_a_model_is_told_the_facts_and_they_are_kept(adiff, demo_corpus, tmp_path):
    pairs, answers = tmp_path / "pairs.jsonl", tmp_path / "annotations.jsonl"
    adiff("pair", "demo", "--root", demo_corpus, "--split", "evaluation", "--limit", 3, "--out", pairs)
    with ChatServer() as server:
        call = ("annotate", pairs, "--base-url", server.url, "--model", "m", "--out", answers)
        status, _, err = adiff(*call, "--audio-root", demo_corpus)
        assert (status, err) == (0, "")
        told = server.requests[0]["messages"][1]["content"]
        assert "These were measured on the recordings: audio 1: 10.0 s long" in told
        assert "Claim nothing about the signal that they contradict" in told
        status, _, err = adiff(*call)
        assert status == 2
        assert f"made with facts = {VERSION}, not null" in err
    for row in read_records(answers, Annotation):
        assert set(row.provenance.facts) == {"audio1", "audio2", "differences"}
        assert row.provenance.facts["audio1"]["duration"] == 10


def test_every_quality_has_a_rule_and_a_need():
    from adiff_data.audio.differences import comparable

    silent = dataclasses.replace(PLAIN, loudness=None, centroid=None, pitch=None, flatness=None, unsteadiness=None)
    assert all(comparable(quality, PLAIN, PLAIN) for quality in QUALITIES)
    assert [quality for quality in QUALITIES if comparable(quality, PLAIN, silent)] == ["busier", "longer"]
