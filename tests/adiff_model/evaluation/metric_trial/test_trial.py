"""Planted metrics: each is seen for what it is."""

import json

import pytest

from adiff_data.claims.sides import sides_of
from adiff_data.core.errors import InputError
from adiff_data.dataset.loading import load_split
from adiff_data.demo.naming import named_sources
from adiff_model import MetricUnavailable, trust_frame, trust_metrics
from adiff_model.evaluation.metric_trial.damages import Damage, Degree
from adiff_model.evaluation.metric_trial.trial import Fall, MetricTrial, Verdict
from adiff_model.metrics.bootstrap import ConfidenceInterval
from adiff_model.metrics.text_scores import NoScore

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("without_meteor")]


def events_on_their_side(rows):
    """The share of the captions' sources that the answer names on their side."""
    shares = []
    for row in rows:
        sides = sides_of(row.prediction)
        known = [set(named_sources(caption)) for caption in (row.caption1, row.caption2)]
        told = [set(named_sources(side)) & of_side for side, of_side in zip(sides, known, strict=False)]
        shares.append(len(told[0] | told[1]) and sum(map(len, told)) / sum(map(len, known)))
    return shares


def constant(rows):
    return [0.5] * len(rows)


def length(rows):
    return [len(row.prediction.split()) / 100 for row in rows]


def unavailable(*_):
    raise MetricUnavailable("needs a server")


PLANTED = {"events": events_on_their_side, "constant": constant, "length": length, "unavailable": unavailable}


@pytest.fixture(autouse=True, scope="module")
def _without_search():
    """Takes the search for clips out of the trials: it is tried elsewhere, and much of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adiff_model.evaluation.scoring.find_embedding", lambda: NoScore("left out here"))
        yield


@pytest.fixture(scope="module")
def split():
    """Ten rows, each a sentence."""
    rows = load_split("data/DEMO", "demo", "evaluation")
    return rows.select([number for number, tier in enumerate(rows["tier"]) if tier == 1][:10])


@pytest.fixture(scope="module")
def written(without_meteor, tmp_path_factory, split):
    """A trial of ten rows, and its folder."""
    out = tmp_path_factory.mktemp("trust") / "out"
    return trust_metrics(split, metrics=PLANTED, spice=False, fense=False, out=out), out


@pytest.fixture(scope="module")
def planted(written):
    (trial,), _ = written
    return {metric.metric: metric for metric in trial.metrics}


def test_a_metric_of_events_falls_with_events_and_not_with_comparisons(planted):
    assert planted["events"].verdict(Damage.MOVED) is Verdict.FALLS
    assert planted["events"].verdict(Damage.DROPPED) is Verdict.FALLS
    assert planted["events"].verdict(Damage.TURNED) is Verdict.BLIND
    assert planted["events"].falls[Damage.GENERIC, Degree.ALL].share == 1


def test_a_metric_that_hears_nothing_falls_with_nothing(planted):
    assert {planted["constant"].verdict(damage) for damage in Damage} == {Verdict.BLIND, None}
    assert planted["constant"].forgives_paraphrase is False


def test_a_metric_of_length_rises_with_inventions(planted):
    assert planted["length"].verdict(Damage.INVENTED) is Verdict.RISES
    assert planted["length"].smallest_fault is Damage.INVENTED


def test_a_metric_that_is_not_here_is_a_dash_with_one_reason(written):
    _, out = written
    table = (out / "trust.md").read_text(encoding="utf-8")
    assert "| unavailable | – (" in table
    assert table.count("unavailable: needs a server") == 2  # under the overview, and under the tables with intervals


def test_nothing_is_said_of_a_damage_that_few_rows_can_have(split):
    """Of eight rows, none compares: no comparison is turned, and all else is tried."""
    texts = [answer.split(";")[0] + "." for answer in split["answer"]]
    rows = split.remove_columns("answer").add_column("answer", texts).select(range(8))
    (trial,) = trust_metrics(rows, spice=False, fense=False)
    falls = trial.metrics[0].falls
    assert falls[Damage.TURNED, Degree.ONE] == NoScore("fewer than 5 rows can be broken in this way")
    assert isinstance(falls[Damage.EXCHANGED, Degree.ALL], Fall)


def test_a_text_metric_is_blind_to_sides_where_the_claims_are_not(planted):
    one = Damage.MOVED, Degree.ONE
    assert abs(planted["BLEU-1"].falls[one].share) < 0.02
    assert planted["not claims contradicted"].falls[one].share > 0.05


def test_the_same_trial_gives_the_same_files_and_another_is_not_written_over_them(written, split):
    _, out = written
    assert {file.name for file in out.iterdir()} == {
        "trust.md",
        "trust.csv",
        "trust.json",
        "trust.svg",
        "answers.jsonl",
    }
    trust_metrics(split, metrics=PLANTED, spice=False, fense=False, out=out)  # without `force`
    with pytest.raises(InputError, match="`force=True`"):
        trust_metrics(split.select(range(3)), spice=False, fense=False, out=out)


def test_the_frame_has_every_number(written):
    trials, out = written
    frame = trust_frame(trials).set_index(["metric", "damage", "degree"])
    fall = trials[0].metrics[0].falls[Damage.DROPPED, Degree.TWO]
    line = frame.loc[trials[0].metrics[0].metric, "event dropped", "two"]
    assert (line["fall"], line["low"], line["rows"]) == (fall.share, fall.interval.low, fall.rows)
    assert frame.loc["unavailable", "event dropped", "two"]["missing"] == "needs a server"
    assert len(json.loads((out / "trust.json").read_text(encoding="utf-8"))["falls"]) == len(frame)


def test_answers_can_be_read(written):
    _, out = written
    first = json.loads((out / "answers.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first["event dropped"]["one"] != first["right"]


@pytest.mark.parametrize("scores", [[1.0], [float("nan")] * 10])
def test_a_metric_must_score_every_row(split, scores):
    with pytest.raises(InputError, match="'mine' does not give each of 10 rows a finite score"):
        trust_metrics(split, metrics={"mine": lambda rows: scores}, spice=False, fense=False)


def falling(*shares: float) -> MetricTrial:
    falls = {
        (Damage.MOVED, degree): Fall(10, 1.0, 1 - share, share, ConfidenceInterval(share - 0.01, share + 0.01))
        for degree, share in zip(Degree, shares, strict=True)
    }
    return MetricTrial("metric", falls)


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ((0.1, 0.2, 0.4), Verdict.FALLS),
        ((0.1, 0.3, 0.2), Verdict.NOT_MONOTONE),
        ((0.1, 0.2, 0.0), Verdict.BLIND),
        ((0.0, -0.1, -0.2), Verdict.RISES),
    ],
)
def test_the_verdict_says_whether_more_damage_costs_more(shares, verdict):
    assert falling(*shares).verdict(Damage.MOVED) is verdict


def test_the_command_writes_the_tables_and_prints_the_overview(adiff, tmp_path):
    call = ("metrics", "trust", "data/DEMO", "--split", "evaluation", "--tier", "sentence", "--limit", 5)
    status, out, err = adiff(*call, "--no-spice", "--no-fense", "--out", tmp_path / "trust")
    assert (status, err) == (0, "")
    assert "| BLEU-4 |" in out
    assert "left out, as asked" in out
    assert (tmp_path / "trust" / "trust.svg").exists()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("--split", "nope"), "no split 'nope'"),
        (("--split", "evaluation", "--tier", "similarity"), "no tier of differences"),
    ],
)
def test_what_is_not_there_is_named(adiff, tmp_path, more, reason):
    status, _, err = adiff("metrics", "trust", "data/DEMO", *more, "--out", tmp_path / "trust")
    assert status == 2
    assert reason in err
