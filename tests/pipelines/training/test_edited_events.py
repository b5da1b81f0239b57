"""The events of edited pairs: those of the recording, where they are after the edit, and those that were laid in."""

from pathlib import Path

import pytest

from adiff_data.claims.edit_truth import EditTruth, read_truth
from adiff_data.core.json_lines import read_records
from adiff_data.demo.naming import AUDIOSET, named_sources
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.records import Pair
from adiff_data.sources import read_clips
from adiff_model.training.labelled_clips import LabelledClip
from pipelines.training.data import read_labelled_clips
from pipelines.training.edited_events import are_edited, read_edited_clips

pytestmark = pytest.mark.slow

EDITS = ("added", "faster", "slower", "shorter", "same")


@pytest.fixture(scope="module")
def edited(demo_corpus, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("edits") / "made"
    make_edited_pairs(read_clips("demo", demo_corpus, "validation"), demo_corpus, folder, count=20, edits=EDITS)
    return folder


@pytest.fixture(scope="module")
def known(edited, demo_corpus) -> dict[str, list[tuple[EditTruth, LabelledClip, LabelledClip, LabelledClip]]]:
    """By edit: the truth, the recording, and both audios."""
    originals = {Path(clip.audio).name: clip for clip in read_labelled_clips(demo_corpus, "validation")}
    clips = {Path(clip.audio).name: clip for clip in read_edited_clips(edited, originals)}
    truths = read_truth(edited / "truth.jsonl")
    by_edit = {}
    for pair in read_records(edited / "pairs.jsonl", Pair):
        first, second = (clips[Path(path).name] for path in (pair.filepath1, pair.filepath2))
        truth = truths[pair.id]
        by_edit.setdefault(truth.edit, []).append((truth, originals[Path(truth.filepath).name], first, second))
    return by_edit


def test_a_folder_of_edits_is_told_from_a_corpus(edited, demo_corpus):
    assert are_edited(edited)
    assert not are_edited(demo_corpus)


def test_what_was_laid_in_is_on_its_side_alone(known):
    for truth, original, first, second in known["added"]:
        more, less = (first, second) if truth.more == 1 else (second, first)
        [placed] = truth.events
        added = [event for event in more.events if event.onset == placed.onset]
        assert {AUDIOSET[source] for source in named_sources(placed.caption)} <= {event.classes for event in added}
        assert less.events == original.events


def test_what_is_played_faster_comes_earlier(known):
    for edit, is_earlier in (("faster", True), ("slower", False)):
        for truth, original, first, second in known[edit]:
            edited = first if truth.edited == 1 else second
            for event, before in zip(edited.events, original.events, strict=False):
                assert event.onset <= before.onset if is_earlier else event.onset >= before.onset


def test_equal_audios_have_equal_events(known):
    for _, original, first, second in known["same"]:
        assert first.events == second.events == original.events


def test_no_event_begins_behind_the_end(known):
    for truth, _, first, second in known["shorter"]:
        shorter = first if truth.more == 2 else second
        assert all(event.offset <= 10.0 / 1.09 for event in shorter.events)
