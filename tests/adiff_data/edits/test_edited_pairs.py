"""A folder of edited pairs: its recordings differ where the truth says so, and nowhere else."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from adiff_data import check
from adiff_data.claims import Kind, caption_words, split_claims
from adiff_data.claims.edit_truth import TRUTH, EditTruth, read_truth
from adiff_data.core.errors import InputError
from adiff_data.core.files import files_in
from adiff_data.core.json_lines import read_records
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.edits.kinds import QUALITIES
from adiff_data.records import Annotation, Clip, Pair
from adiff_data.sources import read_clips
from adiff_data.tiers import TIERS

pytestmark = pytest.mark.slow

COUNT = 4 * len(QUALITIES)
RATE = 16_000
EVENTS = ("event", "replacement", "onset", "repetition", "order")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory) -> tuple[Path, list[Clip]]:
    """Six recordings of five seconds, each a tone that comes and goes over noise of its own."""
    folder = tmp_path_factory.mktemp("recordings")
    time = np.arange(5 * RATE) / RATE
    clips = []
    for number in range(6):
        beats = np.exp(-((time % (0.3 + 0.1 * number)) / 0.1))
        tone = beats * np.sin(2 * np.pi * 300 * (number + 1) * time)
        noise = np.random.RandomState(number).standard_normal(len(time))
        soundfile.write(folder / f"{number}.wav", 0.2 * tone + 0.01 * noise, RATE)
        clips.append(Clip(corpus="manifest", split="train", filepath=f"{number}.wav", captions=(f"tone {number}",)))
    return folder, clips


@pytest.fixture(scope="module")
def edited(recordings, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("edited") / "EDT"
    make_edited_pairs(recordings[1], recordings[0], folder, count=COUNT)
    return folder


def of_quality(folder: Path, *names: str) -> list[tuple[EditTruth, np.ndarray, np.ndarray, int]]:
    truths = read_truth(folder / "truth.jsonl")
    found = []
    for pair in read_records(folder / "pairs.jsonl", Pair):
        if truths[pair.id].quality in names:
            first, rate = soundfile.read(folder / pair.filepath1)
            second, _ = soundfile.read(folder / pair.filepath2)
            found.append((truths[pair.id], first, second, rate))
    assert found
    return found


def test_each_pair_has_a_truth_two_recordings_and_three_explanations(edited):
    pairs = list(read_records(edited / "pairs.jsonl", Pair))
    assert [truth.id for truth in read_records(edited / "truth.jsonl", EditTruth)] == [pair.id for pair in pairs]
    assert len(pairs) == COUNT
    assert all((edited / path).is_file() for pair in pairs for path in (pair.filepath1, pair.filepath2))
    rows = list(read_records(edited / "annotations.jsonl", Annotation))
    assert [row.tier for row in rows] == list(TIERS) * len(pairs)


def test_outside_the_events_the_samples_are_equal(edited):
    for truth, first, second, rate in of_quality(edited, *EVENTS):
        changed = np.flatnonzero(first != second) / rate
        assert len(changed), truth
        assert changed.min() >= min(event.onset for event in truth.events) - 0.001
        assert changed.max() <= max(event.offset for event in truth.events) + 0.001


def test_every_quality_is_there(edited):
    qualities = Counter(truth.quality for truth in read_records(edited / "truth.jsonl", EditTruth))
    assert qualities == dict.fromkeys(QUALITIES, COUNT // len(QUALITIES))


def test_no_recording_clips_or_clicks_at_its_ends(edited):
    for _, *sides, _ in of_quality(edited, *QUALITIES):
        for samples in sides:
            assert np.abs(samples).max() <= 10 ** (-1 / 20) + 1e-4
            assert abs(samples[0]) < 1e-3
            assert abs(samples[-1]) < 1e-2


def test_only_a_change_of_length_changes_the_length(edited):
    for truth, first, second, _ in of_quality(edited, *QUALITIES):
        if truth.quality == "length":
            longer, shorter = (first, second) if truth.more == 1 else (second, first)
            assert len(longer) / len(shorter) == pytest.approx(truth.amount, rel=0.01)
        else:
            assert len(first) == len(second), truth


def test_the_louder_audio_is_louder_by_the_amount(edited):
    for truth, first, second, _ in of_quality(edited, "loudness"):
        gap = 10 * np.log10((first**2).mean() / (second**2).mean())
        assert gap == pytest.approx(truth.amount if truth.more == 1 else -truth.amount, abs=0.1)


def test_where_nothing_differs_the_same_file_is_there_twice_or_an_encoding_of_it(edited):
    for truth, first, second, _ in of_quality(edited, "nothing"):
        assert np.array_equal(first, second) == (truth.edit == "same")
        assert truth.more is None


def test_more_is_the_edited_audio_or_the_other_one_as_the_edit_says(edited):
    for truth in read_records(edited / "truth.jsonl", EditTruth):
        if truth.more:
            assert (truth.more == truth.edited) == (truth.edit == QUALITIES[truth.quality].more)


def test_answers_name_the_right_side_and_keep_to_their_tier(edited):
    truths = read_truth(edited / "truth.jsonl")
    for row in read_records(edited / "annotations.jsonl", Annotation):
        words = len(row.answer.split())
        assert TIERS[row.tier].least <= words <= TIERS[row.tier].most, row.answer
        assert "{" not in row.answer
        truth = truths[row.id.removesuffix(f"-{row.tier}")]
        if truth.quality == "loudness":
            assert louder_audio(row.answer) == truth.more, row.answer


def louder_audio(answer: str) -> int:
    """The audio that an answer calls louder, by the first claim in it."""
    claim = re.search(
        r"(?:audio|the) (1|2|first|second)(?: \w+)? (?:is|ends)?.{0,30}?(louder|higher|softer)", answer, re.I
    )
    level = re.search(r"level of (?:audio|the) (1|2|first|second)", answer)
    named = (level or claim).group(1)
    said = 1 if named in ("1", "first") else 2
    return 3 - said if not level and claim.group(2) == "softer" else said


def test_answers_on_what_both_share_pass_their_checks(recordings, tmp_path):
    make_edited_pairs(recordings[1], recordings[0], tmp_path / "EDT", count=COUNT, tiers=["similarity"])
    rows = list(read_records(tmp_path / "EDT" / "annotations.jsonl", Annotation))
    assert len(rows) == COUNT
    assert check(rows, attribution="words").passed == COUNT
    for row in rows:
        claims = {claim.kind for claim in split_claims(row.answer, caption_words)}
        assert (Kind.SAME in claims) <= (row.provenance.facts[TRUTH]["quality"] == "nothing"), row.answer


def test_the_same_seed_gives_the_same_bytes(recordings, edited, tmp_path):
    make_edited_pairs(recordings[1], recordings[0], tmp_path / "again", count=COUNT)
    assert list(files_in(tmp_path / "again")) == list(files_in(edited))
    for name, _ in files_in(edited):
        assert (tmp_path / "again" / name).read_bytes() == (edited / name).read_bytes(), name


def test_a_folder_that_holds_other_data_is_refused_after_one_pair_and_kept(recordings, tmp_path):
    (tmp_path / "EDT").mkdir()
    (tmp_path / "EDT" / "mine.txt").write_text("kept")
    told = []
    with pytest.raises(InputError, match="EDT: exists and holds other data"):
        make_edited_pairs(recordings[1], recordings[0], tmp_path / "EDT", count=COUNT, progress=told.append)
    assert told[-1].done == 1
    assert [name for name, _ in files_in(tmp_path)] == ["EDT/mine.txt"]


def test_edited_pairs_are_a_corpus_of_their_own(edited):
    clips = read_clips("edited", edited, "train")
    assert len(clips) == 2 * COUNT
    assert clips[0].captions[0]


def test_recordings_that_cannot_be_edited_are_left_out_and_their_turn_goes_to_others(tmp_path):
    for name in ("silent.wav", "short.wav", "broken.wav", "tone.wav"):
        samples = 0.1 * np.sin(np.arange(3 * 16_000 if name != "short.wav" else 8000) * 0.2)
        soundfile.write(tmp_path / name, samples * (name != "silent.wav"), 16_000)
    (tmp_path / "broken.wav").write_bytes(b"no audio")
    clips = [
        Clip(corpus="manifest", split="all", filepath=name, captions=(name.removesuffix(".wav"),))
        for name in ("silent.wav", "short.wav", "broken.wav", "tone.wav")
    ]
    pairs = make_edited_pairs(clips, tmp_path, tmp_path / "EDT", count=8, edits=("louder", "same"))
    truths = read_truth(tmp_path / "EDT" / "truth.jsonl")
    assert {truths[pair.id].filepath for pair in pairs} == {"tone.wav"}


def test_no_audio_is_cut_so_that_silence_is_left(tmp_path):
    samples = 0.1 * np.sin(np.arange(7 * RATE) * 0.2)
    samples[: 5 * RATE] = 0
    soundfile.write(tmp_path / "late.wav", samples, RATE)
    clips = [Clip(corpus="manifest", split="all", filepath="late.wav", captions=("a tone at last",))]
    edits = ("longer", "shorter", "faster", "slower")
    pairs = make_edited_pairs(clips, tmp_path, tmp_path / "EDT", count=28, edits=edits)
    assert 0 < len(pairs) < 28
    for pair in pairs:
        assert all(soundfile.read(tmp_path / "EDT" / path)[0].any() for path in (pair.filepath1, pair.filepath2))


def test_where_nothing_can_be_edited_nothing_is_written(tmp_path):
    soundfile.write(tmp_path / "short.wav", np.zeros(100), 16_000)
    clips = [Clip(corpus="manifest", split="all", filepath="short.wav", captions=(text,)) for text in ("a", "b")]
    with pytest.raises(InputError, match="none of the 2 recordings could be edited"):
        make_edited_pairs(clips, tmp_path, tmp_path / "EDT")
    assert not (tmp_path / "EDT").exists()


def test_a_caption_cannot_break_out_of_an_answer(tmp_path):
    for name in ("a.wav", "b.wav"):
        soundfile.write(tmp_path / name, 0.1 * np.sin(np.arange(48_000) * 0.2), 16_000)
    hostile = "a {more} “dog” %s\n{0.__class__}."
    clips = [
        Clip(corpus="manifest", split="all", filepath=name, captions=(text,))
        for name, text in (("a.wav", hostile), ("b.wav", "rain"))
    ]
    make_edited_pairs(clips, tmp_path, tmp_path / "EDT", count=26)
    answers = [row.answer for row in read_records(tmp_path / "EDT" / "annotations.jsonl", Annotation)]
    assert any("a {more} 'dog' %s {0.__class__}" in answer for answer in answers)
