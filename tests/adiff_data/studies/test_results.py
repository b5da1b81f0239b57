"""What follows from a study, with raters of known accuracy and bias: what is true of them is found again."""

import numpy as np
import pytest
from scipy.optimize import minimize

from adiff_data.core.errors import InputError
from adiff_data.studies.plan import FIRST
from adiff_data.studies.planning import plan_study
from adiff_data.studies.preference import log_strengths
from adiff_data.studies.results import results_of
from adiff_data.studies.tables import answer_records, results_document, results_markdown
from tests.adiff_data.studies.simulated import SYSTEMS, Rater, rate, rating_study, rows_of

QUALITY = {"weak": 2.2, "middle": 3.0, "strong": 3.8}


def of_all_tiers(results):
    return {result.system: result for result in results.systems if result.tier == "all"}


def test_means_and_their_order_are_found_although_raters_are_biased():
    study = rating_study(rows=62, people=3)
    raters = [Rater(QUALITY, bias=bias, seed=seed) for seed, bias in enumerate(np.linspace(-0.6, 0.6, 9))]
    found = of_all_tiers(results_of(study, rate(study, raters)))
    for system, quality in QUALITY.items():
        assert found[system].value.low < quality < found[system].value.high
        assert found[system].answers == 180
    assert found["middle"].difference.low > 0
    assert found["strong"].difference.low > found["middle"].difference.low
    assert found["weak"].difference is None


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_should():
    """Over studies whose rows and raters are drawn anew, as the interval supposes; it may be too wide."""
    held, widths = [], []
    for seed in range(40):
        random = np.random.default_rng(seed)
        study = rating_study(rows=32, people=2, seed=seed)
        effects = {row.id: random.normal(0, 0.4) for row in study.rows}
        raters = [
            Rater(QUALITY, bias=random.normal(0, 0.3), noise=0.6, row_effect=effects, seed=[seed, number])
            for number in range(6)
        ]
        middle = of_all_tiers(results_of(study, rate(study, raters)))["middle"].value
        held.append(middle.low <= QUALITY["middle"] <= middle.high)
        widths.append((middle.high - middle.low) / 2 / 1.96)
    assert np.mean(held) >= 0.85
    rounding = 1 / 12
    sampling = np.sqrt(0.4**2 / 30 + 0.3**2 / 6 + (0.6**2 + rounding) / 60)
    assert 0.8 * sampling < np.mean(widths) < 1.6 * sampling


@pytest.mark.parametrize(("noise", "expected"), [(0.0, 1.0), (0.7, 0.54), (100.0, 0.0)])
def test_alpha_is_the_share_of_all_variance_that_is_not_noise(noise, expected):
    """The systems' is 2/3; that of noise is its square, and rounding to points adds 1/12."""
    study = rating_study(rows=62, people=3)
    raters = [Rater({"weak": 2.0, "middle": 3.0, "strong": 4.0}, noise=noise, seed=seed) for seed in range(9)]
    assert results_of(study, rate(study, raters)).agreement["quality"] == pytest.approx(expected, abs=0.1)


def test_careless_raters_are_found_by_the_checks_and_change_nothing():
    study = rating_study(rows=62, people=3, checks=4)
    careful = [Rater(QUALITY, seed=seed) for seed in range(9)]
    mixed = [Rater(QUALITY, careless=seed % 3 == 1, seed=seed) for seed in range(9)]
    results = results_of(study, rate(study, mixed))
    assert [rater.is_counted for rater in results.raters] == [seed % 3 != 1 for seed in range(9)]
    assert all(rater.checks == 4 and rater.seconds == 30.0 for rater in results.raters)
    alone = [answers for answers in rate(study, careful) if (answers.rater - 1) % 3 != 1]
    assert of_all_tiers(results) == of_all_tiers(results_of(study, alone))


def test_preferences_give_the_ranking_although_raters_prefer_what_stands_first():
    study = plan_study(rows_of(62), kind="preference", people=2)
    raters = [Rater(QUALITY, noise=0.8, bias=0.3, seed=seed) for seed in range(6)]
    results = results_of(study, rate(study, raters))
    found = of_all_tiers(results)
    assert sorted(found, key=lambda system: found[system].value.value) == list(SYSTEMS)
    assert found["strong"].difference.low > 0
    assert found["strong"].preferred > 0.6
    assert found["weak"].preferred < 0.4
    assert sum(result.value.value for result in found.values()) == pytest.approx(0, abs=1e-6)
    assert 0.1 < results.agreement["better"] < 0.9


def test_strengths_are_those_of_the_greatest_likelihood():
    wins = np.array([[0, 30.5, 44], [9.5, 0, 25], [6, 15, 0]])

    def loss(logs):
        odds = logs[:, None] - logs[None, :]
        counted = wins + 0.1 * (1 - np.eye(3))
        return float((counted * np.log1p(np.exp(-odds))).sum() + logs.sum() ** 2)

    assert log_strengths(wins) == pytest.approx(minimize(loss, np.zeros(3)).x, abs=1e-3)
    undefeated = log_strengths(np.array([[0, 20.0], [0, 0]]))
    assert np.isfinite(undefeated).all()
    assert undefeated[0] > 2


def test_tiers_are_told_apart_where_there_are_several():
    study = plan_study(rows_of(42, tiers=["fewwords", "detail"]), people=1)
    results = results_of(study, rate(study, [Rater(QUALITY, seed=seed) for seed in range(3)]))
    assert {result.tier for result in results.systems} == {"all", "detail", "fewwords"}
    assert {result.question for result in results.systems} == {"correctness", "granularity", "readability"}


def test_what_nobody_could_judge_and_practice_do_not_count():
    study = rating_study(rows=32, people=1)
    results = results_of(study, rate(study, [Rater(QUALITY), Rater(QUALITY), lambda *_: {}]), 0.0)
    assert {given.rater for given in results.counted} == {1, 2}
    assert len(results.counted) == 60
    with pytest.raises(InputError, match="no answer counts"):
        results_of(study, rate(study, [lambda *_: {}]), 0.0)


def test_tables_and_records_have_numbers_for_raters_and_escape_names():
    study = plan_study(rows_of(12, systems=["<b>a</b>", "b"]), kind="preference", people=1)
    raters = rate(study, [lambda study, trial: {"better": trial.right or FIRST}] * 2)
    text = results_markdown(results_of(study, raters))
    assert "<b>" not in text
    assert "| 1 | 10 of 10 | 30 | 4 of 4 | yes |" in text
    records = list(answer_records(study, raters))
    assert {record.rater for record in records} == {1, 2}
    assert results_document(results_of(study, raters)).systems[0]["value"]["low"] is not None
