"""Asking a language model many questions at once: each answer judged, each row written once."""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from adiff_data import prompts
from adiff_data.annotation.answers import Reply, clean, fault_of, split_tiers
from adiff_data.annotation.gate import Gate, Stopped
from adiff_data.annotation.options import (
    ModelOptions,
    RunOptions,
    expected_tokens_in,
    expected_tokens_out,
    llm_provenance,
    most_tokens_in,
    request_body,
    token_limit,
)
from adiff_data.annotation.prices import Price
from adiff_data.annotation.questions import Asked
from adiff_data.annotation.server import Hopeless, Rejected, Server, Trouble
from adiff_data.core.errors import WorkError
from adiff_data.records import Annotation

_GO_ON = "what is done is written; the same command goes on"
_MOST_TROUBLES = 8  # a request that the server fails at so often, while it answers others, is given up
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 60.0
_FIRST_PATIENCE = 60.0  # seconds for a server that has not answered once: it is probably not there
_REJECTED_FROM_THE_START = 5  # so many requests rejected and none answered: the fault is the run's


@dataclass
class _Spent:
    """What a question has used so far, over all its requests."""

    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def add(self, reply: Reply, cost: float) -> None:
        self.attempts += 1
        self.tokens_in += reply.tokens_in
        self.tokens_out += reply.tokens_out
        self.cost += cost


@dataclass(frozen=True)
class _Outcome:
    """An answer, or the reason why there is none."""

    text: str
    finish_reason: str | None
    failure: str | None


class _Later(Exception):
    """The question is to be asked again when others were; `answered` were when its trouble began."""

    def __init__(self, answered: int) -> None:
        super().__init__()
        self.answered = answered


class Engine:
    """One run over questions.

    Args:
        server: who is asked.
        model, run: how.
        price: of the model, where it is known.
        spent: US dollars spent on this output before: they count against the budget.
        write: takes each finished row, in the order they finish.

    Attributes:
        requests: requests sent by this run.
        spent: US dollars that the answers of this run cost.
        maybe_spent: the most that requests may have cost whose answers never came.
    """

    def __init__(
        self,
        server: Server,
        model: ModelOptions,
        run: RunOptions,
        price: Price | None,
        write: Callable[[Annotation], None],
        *,
        spent: float = 0.0,
    ) -> None:
        self.gate = Gate(run, spent)
        self.requests = 0
        self.spent = self.maybe_spent = 0.0
        self._server, self._model, self._run, self._price, self._write = server, model, run, price, write
        self._fatal: WorkError | None = None
        self._put_off: deque[Asked] = deque()
        self._answered_at: dict[str, int] = {}  # by pair: how many were answered when its trouble began
        self._answered = self._rejected = 0
        self._last_answer = time.monotonic()

    async def annotate(self, questions: Iterator[Asked]) -> None:
        """Answers all questions, or as many as the run's end allows.

        Raises:
            WorkError: the server takes no request of this run, has not answered for too long, or the file
                cannot be written. What is in flight then is finished and written first, where it can be.
        """
        async with asyncio.TaskGroup() as group:
            for _ in range(self._run.concurrency):
                group.create_task(self._work(questions))
        if self._fatal:
            raise self._fatal

    def stop(self) -> None:
        """Sends no further request; what is in flight is finished and written."""
        self.gate.stop()

    async def _work(self, questions: Iterator[Asked]) -> None:
        for question in self._with_put_off(questions):
            if self.gate.stopped:
                return
            lacking = set(question.tiers)
            try:
                async for annotation in self._answers(question):
                    self._write(annotation)
                    lacking.discard(annotation.tier)
            except _Later as later:
                left = tuple(tier for tier in question.tiers if tier in lacking)
                self._answered_at.setdefault(question.pair.id, later.answered)
                self._put_off.append(question._replace(tiers=left))
            except Stopped:
                return
            except WorkError as fault:
                self._end(fault)
                return

    def _with_put_off(self, questions: Iterator[Asked]) -> Iterator[Asked]:
        """The questions, then those that were put off."""
        yield from questions
        while self._put_off:
            yield self._put_off.popleft()

    async def _answers(self, question: Asked) -> AsyncIterator[Annotation]:
        """Yields each tier's row as soon as it is there, so that nothing paid waits for another request."""
        spent = {tier: _Spent() for tier in question.tiers}
        found: dict[str, _Outcome] = {}
        if len(question.tiers) > 1 and self._model.tiers_per_call == "all":
            spent, found = await self._ask_together(question)
        for tier, outcome in found.items():
            yield self._annotation(question, tier, outcome, spent[tier])
        for tier in question.tiers:
            if tier not in found:
                yield await self._ask_tier(question, tier, spent[tier])

    async def _ask_tier(self, question: Asked, tier: str, spent: _Spent) -> Annotation:
        """Asks for one tier until there is an answer or the attempts are used up."""
        messages = question.messages((tier,))
        outcome = _Outcome("", None, "no attempt left")
        if not spent.attempts:
            spent.began = time.monotonic()
        for attempt in range(self._run.max_attempts):
            try:
                reply = await self._send(question, messages, (tier,), attempt, spent)
            except Rejected as fault:
                outcome = _Outcome("", None, self._rejection(fault))
                break
            text = clean(reply.text)
            failure = fault_of(reply, text)
            outcome = _Outcome("" if failure else text, reply.finish_reason, failure)
            if failure is None:
                break
        return self._annotation(question, tier, outcome, spent)

    async def _ask_together(self, question: Asked) -> tuple[dict[str, _Spent], dict[str, _Outcome]]:
        """Asks for all tiers in one structured answer: what each tier's part cost, and the answers found in it."""
        messages = question.messages(question.tiers)
        spent = _Spent()
        found: dict[str, _Outcome] = {}
        try:
            reply = await self._send(question, messages, question.tiers, 0, spent)
        except Rejected as fault:
            if not fault.schema:
                self._rejection(fault)
        else:
            answers = split_tiers(clean(reply.text), question.tiers)
            found = {
                tier: _Outcome(text, reply.finish_reason, None)
                for tier, text in answers.items()
                if fault_of(reply, text) is None
            }
        return _shared(spent, question.tiers), found

    async def _send(
        self, question: Asked, messages: prompts.Messages, tiers: tuple[str, ...], attempt: int, spent: _Spent
    ) -> Reply:
        """Sends one request until the server takes it, backing off while it cannot.

        Raises:
            Rejected: the server will not take it, or fails at it every time while it answers others.
            _Later: it fails every time and answers nobody else either: other questions may tell why.
            Stopped: the run is ending.
            WorkError: the run is hopeless.
        """
        body = request_body(self._model, messages, tiers, attempt)
        answered, troubles = self._answered_at.get(question.pair.id, self._answered), 0
        while True:
            try:
                return await self._try_once(body, messages, tiers, spent)
            except Hopeless as fault:
                raise WorkError(f"the server takes no request: {fault.reason}", mend=_GO_ON) from None
            except Trouble as fault:
                trouble, troubles = fault, troubles + 1
            self._require_patience(trouble)
            if troubles >= _MOST_TROUBLES:
                if self._answered > answered:
                    raise Rejected(f"the server failed {troubles} times, at last: {trouble.reason}")
                raise _Later(answered)
            longest = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** (troubles - 1))
            await self.gate.sleep(random.uniform(0, longest))

    async def _try_once(
        self, body: dict[str, Any], messages: prompts.Messages, tiers: tuple[str, ...], spent: _Spent
    ) -> Reply:
        most_cost = self._price.of(most_tokens_in(messages), token_limit(tiers)) if self._price else 0.0
        tokens = expected_tokens_in(messages) + expected_tokens_out(tiers)
        async with self.gate.request(tokens, most_cost) as ticket:
            self.requests += 1
            try:
                reply = await self._server.ask(body)
            except Trouble as fault:
                self.gate.failed(fault.retry_after)
                if fault.maybe_billed:  # counted against the budget, but not as what a row cost
                    ticket.used_cost = most_cost
                    self.maybe_spent += most_cost
                raise
            ticket.used_tokens = reply.tokens_in + reply.tokens_out
            ticket.used_cost = self._price.of(reply.tokens_in, reply.tokens_out) if self._price else 0.0
            spent.add(reply, ticket.used_cost)
            self.spent += ticket.used_cost
        self._answered += 1
        self._last_answer = time.monotonic()
        self.gate.succeeded()
        return reply

    def _require_patience(self, trouble: Trouble) -> None:
        quiet = time.monotonic() - self._last_answer
        if quiet > (self._run.patience if self._answered else min(self._run.patience, _FIRST_PATIENCE)):
            raise WorkError(f"no answer for {quiet:.0f} s, at last: {trouble.reason}", mend=_GO_ON)

    def _rejection(self, fault: Rejected) -> str:
        """The reason for the row; for the run, where the server rejects everything from the start."""
        self._rejected += 1
        if self._answered == 0 and self._rejected >= _REJECTED_FROM_THE_START:
            raise WorkError(f"the server rejects every request: {fault.reason}", mend="change the request")
        return fault.reason

    def _end(self, fault: WorkError) -> None:
        self._fatal = self._fatal or fault
        self.gate.stop()

    def _annotation(self, question: Asked, tier: str, outcome: _Outcome, spent: _Spent) -> Annotation:
        provenance = llm_provenance(
            self._model,
            attempts=spent.attempts,
            finish_reason=outcome.finish_reason,
            tokens_in=spent.tokens_in,
            tokens_out=spent.tokens_out,
            cost=spent.cost if self._price else None,
            seconds=round(time.monotonic() - spent.began, 3),
            failure=outcome.failure,
        )
        return question.annotation(tier, outcome.text, provenance)


def _shared(spent: _Spent, tiers: tuple[str, ...]) -> dict[str, _Spent]:
    """One question's use divided among its tiers: whole tokens, no part lost."""

    def part(total: int, place: int) -> int:
        return total // len(tiers) + (place < total % len(tiers))

    return {
        tier: _Spent(
            attempts=spent.attempts,
            tokens_in=part(spent.tokens_in, place),
            tokens_out=part(spent.tokens_out, place),
            cost=spent.cost / len(tiers),
            began=spent.began,
        )
        for place, tier in enumerate(tiers)
    }
