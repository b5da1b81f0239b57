"""Scores as a frame and as JSON: the same records."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from adiff_model import scores_frame
from adiff_model.evaluation.scores_frame import scores_json
from adiff_model.evaluation.scoring import GroupScores
from adiff_model.evaluation.truthfulness import Assessment
from adiff_model.metrics.bootstrap import ConfidenceInterval
from adiff_model.metrics.text_scores import NoScore, Score

GROUPS = [("cld", "fewwords"), ("cld", "detail"), ("acd", "detail")]


def score(value: float, sample: tuple[int, ...] | None = None) -> Score:
    return Score(value, ConfidenceInterval(value - 0.1, value + 0.1), [value] * 2, np.array([value]), sample)


@pytest.fixture
def scores():
    """Two systems on three groups."""
    return {
        system: {
            group: GroupScores(
                {"BLEU-4": score(value), "CIDEr-D": score(10 * value, (3, 5)), "SPICE": NoScore("needs Java, «1.8»")},
                rows=(),
                assessment=Assessment((), ()),
            )
            for group in GROUPS
        }
        for system, value in (("ours", 0.5), ("theirs", 0.25))
    }


def test_a_frame_has_a_row_for_each_system_group_and_metric_in_order(scores):
    frame = scores_frame(scores)
    assert len(frame) == 2 * 3 * 3
    assert frame["metric"].tolist() == ["BLEU-4", "CIDEr-D", "SPICE"] * 6
    assert frame["tier"].tolist()[:9] == ["fewwords"] * 3 + ["detail"] * 6
    first, sampled, missing = (frame.iloc[row] for row in range(3))
    assert (first["score"], first["low"], first["high"], first["rows"]) == (0.5, 0.4, 0.6, 2)
    assert not first["sampled"]
    assert pd.isna(first["missing"])
    assert sampled["sampled"]
    assert missing["missing"] == "needs Java, «1.8»"
    assert missing[["score", "low", "high", "rows", "sampled"]].isna().all()


def test_a_frame_can_be_pivoted(scores):
    table = scores_frame(scores).pivot_table("score", ["dataset", "tier", "metric"], "system")
    assert table.loc[("acd", "detail", "CIDEr-D")].to_dict() == {"ours": 5.0, "theirs": 2.5}


def test_json_and_the_frame_hold_the_same_records(scores):
    records = json.loads(scores_json(scores))
    frame = scores_frame(scores)
    assert [list(record.values())[:4] for record in records] == frame.iloc[:, :4].to_numpy().tolist()
    for record, row in zip(records, frame.to_dict("records"), strict=True):
        present = {name: value for name, value in row.items() if not pd.isna(value)}
        assert record == present or math.isclose(record["score"], present["score"])


def test_no_scores_make_an_empty_frame_with_the_same_columns(scores):
    empty = scores_frame({})
    assert empty.empty
    assert empty.dtypes.equals(scores_frame(scores).dtypes)
