"""The table of controls, from scores whose means and intervals are known."""

import pandas as pd
import pytest
from scipy import stats

from pipelines.training.controls_table import controls_frame, controls_markdown
from tests.pipelines.training.test_controls import recipe  # noqa: F401 - a fixture


def scores(by_control: dict[str, list[float | None]]) -> pd.DataFrame:
    """The METEOR of each control by seed."""
    records = [
        {"system": control, "dataset": "demo", "tier": "sentence", "metric": "METEOR", "score": score, "seed": seed}
        for control, by_seed in by_control.items()
        for seed, score in enumerate(by_seed)
    ]
    return pd.DataFrame(records).astype({"score": "Float64"})


def test_differences_are_paired_by_seed():
    frame = controls_frame(scores({"full": [0.5, 0.7, 0.6], "no-third-step": [0.4, 0.6, 0.5]})).set_index("control")
    assert frame.loc["full", "mean"] == pytest.approx(0.6)
    assert pd.isna(frame.loc["full", "difference"])
    assert frame.loc["no-third-step", "difference"] == pytest.approx(-0.1)
    assert frame.loc["no-third-step", "high"] == pytest.approx(-0.1), "the same difference with every seed"


def test_the_interval_is_students_over_the_seeds():
    frame = controls_frame(scores({"full": [0.5, 0.5, 0.5], "x": [0.4, 0.5, 0.6]})).set_index("control")
    low, high = stats.t.interval(0.95, 2, loc=0, scale=0.1 / 3**0.5)
    assert (frame.loc["x", "low"], frame.loc["x", "high"]) == (pytest.approx(low), pytest.approx(high))


def test_what_a_seed_has_no_score_of_is_left_out():
    frame = controls_frame(scores({"full": [0.5, 0.5], "x": [0.4, None]}))
    assert list(frame["control"]) == ["full"]
    without_full = controls_frame(scores({"full": [0.5, None], "x": [0.4, 0.5]}))
    assert list(without_full["control"]) == ["x"]
    assert without_full["difference"].isna().all()


def test_a_difference_that_chance_does_not_explain_is_bold(recipe):  # noqa: F811 - the fixture
    found = controls_frame(scores({"full": [0.5, 0.7, 0.6], "no-third-step": [0.4, 0.61, 0.5]}))
    text = controls_markdown(found, recipe)
    assert "| full | 60.0 |" in text
    assert "50.3 **[" in text
    assert "| random-encoder | – |" in text
    assert "- *no-cross-projection*: nothing crosses" in text
    unsure = controls_frame(scores({"full": [0.5, 0.5, 0.5], "no-third-step": [0.4, 0.5, 0.6]}))
    assert "**" not in controls_markdown(unsure, recipe)
