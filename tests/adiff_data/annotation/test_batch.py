"""The Batch API: upload, poll, collect; lost ids, expired and partly failed batches.

OpenAI's service cannot be had here: a small server speaks its files and batches protocol to the real SDK.
"""

import json
from contextlib import suppress

import pytest
from aiohttp import web

from adiff_data.annotation.annotators import ModelAnnotator, annotate_job
from adiff_data.annotation.batch_annotator import BatchAnnotator, BatchCanceller
from adiff_data.annotation.run import Job
from adiff_data.core.errors import InputError, WorkError
from adiff_data.llm import ModelOptions, Price, RunOptions
from adiff_data.llm import batch as batch_module
from tests.adiff_data.annotation.conftest import write_pairs
from tests.batch_server import BatchServer
from tests.chat_server import GOOD, completion, error

TIERS = ("fewwords", "sentence", "detail")


@pytest.fixture
def said() -> list[str]:
    """What was said of batches under way."""
    return []


@pytest.fixture
def annotate(tmp_path, said):
    def call(server, count=4, max_attempts=3, budget=None, kind=BatchAnnotator, force=False, size=None, **fields):
        pairs = write_pairs(tmp_path / "pairs.jsonl", count)
        job = Job(pairs, tmp_path / "annotations.jsonl", TIERS, force=force)
        options = RunOptions(max_attempts=max_attempts, budget=budget)
        price = Price(input=1.0, output=10.0)
        model = ModelOptions(model="m", base_url=server.url, **fields)
        if kind is ModelAnnotator:
            return annotate_job(job, ModelAnnotator(model, options, "k" * 9, price=price))
        return annotate_job(job, kind(model, options, "k" * 9, price=price, poll=0.01, size=size, say=said.append))

    return call


def state(tmp_path) -> dict:
    return json.loads((tmp_path / "annotations.batch.json").read_text())


def test_one_batch_answers_all_rows_at_half_the_price(annotate, rows, tmp_path):
    with BatchServer() as server:
        tally = annotate(server)
        assert len(server.batches) == 1
    assert (tally.rows, {row.answer for row in rows()}) == (12, {GOOD})
    assert tally.cost == pytest.approx(12 * 0.00015)
    assert (state(tmp_path)["marks"], state(tmp_path)["earlier"], state(tmp_path)["notes"]) == ({}, {}, {})


def test_many_rows_are_divided_into_batches(annotate, rows, monkeypatch):
    monkeypatch.setattr(batch_module, "MOST_REQUESTS", 5)
    with BatchServer() as server:
        annotate(server)
        assert len(server.batches) == 3
    assert len({row.id for row in rows()}) == 12


def test_rows_without_an_answer_go_into_the_next_round_and_then_fail(annotate, rows):
    script = lambda asked: "" if asked.repeats == 0 else "I'm sorry, but I can't help" if asked.number < 3 else GOOD  # noqa: E731
    with BatchServer(script=script) as server:
        tally = annotate(server, max_attempts=3)
        assert len(server.batches) == 3
    assert tally.rows == 12
    assert tally.failed == {"refused by the model": 3}
    assert {row.provenance.attempts for row in rows()} == {2, 3}
    assert {row.provenance.tokens_in for row in rows()} == {200, 300}


def test_a_rejected_row_fails_with_its_reason(annotate, rows):
    with BatchServer(script=lambda asked: "error" if asked.number == 0 else GOOD) as server:
        tally = annotate(server, max_attempts=1)
    assert tally.failed == {"context too long": 1}


def test_an_expired_batch_keeps_what_it_has_and_the_rest_is_asked_again(annotate, rows):
    with BatchServer() as server:
        server.fate = lambda batch: "expired" if batch["id"] == "batch_0" else "completed"
        annotate(server)
        assert sorted(server.asked.values()) == [1] * 6 + [2] * 6
    assert {row.provenance.attempts for row in rows()} == {1}


def test_a_batch_that_fails_as_a_whole_is_an_error(annotate):
    with BatchServer() as server:
        server.fate = lambda batch: "failed"
        with pytest.raises(WorkError, match="token limit of the organization"):
            annotate(server)


def test_a_killed_run_collects_its_batch_and_pays_nothing_twice(annotate, rows, monkeypatch):
    with BatchServer() as server:
        with monkeypatch.context() as killed:
            killed.setattr(batch_module.BatchRun, "_ended", interrupted)
            with pytest.raises(RuntimeError):
                annotate(server)
        annotate(server)
        assert len(server.batches) == 1
    assert len(rows()) == 12


@pytest.mark.parametrize("made", [True, False])
def test_a_batch_whose_id_was_lost_is_found_by_its_mark(annotate, rows, monkeypatch, tmp_path, made):
    with BatchServer() as server:
        with monkeypatch.context() as killed:
            killed.setattr(batch_module.BatchRun, "_ended", interrupted)
            with pytest.raises(RuntimeError):
                annotate(server)
        lost = state(tmp_path)
        lost["marks"] = dict.fromkeys(lost["marks"])
        (tmp_path / "annotations.batch.json").write_text(json.dumps(lost))
        if not made:
            server.batches.clear()
        annotate(server)
        assert len(server.batches) == 1
    assert len(rows()) == 12


async def interrupted(*_: object) -> None:
    raise RuntimeError("killed")


@pytest.fixture
def leave_a_batch(annotate, monkeypatch):
    """Submits a batch and is killed while it waits."""

    def call(server, **options) -> None:
        with monkeypatch.context() as killed:
            killed.setattr(batch_module.BatchRun, "_ended", interrupted)
            with pytest.raises(RuntimeError):
                annotate(server, **options)

    return call


def test_results_are_read_in_whatever_form_they_come(annotate, rows):
    forms = [
        {**completion(GOOD), "service_tier": "batch"},
        completion({"text": GOOD, "finish_reason": "end_turn"}),
        completion("Audio 1 has one sound and\u2028audio 2 has another."),
        completion({"text": GOOD, "usage": {"prompt_tokens": "100", "completion_tokens": 20.0}}),
        {"choices": [{"message": GOOD}], "usage": {"input_tokens": 100, "output_tokens": 20}},
    ]
    with BatchServer(script=lambda asked: forms[asked.number % len(forms)]) as server:
        tally = annotate(server)
        assert len(server.batches) == 1
    assert (tally.failed.total(), {row.answer for row in rows()}) == (0, {GOOD})
    assert tally.tokens_in == 1200


def test_results_are_kept_before_they_are_read_and_not_downloaded_again(annotate, leave_a_batch, tmp_path, monkeypatch):
    with BatchServer() as server:
        with monkeypatch.context() as broken:
            broken.setattr(batch_module, "read_results", lambda path: (_ for _ in ()).throw(RuntimeError("killed")))
            with pytest.raises(RuntimeError):
                annotate(server)
        (kept,) = (tmp_path / "annotations.batch.results").iterdir()
        assert kept.name == "batch_0.output.jsonl"
        assert state(tmp_path)["marks"]
        server.faults["download"] = [error(404, "the file has expired")]
        assert annotate(server).rows == 12
        assert len(server.batches) == 1


def test_a_batch_none_of_whose_results_can_be_read_is_not_forgotten(annotate, tmp_path):
    with BatchServer() as server:
        server.faults["download"] = [web.Response(text='{"no": "result"}\n{half')]
        for _ in range(2):
            with pytest.raises(WorkError, match="no result can be read"):
                annotate(server)
        assert list(state(tmp_path)["marks"].values()) == ["batch_0"]
        assert len(server.batches) == 1


@pytest.mark.parametrize("call", ["retrieve", "download", "create"])
def test_a_server_that_fails_for_a_moment_ends_no_wait(annotate, rows, said, call):
    with BatchServer() as server:
        server.faults[call] = [error(502, "bad gateway"), error(503, "busy"), web.Response(text="<html>proxy</html>")]
        assert annotate(server).rows == 12
        assert len(server.batches) == 1
    assert sum("trying on: 502: bad gateway" in line for line in said) == 1


def test_a_batch_under_way_is_not_paid_again_without_the_batch_api(annotate, leave_a_batch, rows):
    with BatchServer() as server:
        leave_a_batch(server)
        with pytest.raises(
            InputError, match=r"under way for its rows, and paid for: batch_0.*`batch=True` collects them"
        ):
            annotate(server, kind=ModelAnnotator)
        assert (rows(), server.answered) == ([], 0)
        assert annotate(server).rows == 12
        assert annotate(server, kind=ModelAnnotator).added == 0
        assert len(server.batches) == 1


def test_other_settings_are_refused_while_a_batch_is_under_way(annotate, leave_a_batch, rows):
    with BatchServer() as server:
        leave_a_batch(server)
        with pytest.raises(InputError, match=r"under way \(batch_0\) that ask with temperature = 0\.7, not 0\.1"):
            annotate(server, temperature=0.1)
        annotate(server)
    assert {row.provenance.request["temperature"] for row in rows()} == {0.7}


def test_with_force_a_batch_of_other_settings_is_left_aside(annotate, leave_a_batch, rows, tmp_path, said):
    with BatchServer() as server:
        leave_a_batch(server)
        annotate(server, temperature=0.1, force=True)
        asked = json.loads(server.files[server.batches["batch_1"]["input_file_id"]].splitlines()[0])
        assert asked["body"]["temperature"] == 0.1
    assert {row.provenance.request["temperature"] for row in rows()} == {0.1}
    assert list(json.loads((tmp_path / "annotations.batch.json.bak").read_text())["marks"].values()) == ["batch_0"]
    assert any("left aside" in line and "batch_0" in line for line in said)


def test_the_size_of_batches_can_be_set(annotate):
    with BatchServer() as server:
        annotate(server, size=5)
        assert [server.rows(batch) for batch in server.batches.values()] == [5, 5, 2]


def test_batches_wait_until_the_server_has_room(annotate, rows):
    with BatchServer() as server:
        server.room = 5
        annotate(server, size=5)
        assert sum(batch["status"] == "completed" for batch in server.batches.values()) == 3
    assert len({row.id for row in rows()}) == len(rows()) == 12


@pytest.mark.slow
def test_a_batch_that_never_has_room_is_divided(annotate, rows, said):
    with BatchServer() as server:
        server.room = 4
        annotate(server)
        completed = [server.rows(batch) for batch in server.batches.values() if batch["status"] == "completed"]
        assert completed == [3, 3, 3, 3]
    assert len({row.id for row in rows()}) == 12
    assert any("`batch_size`" in line for line in said)


def test_a_limit_that_is_told_at_once_is_waited_for_too(annotate):
    with BatchServer() as server:
        server.faults["create"] = [error(429, "Enqueued token limit reached", "token_limit_exceeded")]
        annotate(server, size=6)
        assert [server.rows(batch) for batch in list(server.batches.values())[1:]] == [3, 3, 6]


def test_a_single_row_without_room_is_an_error(annotate):
    with BatchServer() as server:
        server.room = 0
        with pytest.raises(WorkError, match="takes no batch: Enqueued token limit reached"):
            annotate(server, 1)


def test_cancelled_batches_give_what_they_have_answered(annotate, leave_a_batch, rows, tmp_path):
    with BatchServer() as server:
        leave_a_batch(server)
        annotate(server, kind=BatchCanceller)
        assert server.batches["batch_0"]["status"] == "cancelled"
        assert (len(server.batches), len(rows()), state(tmp_path)["marks"]) == (1, 6, {})
        annotate(server)
    assert len(rows()) == 12
    assert {row.provenance.attempts for row in rows()} == {1}


def test_status_shows_batches_under_way(leave_a_batch, adiff, tmp_path):
    with BatchServer() as server:
        leave_a_batch(server)
    status, out, _ = adiff("status", tmp_path / "annotations.jsonl")
    assert status == 0
    assert "batch batch_0: submitted, 12 rows, submitted 20" in out


def test_what_a_batch_did_not_answer_is_kept(annotate, rows, tmp_path):
    with BatchServer(script=lambda asked: "<think>hm" if asked.repeats == 0 and asked.number == 0 else GOOD) as server:
        annotate(server)
    (line,) = (tmp_path / "annotations.refused.jsonl").read_text().splitlines()
    assert json.loads(line)["text"] == "<think>hm"


def test_a_budget_is_kept_before_anything_is_submitted(annotate):
    with BatchServer() as server:
        with pytest.raises(WorkError, match="may cost"):
            annotate(server, budget=0.001)
        assert not server.batches


def test_a_budget_is_kept_over_rounds(annotate):
    """A round of twelve empty answers costs 0.0018 USD, and may cost ten times that."""
    with BatchServer(script=lambda asked: "") as server:
        with pytest.raises(WorkError, match="may cost"):
            annotate(server, budget=0.03, max_attempts=9)
        assert 2 <= len(server.batches) <= 6


def account(tmp_path) -> dict:
    run = json.loads((tmp_path / "run.json").read_text())
    return {name: run[name] for name in ("spent", "maybe_spent", "at_risk")}


def test_what_a_batch_under_way_may_cost_is_written_down_and_given_back_when_it_ends(annotate, leave_a_batch, tmp_path):
    with BatchServer() as server:
        leave_a_batch(server, budget=1.0)
        left = account(tmp_path)
        assert left["spent"] == 0
        assert left["maybe_spent"] + left["at_risk"] >= 12 * 0.00015
        annotate(server, budget=1.0)
    assert account(tmp_path) == {"spent": pytest.approx(12 * 0.00015), "maybe_spent": 0.0, "at_risk": 0.0}


def test_a_batch_that_was_left_aside_stays_on_the_bill(annotate, leave_a_batch, tmp_path):
    with BatchServer() as server:
        leave_a_batch(server)
        at_risk = sum(account(tmp_path).values())
        annotate(server, temperature=0.1, force=True)
    assert account(tmp_path)["spent"] == pytest.approx(12 * 0.00015)
    assert account(tmp_path)["maybe_spent"] == pytest.approx(at_risk)


def test_results_whose_tokens_were_not_counted_are_estimated(annotate, rows, tmp_path):
    with BatchServer(script=lambda asked: {"text": GOOD, "usage": None}) as server:
        tally = annotate(server)
    assert tally.cost > 0
    assert all(row.provenance.tokens_in > 0 < row.provenance.tokens_out for row in rows())
    assert account(tmp_path)["maybe_spent"] > 0


@pytest.mark.parametrize("status", ["failed", "expired", "cancelled"])
def test_what_a_batch_did_not_do_is_not_on_the_bill(annotate, tmp_path, status):
    with BatchServer() as server:
        server.fate = lambda batch: status if batch["id"] == "batch_0" else "completed"
        with suppress(WorkError):
            annotate(server)
        spent = 0.0 if status == "failed" else 12 * 0.00015
    assert account(tmp_path) == {"spent": pytest.approx(spent), "maybe_spent": 0.0, "at_risk": 0.0}


def test_a_line_that_cannot_be_read_may_have_been_billed(annotate, tmp_path):
    with BatchServer() as server:
        server.cuts_a_line = True
        annotate(server, 2)
    assert account(tmp_path)["maybe_spent"] > 0
