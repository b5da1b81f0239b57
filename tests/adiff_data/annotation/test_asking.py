"""Annotation against servers that misbehave in every way."""

import json
import re
import time
from collections import Counter

import pytest
from aiohttp import web

from adiff_data.core.errors import InputError, WorkError
from tests.chat_server import GOOD, ChatServer, all_tiers, completion, error, every_fault


def test_every_row_is_answered_once_with_its_provenance(annotate, rows):
    with ChatServer() as server:
        tally = annotate(server, 5)
    assert (tally.rows, tally.tokens_in, tally.tokens_out) == (15, 1500, 300)
    assert tally.cost == pytest.approx(15 * 0.0003)
    assert len({row.id for row in rows()}) == 15
    provenance = rows()[0].provenance
    assert (provenance.model, provenance.attempts, provenance.finish_reason) == ("m", 1, "stop")
    assert provenance.request == {"temperature": 0.7, "seed": 0, "extra_body": {}, "tiers_per_call": "one"}
    assert re.fullmatch(r"[0-9a-f]{64}", provenance.prompt_hash)


def test_a_finished_job_sends_no_request(annotate):
    with ChatServer() as server:
        annotate(server)
        sent = len(server.requests)
        annotate(server)
        assert len(server.requests) == sent


@pytest.mark.slow
def test_a_fifth_of_the_requests_goes_wrong_and_no_row_is_lost_or_wrong(annotate, rows):
    with ChatServer(script=every_fault(1)) as server:
        tally = annotate(server, 150, concurrency=16, max_attempts=8)
    assert Counter(row.id for row in rows()).most_common(1)[0][1] == 1
    assert tally.rows == 450
    assert {row.answer for row in rows()} == {GOOD}
    assert not tally.failed


@pytest.mark.parametrize(
    ("scripted", "reason"),
    [
        ("", "empty answer"),
        ("  \n ", "empty answer"),
        ("I'm sorry, but I can't help with that.", "refused by the model"),
        ("As an AI language model, I cannot hear.", "refused by the model"),
        ({"text": None, "refusal": "no"}, "refused by the model"),
        ({"text": "", "finish_reason": "content_filter"}, "refused by the model"),
        ({"text": "Audio 1 has", "finish_reason": "length"}, "cut by the token limit"),
        ("<think>Let me see", "empty answer"),
        ("<|channel|>analysis<|message|>Let me see", "empty answer"),
        ("Audio 1 has a \ufffd\ufffd dog.", "more than an answer, or broken characters"),
        ('{"fewwords": "A dog.", "sentence": "A dog."}', "more than an answer, or broken characters"),
        *(
            ({"text": "Audio 1 has", "finish_reason": reason}, "cut by the token limit")
            for reason in ("MAX_TOKENS", "max_tokens", "model_length", "FinishReason.MAX_TOKENS", "too_long", "cutoff")
        ),
        *(
            ({"text": "Audio 1 has", "finish_reason": reason}, "broken off by the server")
            for reason in ("error", "insufficient_system_resource", "abort", "network_error", "deadline", "new")
        ),
        *(
            ({"text": "Audio 1 has", "finish_reason": reason}, "refused by the model")
            for reason in ("SAFETY", "content_filter", "RECITATION", "refusal", "sensitive")
        ),
    ],
)
def test_what_is_no_answer_is_asked_again_and_then_kept_as_failed(annotate, rows, scripted, reason):
    with ChatServer(script=lambda asked: scripted) as server:
        tally = annotate(server, 1, ("detail",), max_attempts=3)
        assert len(server.requests) == 3
        assert len({body["seed"] for body in server.requests}) == 3
    (row,) = rows()
    assert (row.answer, row.provenance.failure, row.provenance.attempts) == ("", reason, 3)
    assert tally.failed == {reason: 1}
    assert row.provenance.tokens_in == 300


@pytest.mark.parametrize("reason", ["stop", "STOP", "end_turn", "eos", "COMPLETE", "FinishReason.STOP", None, 1, "new"])
def test_an_answer_ended_for_a_good_or_an_unknown_reason_is_kept(annotate, rows, reason):
    with ChatServer(script=lambda asked: {"text": GOOD, "finish_reason": reason}) as server:
        annotate(server, 1, ("detail",))
        assert len(server.requests) == 1
    assert rows()[0].answer == GOOD


def test_what_was_refused_is_kept_beside_the_rows_as_it_came(annotate, rows, tmp_path):
    raw = "<think>hm</think> Audio 1 has a \ud83d dog."
    with ChatServer(script=lambda asked: raw if asked.repeats == 0 else GOOD) as server:
        annotate(server, 2, ("detail",))
    kept = [json.loads(line) for line in (tmp_path / "annotations.refused.jsonl").read_text().splitlines()]
    assert {line["id"] for line in kept} == {row.id for row in rows()}
    assert {line["fault"] for line in kept} == {"more than an answer, or broken characters"}
    assert [(line["text"], line["finish_reason"], line["tokens_out"]) for line in kept] == [(raw, "stop", 20)] * 2
    assert {row.answer for row in rows()} == {GOOD}


def test_without_a_refused_reply_there_is_no_file_of_them(annotate, tmp_path):
    with ChatServer() as server:
        annotate(server, 1)
    assert not (tmp_path / "annotations.refused.jsonl").exists()


def test_retry_failed_asks_just_those_again(annotate, rows):
    bad = lambda asked: "" if "Sound 0" in asked.body["messages"][1]["content"] else GOOD  # noqa: E731
    with ChatServer(script=bad) as server:
        assert annotate(server, 3, max_attempts=1).failed.total() == 3
        server.script = lambda asked: GOOD
        server.requests.clear()
        assert annotate(server, 3, max_attempts=1).failed.total() == 3
        assert server.requests == []
        annotate(server, 3, retry=True)
        assert len(server.requests) == 3
    assert Counter(row.answer for row in rows()) == {GOOD: 9}


def test_what_models_put_around_an_answer_is_taken_off(annotate, rows):
    with ChatServer(script=lambda asked: f'<think>hm</think>\n"{GOOD}"\n') as server:
        annotate(server, 1)
    assert {row.answer for row in rows()} == {GOOD}


@pytest.mark.parametrize(
    "odd",
    [
        lambda: web.json_response({"choices": [{"message": 5, "finish_reason": [1]}], "usage": "none"}),
        lambda: web.json_response({"choices": "none"}),
        lambda: web.json_response([[]]),
        lambda: web.Response(text="{", content_type="application/json"),
        lambda: web.Response(body=b"\xff\xfe\x00", content_type="application/json"),
        lambda: web.Response(body=b"x", content_type="application/json", headers={"Content-Encoding": "gzip"}),
        lambda: web.json_response(completion(GOOD), headers={"X-Trace": "a" * 9000}),
        lambda: web.json_response(completion(GOOD), headers={f"X-{number}": "a" * 80 for number in range(300)}),
        lambda: web.Response(status=302, headers={"Location": "http://[::1"}),
        lambda: "bad chunk",
    ],
)
def test_an_odd_reply_costs_its_request_and_nothing_else(annotate, rows, odd):
    with ChatServer(script=lambda asked: odd() if asked.number == 3 else GOOD) as server:
        tally = annotate(server, 8, ("fewwords",), concurrency=4)
        assert len(server.requests) <= 9
    assert (tally.rows, tally.failed.total()) == (8, 0)
    assert {row.answer for row in rows()} == {GOOD}


@pytest.mark.slow
def test_retry_after_is_honoured_by_all(annotate):
    arrivals: list[float] = []

    def script(asked):
        arrivals.append(time.monotonic())
        return error(429, "slow down", retry_after="1") if asked.number == 0 else GOOD

    with ChatServer(script=script) as server:
        annotate(server, 8, concurrency=1)
    assert arrivals[1] - arrivals[0] >= 0.95
    assert arrivals[-1] - arrivals[1] < 5


@pytest.mark.slow
def test_a_hanging_request_is_given_up_and_asked_again(annotate):
    with ChatServer(script=lambda asked: "hang" if asked.number == 0 else GOOD) as server:
        assert annotate(server, 2, timeout=0.5).rows == 6
        assert len(server.requests) == 7


@pytest.mark.parametrize(("status", "message"), [(401, "bad key"), (403, "not yours"), (404, "no such model")])
def test_a_hopeless_run_stops_at_once_with_the_reason(annotate, rows, status, message):
    with ChatServer(script=lambda asked: error(status, message)) as server:
        with pytest.raises(WorkError, match=f"{status}: {message}"):
            annotate(server, 50, concurrency=4)
        assert len(server.requests) <= 4
    assert rows() == []


def test_no_money_left_is_hopeless_too(annotate):
    with (
        ChatServer(script=lambda asked: error(429, "no money", "insufficient_quota")) as server,
        pytest.raises(WorkError, match="no money"),
    ):
        annotate(server, 5)


def test_a_context_too_long_fails_its_row_alone(annotate, rows):
    def script(asked):
        long = "Sound 1<" in asked.body["messages"][1]["content"]
        return error(400, "maximum context length exceeded", "context_length_exceeded") if long else GOOD

    with ChatServer(script=script) as server:
        tally = annotate(server, 6, ("fewwords",), concurrency=1)
    assert tally.rows == 6
    assert list(tally.failed) == ["400: maximum context length exceeded"]
    assert sum(row.failed for row in rows()) == 2


def test_a_server_that_rejects_everything_stops_the_run(annotate, rows):
    with ChatServer(script=lambda asked: error(400, "unknown field 'seed'")) as server:
        with pytest.raises(WorkError, match="rejects every request: 400: unknown field 'seed'"):
            annotate(server, 100, concurrency=2)
        assert len(server.requests) < 10


@pytest.mark.slow
def test_a_request_that_always_breaks_the_server_fails_its_row_alone(annotate, rows):
    breaks = lambda asked: error(500, "boom") if "Sound 1<" in asked.body["messages"][1]["content"] else GOOD  # noqa: E731
    with ChatServer(script=breaks) as server:
        tally = annotate(server, 8, ("fewwords",), concurrency=2)
    assert tally.rows == 8
    assert tally.failed.total() == 2
    assert "500: boom" in next(iter(tally.failed))


@pytest.mark.slow
def test_a_silent_server_is_not_waited_for_for_ever(annotate):
    with (
        ChatServer(script=lambda asked: error(503, "gone fishing")) as server,
        pytest.raises(WorkError, match=r"no answer for .*gone fishing"),
    ):
        annotate(server, 5, patience=0.5)


@pytest.mark.slow
def test_concurrency_is_bounded_falls_and_recovers(annotate):
    script = lambda asked: error(429, "slow down") if 20 <= asked.number < 40 else GOOD  # noqa: E731
    with ChatServer(script=script, latency=0.01) as server:
        assert annotate(server, 100, concurrency=8).rows == 300
        assert server.most_in_flight == 8


@pytest.mark.slow
def test_requests_a_minute_are_kept(annotate):
    with ChatServer() as server:
        began = time.monotonic()
        annotate(server, 4, rpm=300)
        assert time.monotonic() - began >= 11 / 5


@pytest.mark.slow
def test_tokens_a_minute_are_kept(annotate):
    with ChatServer() as server:
        began = time.monotonic()
        annotate(server, 4, tpm=36_000)  # 600 a second; twelve answers of 120 tokens
        assert time.monotonic() - began >= 1.5


def test_the_budget_is_never_passed_and_the_run_goes_on_with_more(annotate, rows, tmp_path):
    with ChatServer(latency=0.01) as server:
        with pytest.raises(WorkError, match=r"budget of 0\.01 USD"):
            annotate(server, 30, concurrency=16, budget=0.01)
        spent = 0.0003 * server.answered
        assert 0.0003 <= spent <= 0.01
        assert json.loads((tmp_path / "run.json").read_text())["spent"] == pytest.approx(spent)
        assert annotate(server, 30, budget=1.0).rows == 90
        assert server.answered == 90
    assert len({row.id for row in rows()}) == 90


def test_a_budget_counts_answers_that_never_came(annotate, tmp_path):
    with ChatServer(script=lambda asked: "drop") as server, pytest.raises(WorkError):
        annotate(server, 30, concurrency=4, budget=0.02, patience=3)
    assert json.loads((tmp_path / "run.json").read_text())["maybe_spent"] <= 0.02


def test_a_budget_needs_a_price(annotate):
    with ChatServer() as server, pytest.raises(InputError, match="price of 'm'"):
        annotate(server, 1, price=None, budget=1.0)


def test_three_tiers_in_one_call_write_the_same_rows(annotate, rows):
    with ChatServer(script=all_tiers) as server:
        tally = annotate(server, 5, tiers_per_call="all")
        assert len(server.requests) == 5
    assert tally.rows == 15
    assert tally.tokens_in == 500
    assert tally.cost == pytest.approx(5 * 0.0003)
    assert {row.answer for row in rows()} == {f"{GOOD} ({tier})" for tier in ("fewwords", "sentence", "detail")}


@pytest.mark.parametrize(
    "scripted",
    [error(400, "response_format is not supported"), "no JSON at all", '{"fewwords": "cut', '{"other": 1}'],
)
def test_without_structured_output_each_tier_is_asked_for(annotate, rows, scripted):
    def script(asked):
        if not asked.tiers:
            return GOOD
        return error(400, "response_format is not supported") if not isinstance(scripted, str) else scripted

    with ChatServer(script=script) as server:
        assert annotate(server, 3, tiers_per_call="all").rows == 9
    assert {row.answer for row in rows()} == {GOOD}


@pytest.mark.parametrize(
    "reply",
    [
        error(400, "structured outputs are not supported by this model"),
        error(404, "No endpoints found that support the requested parameter: structured_outputs"),
        error(500, "guided_json is not available"),
        error(422, "response_format: extra fields not permitted"),
        web.json_response({"error": {"message": "response_format is not supported", "code": 400}}),
    ],
)
def test_a_server_that_takes_no_schema_is_asked_once_for_it(annotate, rows, caplog, reply):
    def script(asked):
        return (
            web.Response(body=reply.body, status=reply.status, content_type="application/json") if asked.tiers else GOOD
        )

    with ChatServer(script=script) as server:
        assert annotate(server, 8, tiers_per_call="all", concurrency=1).rows == 24
        assert len(server.requests) == 25
    assert {row.answer for row in rows()} == {GOOD}
    assert [record.message for record in caplog.records if "each tier is asked for by itself" in record.message] == [
        caplog.records[-1].message
    ]


def test_a_model_that_writes_no_json_is_not_asked_for_it_for_ever(annotate, rows, caplog):
    with ChatServer() as server:
        assert annotate(server, 8, tiers_per_call="all", concurrency=1).rows == 24
        assert len(server.requests) == 27
    assert "3 structured answers had no tier in them: from here on, each tier is asked for by itself" in caplog.messages


@pytest.mark.parametrize(
    "form",
    [
        "```json\n{}\n```",
        "Here are the three explanations:\n\n{}",
        "<think>three tiers</think>{}",
        "[{}]",
        '{{"tiers": {}}}',
    ],
)
def test_a_structured_answer_is_read_in_any_form(annotate, rows, form):
    with ChatServer(script=lambda asked: form.format(all_tiers(asked))) as server:
        annotate(server, 3, tiers_per_call="all")
        assert len(server.requests) == 3
    assert {row.answer for row in rows()} == {f"{GOOD} ({tier})" for tier in ("fewwords", "sentence", "detail")}


def test_one_tier_missing_in_a_structured_answer_is_asked_for_alone(annotate, rows):
    def script(asked):
        return json.dumps({"fewwords": "A.", "sentence": "I'm sorry, but I can't do it."}) if asked.tiers else GOOD

    with ChatServer(script=script) as server:
        annotate(server, 1, tiers_per_call="all")
        assert len(server.requests) == 3
    assert {row.tier: row.answer for row in rows()} == {"fewwords": "A.", "sentence": GOOD, "detail": GOOD}


def test_further_fields_go_into_the_request(annotate):
    with ChatServer() as server:
        annotate(server, 1, ("detail",), extra_body={"top_k": 5, "max_tokens": 7}, seed=None, temperature=0.0)
        (body,) = server.requests
    assert (body["top_k"], body["max_tokens"], body["temperature"]) == (5, 7, 0.0)
    assert "seed" not in body


def test_the_key_reaches_the_server_and_nothing_else(annotate, rows, tmp_path, capsys):
    key = "sk-secret-key-0123"

    def script(asked):
        echo = f"Incorrect API key provided: {key}, see sk-secre*****0123"
        return error(401, echo) if asked.number else GOOD

    with ChatServer(script=script) as server:
        with pytest.raises(WorkError) as caught:
            annotate(server, 3, key=key, concurrency=1)
        assert server.keys[f"Bearer {key}"] >= 1
    everything = str(caught.value) + "".join(path.read_text() for path in tmp_path.iterdir() if path.is_file())
    assert "secret" not in everything
    assert "0123" not in everything
