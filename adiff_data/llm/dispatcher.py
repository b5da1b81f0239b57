"""Asking a model many things at once: limits, retries and money are seen to here, whatever is asked."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from adiff_data.core.errors import WorkError
from adiff_data.llm.client import Client, FatalServerError, RejectedRequest, TransientError
from adiff_data.llm.dialogue import Dialogue
from adiff_data.llm.ledger import Ledger, Reservation
from adiff_data.llm.options import ModelOptions, RunOptions
from adiff_data.llm.prices import Price
from adiff_data.llm.rate_limiter import RateLimiter, Stopped
from adiff_data.llm.reply import Reply
from adiff_data.llm.request import Request

_GO_ON = "what is done is written; the same command goes on"
_MOST_FAILURES = 8  # a request that the server fails at so often, while it answers others, is given up
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 60.0  # seconds
_FIRST_PATIENCE = 60.0  # seconds for a server that has not answered once: it is probably not there
_REJECTED_FROM_THE_START = 5  # so many requests rejected and none answered: the run is at fault, not they


class _Postponed(Exception):
    """The server fails at a request and answers no other either: those that come later may tell which is to blame."""

    def __init__(self, answered_before: int) -> None:
        super().__init__()
        self.answered_before = answered_before


class Dispatcher:
    """Carries on many dialogues with one model at once.

    Args:
        client: the client of its server.
        model, options: how it is asked.
        price: what its tokens cost, where that is known.
        ledger: holds the money; one without a budget where none is given.
    """

    def __init__(
        self,
        client: Client,
        model: ModelOptions,
        options: RunOptions,
        *,
        price: Price | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self._client, self._model, self._options, self._price = client, model, options, price
        self._ledger = ledger or Ledger(options.budget)
        self._limiter = RateLimiter(options.concurrency, rpm=options.rpm, tpm=options.tpm)
        self._postponed: deque[tuple[Dialogue, int]] = deque()
        self._answered = self._rejected = 0
        self._last_answer = time.monotonic()
        self._error: Exception | None = None

    async def run(self, dialogues: Iterable[Dialogue]) -> None:
        """Carries on all dialogues to their end, or as many as the end of the run allows.

        Dialogues are taken from the iterable as slots become free, so that it may be lazy.

        Raises:
            BudgetExhausted: the budget does not allow the next request.
            WorkError: the server takes no request of this run, or has not answered for too long.
            Exception: whatever a dialogue, or the iterable, raised first.
                In every case the requests in flight are finished first.
        """
        waiting = iter(dialogues)
        async with asyncio.TaskGroup() as group:
            for _ in range(self._options.concurrency):
                group.create_task(self._work(waiting))
        if self._error:
            raise self._error

    def stop(self) -> None:
        """Sends no further request; those in flight are finished."""
        self._limiter.stop()

    async def _work(self, waiting: Iterator[Dialogue]) -> None:
        """One of the workers: takes up one dialogue after the other."""
        try:
            for dialogue, answered_before in self._with_postponed(waiting):
                if self._limiter.stopped:
                    return
                await self._carry_on(dialogue, answered_before)
        except Stopped:
            return
        except Exception as error:  # ends the run in good order; `run` raises it
            self._error = self._error or error
            self.stop()

    def _with_postponed(self, waiting: Iterator[Dialogue]) -> Iterator[tuple[Dialogue, int | None]]:
        """The dialogues, then those that were postponed, with the number of answers when their trouble began."""
        for dialogue in waiting:
            yield dialogue, None
        while self._postponed:
            yield self._postponed.popleft()

    async def _carry_on(self, dialogue: Dialogue, answered_before: int | None) -> None:
        while (request := dialogue.next_request()) is not None:
            try:
                reply = await self._send(request, answered_before)
            except RejectedRequest as error:
                self._count_rejection(request, error)
                dialogue.take_rejection(error.reason)
            except _Postponed as postponed:
                self._postponed.append((dialogue, postponed.answered_before))
                return
            else:
                dialogue.take_reply(reply)
            answered_before = None

    async def _send(self, request: Request, answered_before: int | None) -> Reply:
        """Sends one request until the server takes it, backing off while it cannot.

        Raises:
            RejectedRequest: the server will not take it, or fails at it every time while it answers others.
            _Postponed: it fails every time, and answers nobody else either.
            Stopped: the run is ending.
            WorkError: the run has no hope.
        """
        body = request.body(self._model)
        before = self._answered if answered_before is None else answered_before
        failures = 0
        while True:
            try:
                return await self._send_once(body, request)
            except FatalServerError as error:
                raise WorkError(f"the server takes no request: {error.reason}", mend=_GO_ON) from None
            except TransientError as error:
                last, failures = error, failures + 1
            self._require_patience(last)
            if failures >= _MOST_FAILURES:
                if self._answered > before:
                    raise RejectedRequest(f"the server failed {failures} times, at last: {last.reason}")
                raise _Postponed(before)
            await self._limiter.sleep(random.uniform(0, min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** (failures - 1))))

    async def _send_once(self, body: dict[str, Any], request: Request) -> Reply:
        async with self._limiter.slot(request.expected_tokens_in + request.expected_tokens) as slot:
            with await self._reserve(request) as reservation:
                try:
                    reply = await self._client.complete(body)
                except TransientError as error:
                    self._limiter.failed(error.retry_after)
                    if not error.maybe_billed:
                        reservation.not_billed()
                    raise
                except (RejectedRequest, FatalServerError):
                    reservation.not_billed()
                    raise
                if reply.counted:
                    slot.used_tokens = reply.tokens_in + reply.tokens_out
                    reservation.answered(self._price.of(reply.tokens_in, reply.tokens_out) if self._price else 0.0)
        self._answered += 1
        self._last_answer = time.monotonic()
        self._limiter.succeeded()
        return reply

    async def _reserve(self, request: Request) -> Reservation:
        """Sets money aside for a request, waiting for what requests in flight may give back."""
        most = 0.0
        if self._price:
            most = self._price.of(request.most_tokens_in, request.most_tokens_out(self._model))
        while (reservation := self._ledger.reserve(most)) is None:
            await self._ledger.wait_for_settlement()
            if self._limiter.stopped:
                raise Stopped
        return reservation

    def _require_patience(self, last: TransientError) -> None:
        quiet = time.monotonic() - self._last_answer
        if quiet > (self._options.patience if self._answered else min(self._options.patience, _FIRST_PATIENCE)):
            raise WorkError(f"no answer for {quiet:.0f} s, at last: {last.reason}", mend=_GO_ON)

    def _count_rejection(self, request: Request, error: RejectedRequest) -> None:
        """Ends the run where the server rejects everything from the start.

        A request for structured output does not count: a server may reject it for its schema alone, and answer the
        plain requests that follow.
        """
        if request.response_format is not None:
            return
        self._rejected += 1
        if self._answered == 0 and self._rejected >= _REJECTED_FROM_THE_START:
            raise WorkError(f"the server rejects every request: {error.reason}", mend="change the request")
