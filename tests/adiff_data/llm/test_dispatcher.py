"""Many dialogues at once, whatever they ask: no money is passed, nothing hangs, errors end the run in good order.

The client is one of this file's own, since the latencies, costs and faults of a run are drawn here by the thousand;
tests/adiff_data/annotation/test_asking.py asks a server over HTTP.
"""

import asyncio
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.core.errors import WorkError
from adiff_data.llm import (
    BudgetExhausted,
    Dispatcher,
    FatalServerError,
    Ledger,
    ModelOptions,
    Price,
    Question,
    RejectedRequest,
    Reply,
    Request,
    RunOptions,
    TransientError,
    dispatcher,
)

PRICE = Price(input=3.0, output=7.0)
MODEL = ModelOptions(model="m")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(dispatcher, "_FIRST_BACKOFF", 0.0)
    monkeypatch.setattr(dispatcher, "_LONGEST_BACKOFF", 0.0)


class RandomClient:
    """Answers, fails and takes its time at random; knows what it would bill."""

    def __init__(self, seed: int, faults: float) -> None:
        self.billed, self._stream, self._faults = 0.0, random.Random(seed), faults

    async def complete(self, body: dict) -> Reply:
        stream = self._stream
        tokens_in = stream.randint(0, len(body["messages"][0]["content"]))
        tokens_out = stream.randint(0, body["max_completion_tokens"])
        cost = PRICE.of(tokens_in, tokens_out)
        for _ in range(stream.randint(0, 3)):
            await asyncio.sleep(0)
        if stream.random() < self._faults:
            fault = stream.choice(("busy", "dropped", "rejected"))
            if fault == "busy":
                raise TransientError("busy")
            if fault == "rejected":
                raise RejectedRequest("too long")
            self.billed += cost * stream.randint(0, 1)
            raise TransientError("connection lost", maybe_billed=True)
        self.billed += cost
        if stream.random() < 0.1:
            return Reply("yes", "stop", 0, 0, counted=False)
        return Reply(stream.choice(("yes", "")), "stop", tokens_in, tokens_out)


def questions(count: int, outcomes: list, max_attempts: int = 2):
    for number in range(count):
        request = Request([{"role": "user", "content": f"{number}" * (number % 7 + 1)}], 5 + number % 11, 5)
        yield Question(request, max_attempts=max_attempts, price=PRICE, finish=outcomes.append)


@given(
    seed=st.integers(0, 2**32),
    budget=st.integers(0, 3000).map(lambda millionths: millionths / 10**6),
    faults=st.sampled_from([0.0, 0.2, 0.6]),
    concurrency=st.integers(1, 12),
)
@settings(max_examples=60, deadline=None)
def test_whatever_happens_the_budget_is_kept_and_the_run_ends(seed, budget, faults, concurrency):
    client, ledger, outcomes = RandomClient(seed, faults), Ledger(budget), []
    random.seed(seed)

    async def play() -> bool:
        run = Dispatcher(client, MODEL, RunOptions(concurrency=concurrency), price=PRICE, ledger=ledger)
        with suppress(BudgetExhausted, WorkError):  # or every request so far was rejected
            await asyncio.wait_for(run.run(questions(40, outcomes)), 20)
            return True
        return False

    finished = asyncio.run(play())
    assert ledger.in_flight == 0
    assert client.billed <= ledger.spent + ledger.possibly_billed + 1e-12
    assert ledger.spent + ledger.possibly_billed <= budget + 1e-12
    assert len(outcomes) <= 40
    if finished:
        assert len(outcomes) == 40


class Scripted:
    """Raises or returns what a function makes of the number of the request."""

    def __init__(self, script) -> None:
        self.script, self.requests, self.finished = script, 0, 0

    async def complete(self, body: dict) -> Reply:
        number, self.requests = self.requests, self.requests + 1
        await asyncio.sleep(0.002)
        result = self.script(number)
        self.finished += 1
        if isinstance(result, Exception):
            raise result
        return result


YES = Reply("yes", "stop", 1, 1)


def run(client, dialogues, **options):
    asyncio.run(Dispatcher(client, MODEL, RunOptions(**options)).run(dialogues))


def test_an_error_of_a_callback_is_raised_as_it_is_and_what_is_in_flight_is_finished():
    client, finished = Scripted(lambda number: YES), []

    def finish(outcome) -> None:
        finished.append(outcome)
        if len(finished) == 5:
            raise ZeroDivisionError("of the caller")

    request = Request([{"role": "user", "content": "?"}], 5, 5)
    dialogues = (Question(request, max_attempts=1, price=None, finish=finish) for _ in range(100))
    with pytest.raises(ZeroDivisionError, match="of the caller"):
        run(client, dialogues, concurrency=4)
    assert client.finished == client.requests == len(finished) < 20


def test_an_error_of_the_iterable_is_raised_as_it_is():
    def broken():
        yield from questions(3, outcomes)
        raise LookupError("of the file")

    outcomes: list = []
    with pytest.raises(LookupError, match="of the file"):
        run(Scripted(lambda number: YES), broken(), concurrency=2)
    assert len(outcomes) >= 2


def test_a_fatal_error_stops_the_run_at_once():
    client = Scripted(lambda number: FatalServerError("401: bad key"))
    with pytest.raises(WorkError, match="takes no request: 401: bad key"):
        run(client, questions(50, []), concurrency=3)
    assert client.requests <= 3


def test_dialogues_that_fail_are_postponed_until_others_are_answered():
    """The server breaks at the first dialogue for as long as it is asked; the others show that it is to blame alone."""

    class BreaksAtZero:
        async def complete(self, body: dict) -> Reply:
            await asyncio.sleep(0)
            if body["messages"][0]["content"] == "0":
                raise TransientError("500: boom")
            return YES

    outcomes: list = []
    run(BreaksAtZero(), questions(4, outcomes), concurrency=1)
    assert [outcome.failure for outcome in outcomes[:3]] == [None] * 3
    assert outcomes[3].failure == "the server failed 8 times, at last: 500: boom"


def test_a_structured_request_that_is_rejected_does_not_count_against_the_run():
    outcomes: list = []
    structured = Request([{"role": "user", "content": "?"}], 5, 5, response_format={"type": "json_schema"})
    dialogues = (Question(structured, max_attempts=1, price=None, finish=outcomes.append) for _ in range(9))
    run(Scripted(lambda number: RejectedRequest("400: no schema")), dialogues)
    assert [outcome.failure for outcome in outcomes] == ["400: no schema"] * 9
