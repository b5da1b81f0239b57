"""Confidence intervals are as wide as they should be; equal systems do not differ, and better ones do."""

import math

import numpy as np
import pytest

from adiff_data.core.errors import WorkError
from adiff_model.metrics.bootstrap import bootstrap, confidence_interval, mean_statistic, paired_bootstrap_p_value
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.text_scores import METRICS, NoScore, Score, text_scores
from adiff_model.metrics.tokenization import Tokenizer

ROWS = np.random.default_rng(0).normal(0.3, 0.1, 400)


def test_the_interval_of_a_mean_is_that_of_its_standard_error():
    interval = confidence_interval(bootstrap(mean_statistic(ROWS), len(ROWS)))
    error = ROWS.std() / np.sqrt(len(ROWS))
    assert interval.low == pytest.approx(ROWS.mean() - 1.96 * error, abs=0.3 * error)
    assert interval.high == pytest.approx(ROWS.mean() + 1.96 * error, abs=0.3 * error)


def test_systems_are_compared_on_the_same_resamples():
    first = bootstrap(mean_statistic(ROWS), len(ROWS))
    slightly_better = bootstrap(mean_statistic(ROWS + 0.001), len(ROWS))
    assert paired_bootstrap_p_value(first, slightly_better) < 0.01  # each row is better, by less than the interval
    assert paired_bootstrap_p_value(first, first) == 1.0
    noise = np.random.default_rng(1).normal(0, 0.1, 400)
    equally_good = bootstrap(mean_statistic(ROWS + noise - noise.mean()), len(ROWS))
    assert paired_bootstrap_p_value(first, equally_good) > 0.5


@pytest.mark.slow
def test_every_metric_has_a_score_or_a_reason():
    predictions = ["a dog barks and then the rain falls", "a siren wails", ""]
    references = [["a dog barks and rain falls"], ["a siren in the distance", "a siren wails"], ["wind"]]
    with Meteor() as meteor:
        programs = {"tokenizer": Tokenizer(), "meteor": meteor}
        scores = text_scores(
            predictions,
            references,
            **programs,
            spice=lambda some, _: [0.5] * len(some),
            fense=NoScore("its model is not here"),
            sample=[0, 2],
        )
        without = text_scores(predictions, references, **programs, spice=NoScore("no parts"), fense=NoScore("none"))
    assert list(scores) == list(METRICS)
    assert scores["FENSE"] == NoScore("its model is not here")
    for name in METRICS[:-1]:
        score = scores[name]
        assert isinstance(score, Score)
        assert score.interval.low <= score.value + 1e-9
        assert score.value <= score.interval.high + 1e-9
    cider = scores["CIDEr-D"].row_scores
    assert scores["SPICE"].sample == (0, 2)
    assert scores["SPIDEr"].row_scores == pytest.approx([(cider[0] + 0.5) / 2, (cider[2] + 0.5) / 2])
    assert without["SPIDEr"] == NoScore("SPICE: no parts")


class Failing(Meteor):
    """Fails as a program does."""

    def score(self, predictions, references):
        raise WorkError("METEOR failed (java.lang.OutOfMemoryError)")


def test_a_metric_that_fails_takes_no_other_with_it():
    def unexpected(predictions, references):
        raise ValueError("one\nof its\tlines")

    programs = {"tokenizer": Tokenizer(), "meteor": Failing()}
    scores = text_scores(["a dog", "rain"], [["a dog"], ["rain"]], **programs, spice=unexpected, fense=NoScore("none"))
    assert scores["METEOR"] == NoScore("METEOR failed (java.lang.OutOfMemoryError)", failed=True)
    assert scores["SPICE"] == NoScore("failed (ValueError: one of its lines)", failed=True)
    assert all(isinstance(scores[name], Score) for name in ("BLEU-1", "ROUGE-L", "CIDEr-D"))


def test_without_a_tokenizer_metrics_of_untokenized_text_are_scored():
    def broken(texts):
        raise WorkError("the PTB tokenizer failed (no space)")

    with Meteor() as meteor:
        scores = text_scores(
            ["a dog"], [["a dog"]], tokenizer=broken, meteor=meteor, spice=lambda *_: [1.0], fense=lambda *_: [0.5]
        )
    assert {name for name, score in scores.items() if isinstance(score, Score)} == {"SPICE", "FENSE"}
    assert scores["BLEU-4"].reason == "the PTB tokenizer failed (no space)"


def test_a_row_without_a_score_is_no_row_of_the_mean():
    texts = ["a dog", "rain", "wind", "a siren"]
    scores = text_scores(
        texts,
        [[text] for text in texts],
        tokenizer=list,
        meteor=Failing(),
        spice=lambda *_: [1.0, math.nan, 0.5],
        fense=lambda some, _: [math.nan] * len(some),
        sample=[0, 2, 3],
    )
    assert (scores["SPICE"].value, scores["SPICE"].sample) == (0.75, (0, 3))
    assert scores["SPIDEr"].sample == (0, 3)
    assert scores["FENSE"] == NoScore("each row takes longer than the time limit", failed=True)
