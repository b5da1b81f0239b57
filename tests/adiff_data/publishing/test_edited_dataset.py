"""Edited pairs as a published dataset: their truth, whose recordings a clip holds, and the diagnosis in the card."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from datasets import load_dataset

from adiff_data import build, load_split, make_edited_pairs, publish
from adiff_data.claims.edit_truth import read_truth
from adiff_data.core.json_lines import read_objects
from adiff_data.records import Clip

pytestmark = pytest.mark.slow

RATE = 8000
LICENCES = ("CC0", "CC BY 4.0", "CC BY-NC 3.0", "CC BY-SA 4.0", "CC BY-ND 4.0", "")


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    """A folder of edited pairs of six recordings, each of a licence of its own; the last one's is not known."""
    folder = tmp_path_factory.mktemp("edited")
    recordings = folder / "recordings"
    recordings.mkdir()
    clips = []
    for number in range(len(LICENCES)):
        samples = np.random.RandomState(number).standard_normal(3 * RATE) * 0.05
        soundfile.write(recordings / f"{number}.wav", samples, RATE)
        clips.append(Clip(corpus="manifest", split="all", filepath=f"{number}.wav", captions=(f"noise {number}",)))
    lines = [{"path": f"{number}.wav", "licence": text, "author": f"A{number}"} for number, text in enumerate(LICENCES)]
    (folder / "licences.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = folder / "EDT" / "work" / "all"
    make_edited_pairs(
        clips, recordings, out, count=60, edits=("louder", "softer", "added"), licences=folder / "licences.jsonl"
    )
    build(out / "annotations.jsonl", folder / "EDT")
    return out


@pytest.fixture(scope="module")
def published(work) -> Path:
    to = work.parent.parent.parent / "published"
    publish(work.parent.parent, to=to, with_audio=True, audio_root=work, licences=work / "licences.jsonl")
    return to


def test_the_truth_is_a_column_of_json(work, published):
    truths = read_truth(work / "truth.jsonl")
    for rows in (
        load_dataset(str(published), "edt", split="all"),
        load_split(str(work.parent.parent), "edt", "all"),
    ):
        for row in rows:
            truth = truths[row["id"].rpartition("-")[0]].model_dump(mode="json", exclude={"id"})
            assert json.loads(row["truth"]) == truth
            assert row["facts"] is None or row["facts"]["audio1"] is None


def test_an_edited_clip_goes_out_under_a_licence_that_keeps_the_terms_of_all_its_recordings(work, published):
    clips = load_dataset(str(published), "edt_clips", split="all").remove_columns("audio")
    licence_of = {f"{number}.wav": licence for number, licence in enumerate(LICENCES)}
    used: dict[str, set[str]] = {}
    for pair in (fields for _, fields in read_objects(work / "pairs.jsonl")):
        truth = read_truth(work / "truth.jsonl")[pair["id"]]
        for side in (1, 2):
            events = {event.filepath for event in truth.events if side in event.sides}
            used[pair[f"filepath{side}"]] = {licence_of[path] for path in {truth.filepath, *events}}
    for clip in clips:
        licences = used[clip["path"]]
        if licences & {"CC BY-ND 4.0", ""} or {"CC BY-NC 3.0", "CC BY-SA 4.0"} <= licences:
            assert clip["why_not"], licences
        else:
            assert clip["why_not"] is None
            assert ("-NC" in clip["licence"]) == ("CC BY-NC 3.0" in licences)
    assert any(clip["why_not"] for clip in clips)
    assert not all(clip["why_not"] for clip in clips)


def test_the_card_tells_how_the_pairs_were_made_and_whether_that_can_be_told_without_listening(published):
    card = (published / "README.md").read_text(encoding="utf-8")
    assert "a recording and an edit of it" in card
    assert "no one listened" not in card
    assert "names the side that was edited" in card
    assert "| `edt` | all | loudness |" in card
