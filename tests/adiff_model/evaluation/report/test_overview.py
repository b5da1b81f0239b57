"""The headline: who is best where, and whom it may be chance that is not."""

import numpy as np
import pytest

from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.report.overview import make_overview
from adiff_model.evaluation.scoring import ALL_METRICS, CONTRADICTED, GroupScores
from adiff_model.evaluation.standings import find_lead, rank
from adiff_model.evaluation.truthfulness import Assessment
from adiff_model.metrics.text_scores import NoScore, mean_score

FEW_WORDS, DETAIL = ("demo", "fewwords"), ("demo", "detail")
MISSING = NoScore("left out")


def group_scores(**row_scores) -> GroupScores:
    """Scores of the metrics that are named, as means of rows; CIDEr-D is `cider`, contradicted `contradicted`."""
    names = {"cider": "CIDEr-D", "contradicted": CONTRADICTED}
    scores = dict.fromkeys(ALL_METRICS, MISSING)
    scores |= {names[name]: mean_score(rows) for name, rows in row_scores.items()}
    return GroupScores(scores, (), Assessment((), ()))


@pytest.fixture
def rows():
    """Row scores around a mean, in which no two rows are alike."""
    spread = np.linspace(-0.05, 0.05, 40)
    return lambda mean: (mean + spread).tolist()


def test_the_best_is_named_with_its_tiers_and_what_may_be_chance_with_or(rows):
    close = [score + (0.001 if row % 2 else -0.001) for row, score in enumerate(rows(0.3))]
    scores = {
        "ours": {FEW_WORDS: group_scores(cider=rows(0.5)), DETAIL: group_scores(cider=rows(0.3))},
        "theirs": {FEW_WORDS: group_scores(cider=rows(0.2)), DETAIL: group_scores(cider=close)},
    }
    [headline] = make_overview(scores, Footnotes()).headlines
    assert headline.claim == "Nearest to the references, by CIDEr-D"
    assert headline.leaders[0] == (["ours"], "few words")
    assert sorted(headline.leaders[1][0]) == ["ours", "theirs"]
    assert headline.leaders[1][1] == "detail"


def test_many_systems_that_cannot_be_told_apart_are_counted(rows):
    scores = {f"system {number}": {DETAIL: group_scores(cider=rows(0.3))} for number in range(7)}
    [headline] = make_overview(scores, Footnotes()).headlines
    assert headline.leaders == [(["system 0", "system 1", "5 others"], "detail")]


def test_where_low_is_better_the_lowest_is_best(rows):
    scores = {
        "ours": {DETAIL: group_scores(contradicted=rows(0.1))},
        "theirs": {DETAIL: group_scores(contradicted=rows(0.6))},
    }
    lead = find_lead(scores, DETAIL, CONTRADICTED)
    assert (lead.best.system, [other.place for other in lead.others]) == ("ours", ["behind"])


def test_one_system_is_compared_with_none(rows):
    scores = {"ours": {DETAIL: group_scores(cider=rows(0.5))}}
    overview = make_overview(scores, Footnotes())
    assert overview.headlines == []
    assert [standing.place for standing in rank(scores, DETAIL, "CIDEr-D")] == ["none"]
    [(_, cells)] = overview.rows
    assert (cells[0].cell.value, cells[0].relation) == ("50.0", "")


def test_equal_systems_have_no_best(rows):
    scores = {name: {DETAIL: group_scores(cider=rows(0.5))} for name in ("ours", "theirs")}
    [(_, cells)] = make_overview(scores, Footnotes()).rows
    assert (cells[0].system, cells[0].cell.value) == ("", "50.0")


def test_a_system_without_a_score_is_neither_best_nor_behind(rows):
    scores = {"ours": {DETAIL: group_scores()}, "theirs": {DETAIL: group_scores(cider=rows(0.4))}}
    assert [standing.place for standing in rank(scores, DETAIL, "CIDEr-D")] == ["none", "none"]
    lead = find_lead(scores, DETAIL, "CIDEr-D")
    assert (lead.best.system, lead.others) == ("theirs", ())


def test_a_reason_has_one_mark_whatever_lacks_its_score():
    footnotes = Footnotes()
    marks = [
        footnotes.mark("no jar", "SPICE"),
        footnotes.mark("SPICE: no jar", "SPIDEr"),
        footnotes.mark("no jar", "SPICE"),
        footnotes.mark("no network", "FENSE"),
    ]
    assert marks == ["a", "a", "a", "b"]
    assert list(footnotes) == [("a", "SPICE, SPIDEr", "no jar"), ("b", "FENSE", "no network")]
