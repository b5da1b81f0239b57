"""Runs that fail for one reason, and servers that do not count, or do not take what they are sent: cost and words."""

import json
import logging

import pytest

from adiff_data.core.errors import InputError, WorkError
from adiff_data.llm import ModelOptions, Price, RunOptions, checked
from tests.adiff_data.annotation.conftest import write_pairs
from tests.chat_server import GOOD, ChatServer, error

CUT = {"text": "Audio 1 has one", "finish_reason": "length"}
FEW = ("fewwords",)


def run_file(tmp_path):
    return json.loads((tmp_path / "run.json").read_text())


def test_where_every_first_answer_is_cut_the_run_stops_and_names_the_mend(annotate, rows):
    with (
        ChatServer(lambda asked: CUT) as server,
        pytest.raises(WorkError, match=r"first 8 rows all failed.*`max_tokens`"),
    ):
        annotate(server, 200, FEW, concurrency=4)
    assert rows() == []  # the next call asks for all of them
    assert len(server.requests) < 100


def test_a_limit_that_is_given_is_not_raised_and_not_sent_four_times(annotate):
    with ChatServer(lambda asked: CUT) as server, pytest.raises(WorkError):
        annotate(server, 20, FEW, concurrency=1, max_tokens=64)
    assert {body["max_tokens"] for body in server.requests} == {64}
    assert max(server._seen.values()) == 2


def test_failures_among_answers_are_rows_and_do_not_stop_the_run(annotate, rows):
    with ChatServer(lambda asked: CUT if "Sound 3" in asked.body["messages"][-1]["content"] else GOOD) as server:
        annotate(server, 12, FEW, concurrency=1, max_attempts=1)
    assert len(rows()) == 12
    assert 0 < sum(row.failed for row in rows()) <= 2


@pytest.mark.parametrize(("most", "written"), [("2", 3), ("10%", 3)])
def test_more_failures_than_allowed_end_the_run(annotate, rows, most, written):
    script = lambda asked: GOOD if asked.number == 0 else CUT  # noqa: E731
    with ChatServer(script) as server, pytest.raises(WorkError, match="3 rows have no answer"):
        annotate(server, 20, FEW, concurrency=1, max_attempts=1, max_failures=most)
    assert sum(row.failed for row in rows()) == written


def test_the_share_is_of_all_rows_and_holds_over_all_runs(annotate, rows):
    with ChatServer(lambda asked: CUT if asked.number % 4 == 3 else GOOD) as server:
        annotate(server, 20, FEW, concurrency=1, max_attempts=1, max_failures="25%")  # as many as allowed
        with pytest.raises(WorkError, match="6 rows have no answer"):
            annotate(server, 28, ("sentence",), concurrency=1, max_attempts=1, max_failures="18%")
    assert sum(row.failed for row in rows()) == 6


@pytest.mark.parametrize(("given", "read"), [("5%", "5%"), (0.05, "5%"), (3, "3"), ("0", "0"), (None, None)])
def test_failures_are_allowed_as_a_number_or_as_a_share(given, read):
    assert checked(RunOptions, max_failures=given).max_failures == read


@pytest.mark.parametrize("given", ["many", "-1", "120%", "1.5"])
def test_what_is_neither_a_number_nor_a_share_is_refused(given):
    with pytest.raises(InputError, match="neither a number of rows nor a share"):
        checked(RunOptions, max_failures=given)


def test_a_server_that_counts_no_tokens_is_paid_by_estimate_and_the_budget_acts(annotate, tmp_path, caplog):
    uncounted = {"text": GOOD, "usage": None}
    with (
        caplog.at_level(logging.WARNING),
        ChatServer(lambda asked: uncounted) as server,
        pytest.raises(WorkError, match="budget"),
    ):
        annotate(server, 200, FEW, concurrency=2, budget=0.02, price=Price(input=1.0, output=10.0))
    run = run_file(tmp_path)
    assert 0 < run["spent"] <= 0.02
    assert 3 <= len(server.requests) < 200
    assert len([line for line in caplog.messages if "token" in line]) == 1


@pytest.mark.parametrize("extra", [{"max_tokens": 3000}, {"max_completion_tokens": 3000}, {"n": 8}])
def test_what_is_set_aside_is_the_limit_of_the_body_that_is_sent(annotate, tmp_path, extra):
    limit = extra.get("max_tokens") or extra.get("max_completion_tokens") or 200 * extra["n"]
    usage = {"prompt_tokens": 100, "completion_tokens": limit}
    with ChatServer(lambda asked: {"text": GOOD, "usage": usage}, latency=0.02) as server, pytest.raises(WorkError):
        annotate(server, 60, FEW, concurrency=16, budget=0.2, extra_body=extra)
    assert server.answered * (100 * 1e-6 + limit * 10e-6) <= 0.2
    assert run_file(tmp_path)["spent"] <= 0.2


def test_a_server_that_wants_another_name_for_the_limit_is_given_it(annotate, rows, caplog):
    def script(asked):
        if "max_tokens" in asked.body:
            return error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        return GOOD

    with caplog.at_level(logging.WARNING), ChatServer(script) as server:
        annotate(server, 10, FEW, concurrency=1)
    assert not any(row.failed for row in rows())
    assert sum("max_tokens" in body for body in server.requests) == 1
    assert sum("does not take max_tokens" in line for line in caplog.messages) == 1


@pytest.mark.parametrize("field", ["temperature", "seed"])
def test_a_field_that_a_server_does_not_take_is_left_out_and_recorded(annotate, rows, field):
    def script(asked):
        return error(400, f"{field} is not supported with this model") if field in asked.body else GOOD

    with ChatServer(script) as server:
        annotate(server, 6, FEW, concurrency=1)
    assert [row.failed for row in rows()] == [False] * 6
    assert all(row.provenance.request["left_out"] == [field] for row in rows())


def test_a_wrong_value_teaches_nothing(annotate, rows):
    with (
        ChatServer(lambda asked: error(400, "temperature must be between 0 and 2")) as server,
        pytest.raises(WorkError),
    ):
        annotate(server, 20, FEW, concurrency=1)
    assert all("temperature" in body for body in server.requests)


def test_null_takes_a_field_out_and_options_put_fields_in(annotate):
    with ChatServer() as server:
        annotate(server, 1, FEW, max_tokens=77, reasoning_effort="low", extra_body={"seed": None, "top_k": 5})
    body = server.requests[0]
    assert "seed" not in body
    assert (body["max_tokens"], body["reasoning_effort"], body["top_k"]) == (77, "low", 5)


def test_rows_keep_the_limit_and_the_effort_that_they_were_asked_with(annotate, rows):
    with ChatServer() as server:
        annotate(server, 1, FEW, max_tokens=77, reasoning_effort="low")
    assert rows()[0].provenance.request["max_tokens"] == 77
    assert rows()[0].provenance.request["reasoning_effort"] == "low"
    assert "max_tokens" not in ModelOptions(model="m").parameters


@pytest.fixture
def call(adiff, tmp_path, monkeypatch):
    """The command, on pairs of a file and a server."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")

    def run(server, *options, count=4):
        pairs = write_pairs(tmp_path / "pairs.jsonl", count)
        where = (
            "--base-url",
            server.url,
            "--model",
            "m",
            "--tiers",
            "fewwords",
            "--out",
            tmp_path / "annotations.jsonl",
        )
        return adiff("annotate", pairs, *where, *options)

    return run


def test_a_header_is_sent_and_written_nowhere(call, tmp_path):
    seen = []
    with ChatServer(lambda asked: seen.append(asked.headers.get("x-team")) or GOOD) as server:
        assert call(server, "--header", "x-team=secret-team")[0] == 0
    assert set(seen) == {"secret-team"}
    assert not any("secret-team" in path.read_text() for path in tmp_path.iterdir())


def test_rows_without_an_answer_are_told_in_the_last_line_and_the_exit_status(call, rows):
    script = lambda asked: CUT if asked.number == 1 else GOOD  # noqa: E731
    with ChatServer(script) as server:
        status, _, err = call(server, "--concurrency", "1", "--max-attempts", "1")
        assert status == 1
        assert "1 of 4 rows have no answer; --retry-failed asks them again" in err
        assert call(server, "--retry-failed")[0] == 0
    assert not any(row.failed for row in rows())


def test_a_preview_makes_some_rows_and_shows_them_with_their_price(call, rows, tmp_path):
    prices = tmp_path / "prices.json"
    prices.write_text(json.dumps({"m": {"input": 1.0, "output": 10.0}}))
    with ChatServer() as server:
        status, out, _ = call(server, "--preview", "2", "--prices", prices, count=10)
        assert status == 0
        assert len(rows()) == 2
        assert out.count(GOOD) == 2
        assert "8 rows are left, about 0.00 USD: the same command without --preview makes the rest" in out
        assert run_file(tmp_path)["state"] == "stopped"
        assert call(server, "--prices", prices, count=10)[0] == 0
    assert len(rows()) == 10
    assert len(server.requests) == 10
