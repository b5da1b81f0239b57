"""Answers about edited pairs are held against what was edited, where the folder of the edits is named."""

import numpy as np
import pytest
import soundfile

from adiff_data.core.json_lines import read_records
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.records import Annotation, Clip
from adiff_model.evaluation.claim_scores import CLAIMS_TRUE, DIFFERENCES_TOLD, claim_scores, claims_of_rows
from adiff_model.evaluation.ground_truth import NOTHING_KNOWN, read_ground_truth
from adiff_model.prediction_file import Prediction

RATE = 16_000
EDITS = ("louder", "softer", "higher", "lower", "brighter", "duller", "same")


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """A folder of edited pairs, and their own explanations as predictions."""
    recordings, folder = tmp_path_factory.mktemp("recordings"), tmp_path_factory.mktemp("edited") / "EDT"
    time = np.arange(4 * RATE) / RATE
    clips = []
    for number in range(7):
        tone = np.exp(-((time % 0.4) / 0.1)) * np.sin(2 * np.pi * 300 * (number + 1) * time)
        soundfile.write(recordings / f"{number}.wav", 0.2 * tone, RATE)
        clips.append(Clip(corpus="manifest", split="train", filepath=f"{number}.wav", captions=("a bell rings",)))
    make_edited_pairs(clips, recordings, folder, count=14, edits=EDITS, tiers=["sentence"])
    rows = [
        Prediction(
            id=row.id, filepath1=row.filepath1, filepath2=row.filepath2, caption1=row.caption1, caption2=row.caption2,
            tier=row.tier, prompt=row.input, references=(row.answer,), prediction=row.answer,
        )
        for row in read_records(folder / "annotations.jsonl", Annotation)
    ]  # fmt: skip
    return folder, rows


def exchanged(answer: str) -> str:
    """The answer with its sides exchanged."""
    for one, other in (("udio 1", "udio 2"), ("first", "second"), ("First", "Second")):
        answer = answer.replace(one, "@").replace(other, one).replace("@", other)
    return answer


def score(rows, ground_truth):
    return claim_scores(claims_of_rows(rows, ground_truth=ground_truth))


def test_the_edits_own_explanations_are_true_and_tell_what_was_made(edited):
    folder, rows = edited
    scores = score(rows, read_ground_truth(folder.parent, rows))
    assert scores[CLAIMS_TRUE].value == 1.0
    assert scores[DIFFERENCES_TOLD].value == 1.0


def test_with_the_sides_exchanged_no_difference_is_told(edited):
    folder, rows = edited
    other = [row.model_copy(update={"prediction": exchanged(row.prediction)}) for row in rows]
    assert score(other, read_ground_truth(folder, rows))[DIFFERENCES_TOLD].value == 0.0


def test_without_the_folder_nothing_is_known(edited, tmp_path):
    _, rows = edited
    assert read_ground_truth(tmp_path, rows) == NOTHING_KNOWN
    assert read_ground_truth(None, rows) == NOTHING_KNOWN
