"""Estimates, prices and accounts: what is said before, during and after a run."""

import json

import pytest

from adiff_data.annotation.estimate import estimate
from adiff_data.annotation.run import Job
from adiff_data.annotation.run_file import read_run
from adiff_data.core.errors import InputError
from adiff_data.llm import Price
from tests.adiff_data.annotation.conftest import write_pairs
from tests.chat_server import ChatServer


def job(tmp_path, count=10, tiers_per_call="one"):
    pairs = write_pairs(tmp_path / "pairs.jsonl", count)
    return Job(pairs, tmp_path / "annotations.jsonl", tiers_per_call=tiers_per_call)


def test_an_estimate_leaves_no_file_behind(tmp_path):
    guess = estimate(job(tmp_path), Price(input=1, output=1))
    assert (guess.wanted, guess.missing, guess.requests) == (30, 30, 30)
    assert guess.tokens_out == pytest.approx(10 * 1.35 * (28 + 52 + 155), rel=0.01)
    assert guess.cost == pytest.approx((guess.tokens_in + guess.tokens_out) / 1e6)
    assert [path.name for path in tmp_path.iterdir()] == ["pairs.jsonl"]


def test_three_tiers_in_a_call_are_a_third_of_the_requests_and_cheaper(tmp_path):
    one = estimate(job(tmp_path), None)
    together = estimate(job(tmp_path, tiers_per_call="all"), None)
    assert together.requests == 10
    assert together.tokens_in < 0.6 * one.tokens_in
    assert "cost unknown" in together.line()


def test_an_estimate_counts_only_what_is_missing(tmp_path, annotate):
    with ChatServer() as server:
        annotate(server, 10, ("fewwords", "sentence"))
    assert estimate(job(tmp_path), None).missing == 10


def test_a_dry_run_asks_nothing(adiff, tmp_path):
    write_pairs(tmp_path / "pairs.jsonl", 10)
    with ChatServer() as server:
        call = ("annotate", tmp_path / "pairs.jsonl", "--base-url", server.url, "--model", "gpt-4o-mini", "--dry-run")
        status, out, _ = adiff(*call, "--out", tmp_path / "a.jsonl")
        assert server.requests == []
    assert status == 0
    assert "30 of 30 rows to make in 30 requests" in out
    assert "USD" in out


def test_the_run_file_holds_settings_and_totals(tmp_path, annotate):
    with ChatServer() as server:
        annotate(server, 5)
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["state"] == "finished"
    assert (run["wanted"], run["rows"], run["requests"], run["tokens_in"]) == (15, 15, 15, 1500)
    assert run["cost"] == run["spent"] == pytest.approx(15 * 0.0003)
    assert run["settings"]["model"] == "m"
    assert run["settings"]["prompt_version"] == "v1"


def test_a_killed_run_counts_what_may_have_been_in_flight(tmp_path, annotate):
    with ChatServer() as server:
        annotate(server, 2)
        path = tmp_path / "run.json"
        path.write_text(path.read_text().replace('"finished"', '"running"').replace('"at_risk": 0.0', '"at_risk": 0.5'))
        annotate(server, 2)
    assert read_run(tmp_path / "annotations.jsonl").maybe_spent == 0.5


def test_another_model_is_refused_and_force_keeps_the_old_rows(tmp_path, annotate, rows):
    with ChatServer() as server:
        annotate(server, 2)
        with pytest.raises(InputError, match=r"made with temperature = 0\.7, not 0\.1"):
            annotate(server, 2, temperature=0.1)
        annotate(server, 2, temperature=0.1, force=True)
    assert {row.provenance.request["temperature"] for row in rows()} == {0.1}
    assert len((tmp_path / "annotations.jsonl.bak").read_text().splitlines()) == 6
