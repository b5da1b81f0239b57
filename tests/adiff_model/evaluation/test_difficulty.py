"""Scores by difficulty: the bands of rows, and the tables."""

import pandas as pd
import pytest

from adiff_data.claims.edit_truth import EditTruth
from adiff_data.edits.kinds import EDITS
from adiff_model import evaluate
from adiff_model.evaluation.difficulty import EDIT, EDIT_SIZE, SIMILARITY, bands_of_rows, in_order
from adiff_model.evaluation.difficulty_tables import difficulty_csv, difficulty_frame, difficulty_markdown
from adiff_model.evaluation.ground_truth import NOTHING_KNOWN, GroundTruth
from adiff_model.prediction_file import Prediction

pytestmark = pytest.mark.slow

ANSWER = "Audio 1 has a dog that barks, while audio 2 has rain."


def row(number: int, caption1: str, caption2: str) -> Prediction:
    return Prediction(
        id=f"{number}-sentence", filepath1=f"Edited/train/{number}_1.flac", filepath2=f"Edited/train/{number}_2.flac",
        tier="sentence", prompt="", references=(ANSWER,), caption1=caption1, caption2=caption2, prediction=ANSWER,
    )  # fmt: skip


ROWS = [
    row(0, "a dog barks", "rain falls on a roof"),
    row(1, "a dog barks", "a dog barks"),
    row(2, "a dog barks at a cat in a yard", "a bird sings to a dog on a roof"),
    row(3, "", ""),
]


def edit(kind: str, size: float) -> EditTruth:
    return EditTruth(
        id="p", edit=kind, quality=EDITS[kind].name, edited=2, more=2, size=size, amount=6.0, unit="dB",
        caption="a dog barks", filepath="r.wav", start=0.0,
    )  # fmt: skip


def test_rows_are_banded_by_the_words_that_their_captions_share():
    bands = bands_of_rows(ROWS, NOTHING_KNOWN)
    assert bands == {SIMILARITY: ["no word in common", "0.5 to 1", "0 to 0.25", ""]}


def test_edited_pairs_are_banded_by_what_was_edited_and_how_much():
    truth = {
        (ROWS[0].filepath1, ROWS[0].filepath2): edit("louder", 2.0),
        (ROWS[1].filepath1, ROWS[1].filepath2): edit("same", 1.0),
        (ROWS[2].filepath1, ROWS[2].filepath2): edit("softer", 0.5),
    }
    bands = bands_of_rows(ROWS, GroundTruth(edits=truth))
    assert bands[EDIT] == ["loudness", "nothing", "loudness", ""]
    assert bands[EDIT_SIZE] == ["two thresholds", "", "half a threshold", ""]
    assert in_order(bands[EDIT_SIZE]) == ["half a threshold", "two thresholds"]


@pytest.fixture(scope="module")
def scores(without_meteor):
    wrong = [each.model_copy(update={"prediction": "Audio 1 has rain, while audio 2 has a dog."}) for each in ROWS]
    return evaluate({"ours": ROWS, "=theirs": wrong}, spice=False, fense=False)


def test_the_frame_has_a_row_for_each_band_and_score(scores):
    frame = difficulty_frame(scores)
    told = frame[frame["metric"] == "events told"].set_index(["system", "band"])["score"]
    assert told["ours", "no word in common"] > told["=theirs", "no word in common"]
    rows = frame[frame["metric"] == "checks passed"].set_index(["system", "band"])["rows"]
    assert rows["ours"].to_dict() == {"no word in common": 1, "0 to 0.25": 1, "0.5 to 1": 1}


def test_the_tables_begin_with_what_has_no_word_in_common_and_name_no_formula(scores, tmp_path):
    text = difficulty_markdown(scores)
    assert text.index("no word in common") < text.index("0 to 0.25") < text.index("0.5 to 1")
    (tmp_path / "d.csv").write_text(difficulty_csv(scores))
    assert set(pd.read_csv(tmp_path / "d.csv")["system"]) == {"ours", "'=theirs"}
