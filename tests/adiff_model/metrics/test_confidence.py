"""Intervals hold what they should; equal systems do not differ, and plainly better ones do."""

import numpy as np
import pytest

from adiff_model.metrics.confidence import difference_p, interval, mean_of, resampled
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.text_scores import METRICS, NoScore, Score, text_scores
from adiff_model.metrics.tokenization import Tokenizer

ROWS = np.random.default_rng(0).normal(0.3, 0.1, 400)


def test_the_interval_is_the_means_own():
    draws = resampled(mean_of(ROWS), len(ROWS))
    found = interval(draws)
    error = ROWS.std() / np.sqrt(len(ROWS))
    assert found.low == pytest.approx(ROWS.mean() - 1.96 * error, abs=0.3 * error)
    assert found.high == pytest.approx(ROWS.mean() + 1.96 * error, abs=0.3 * error)


def test_comparisons_are_of_the_same_rows():
    draws = resampled(mean_of(ROWS), len(ROWS))
    slightly = resampled(mean_of(ROWS + 0.001), len(ROWS))
    assert difference_p(draws, slightly) < 0.01  # every row is better, though by less than the interval
    assert difference_p(draws, draws) == 1.0
    noise = np.random.default_rng(1).normal(0, 0.1, 400)
    assert difference_p(draws, resampled(mean_of(ROWS + noise - noise.mean()), len(ROWS))) > 0.5


@pytest.mark.slow
def test_every_metric_has_a_score_or_a_reason():
    predictions = ["a dog barks and then the rain falls", "a siren wails", ""]
    references = [["a dog barks and rain falls"], ["a siren in the distance", "a siren wails"], ["wind"]]
    with Meteor() as meteor:
        programs = {"tokenizer": Tokenizer(), "meteor": meteor}
        found = text_scores(
            predictions,
            references,
            **programs,
            spice=lambda some, _: [0.5] * len(some),
            fense=NoScore("its model is not here"),
            sample=[0, 2],
        )
        without = text_scores(predictions, references, **programs, spice=NoScore("no parts"), fense=NoScore("none"))
    assert list(found) == list(METRICS)
    assert found["FENSE"] == NoScore("its model is not here")
    for name in METRICS[:-1]:
        score = found[name]
        assert isinstance(score, Score)
        assert score.interval.low <= score.value + 1e-9
        assert score.value <= score.interval.high + 1e-9
    cider = found["CIDEr-D"].rows
    assert found["SPICE"].sampled == (0, 2)
    assert found["SPIDEr"].rows == pytest.approx([(cider[0] + 0.5) / 2, (cider[2] + 0.5) / 2])
    assert without["SPIDEr"] == NoScore("SPICE: no parts")
