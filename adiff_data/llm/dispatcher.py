"""Asking a model many things at once: limits, retries and money are seen to here, whatever is asked."""

import asyncio
import logging
import math
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from adiff_data.core.errors import WorkError
from adiff_data.llm.audio_refusals import NO_AUDIO_MEND, takes_no_audio
from adiff_data.llm.client import Client
from adiff_data.llm.dialogue import Dialogue
from adiff_data.llm.ledger import Ledger, Reservation
from adiff_data.llm.options import ModelOptions, RunOptions
from adiff_data.llm.prices import Price
from adiff_data.llm.rate_limiter import Stopped
from adiff_data.llm.reply import Reply
from adiff_data.llm.request import Request, most_cost
from adiff_data.llm.server_errors import (
    BusyServer,
    FatalServerError,
    RejectedRequest,
    ServerError,
    TransientError,
    UnreachableServer,
)
from adiff_data.llm.server_pool import Server, ServerPool
from adiff_data.llm.structured import is_unsupported
from adiff_data.llm.token_counts import with_audio_tokens, with_estimates

_log = logging.getLogger(__name__)
_GO_ON = "what is done is written; the same command goes on"
_MOST_FAILURES = 8  # a request that the server fails at so often, while it answers others, is given up
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 60.0  # seconds
_LONGEST_BUSY_BACKOFF = 15.0  # seconds: a busy server answers somebody, and tells sooner when it answers again
_PATIENCE = 600.0  # seconds, unless the options say
_FIRST_PATIENCE = 180.0  # seconds for a server that was never heard of: longer than most take to load a model
_WORTH_TELLING = 1.0  # seconds of a wait
_REJECTED_FROM_THE_START = 5  # so many requests rejected and none answered: the run is at fault, not they


class _Postponed(Exception):
    """The server fails at a request and answers no other either: those that come later may tell which is to blame."""

    def __init__(self, answered_before: int) -> None:
        super().__init__()
        self.answered_before = answered_before


class Dispatcher:
    """Carries on many dialogues with one model at once.

    A server that takes no further request ends the run, or is dropped with a warning where others are left.

    Args:
        clients: the client of its server, or those of several, over which the requests are spread.
        model, options: how it is asked.
        price: what its tokens cost, where that is known.
        ledger: holds the money; one without a budget where none is given.
        tell: takes a line on why the run waits.
    """

    def __init__(
        self,
        clients: Client | Sequence[Client],
        model: ModelOptions,
        options: RunOptions,
        *,
        price: Price | None = None,
        ledger: Ledger | None = None,
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._model, self._options, self._price = model, options, price
        self._pool = ServerPool(clients if isinstance(clients, Sequence) else [clients], options)
        self._ledger = ledger or Ledger(options.budget)
        self._tell = tell
        self._has_overrun = self._has_estimated = False
        self._postponed: deque[tuple[Dialogue, int]] = deque()
        self._answered = 0
        self._error: Exception | None = None
        self.stopped = False

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
        for server in self._pool.servers:
            server.last_answer = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for _ in range(self._options.concurrency):
                group.create_task(self._work(waiting))
        if self._error:
            raise self._error

    def stop(self) -> None:
        """Sends no further request; those in flight are finished."""
        self.stopped = True
        for server in self._pool.servers:
            server.limiter.stop()

    @property
    def left_out(self) -> list[str]:
        """The fields that a server does not take, as far as is known."""
        return list(dict.fromkeys(name for server in self._pool.servers for name in server.accepted.left_out))

    async def _work(self, waiting: Iterator[Dialogue]) -> None:
        """One of the workers: takes up one dialogue after the other."""
        try:
            for dialogue, answered_before in self._with_postponed(waiting):
                if self.stopped:
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
                self._require_requests_that_fit(error)
                dialogue.take_rejection(error.reason)
            except _Postponed as postponed:
                self._postponed.append((dialogue, postponed.answered_before))
                return
            else:
                dialogue.take_reply(reply)
            answered_before = None

    async def _send(self, request: Request, answered_before: int | None) -> Reply:
        """Sends one request until a server takes it, backing off while none can.

        Raises:
            RejectedRequest: the server will not take it, or fails at it every time while it answers others.
            _Postponed: it fails every time, and answers nobody else either.
            Stopped: the run is ending.
            WorkError: the run has no hope.
        """
        body = request.body(self._model)
        before = self._answered if answered_before is None else answered_before
        tries = failures = 0
        failed_last: Server | None = None
        rejected_by: set[Server] = set()
        while True:
            server = self._pool.choose(failed_last)
            try:
                reply = await self._try(server, body, request)
            except RejectedRequest as error:
                if self._is_final(error, server, request, rejected_by):
                    raise
                failed_last = server
                continue
            except TransientError as error:
                last, tries, failed_last = error, tries + 1, server
            else:
                if reply is not None:
                    return reply
                continue
            failures += not isinstance(last, BusyServer | UnreachableServer)
            if not self._has_hope(server, last):
                continue
            if failures >= _MOST_FAILURES:
                raise self._blame(failures, before, last)
            if tries % len(self._pool.servers) == 0:  # else another server is tried at once
                await self._wait_before_retry(server, _backoff(last, tries))

    async def _try(self, server: Server, body: dict[str, Any], request: Request) -> Reply | None:
        """Sends a request once; None where something was learnt by which it is to be sent again, at once.

        Raises:
            TransientError, RejectedRequest, Stopped, WorkError: as `_send`.
        """
        fitted_body = server.accepted.fit(body)
        try:
            return await self._send_once(server, fitted_body, request)
        except Stopped:
            if self.stopped:
                raise
        except RejectedRequest as error:
            server.accepted.learn(error, fitted_body)
            if server.accepted.fit(body) == fitted_body:
                raise
        except FatalServerError as error:
            reason = f"the server takes no request: {error.reason}"
            self._pool.drop(server, WorkError(reason, mend=error.mend or _GO_ON))
        return None

    def _has_hope(self, server: Server, last: TransientError) -> bool:
        """Whether a server that failed may still answer; one that may not is dropped.

        Raises:
            WorkError: it was the last one.
        """
        try:
            self._require_hope(server, last)
        except WorkError as error:
            self._pool.drop(server, error)
            return False
        return True

    async def _wait_before_retry(self, server: Server, seconds: float) -> None:
        try:
            await server.limiter.sleep(seconds)
        except Stopped:
            if self.stopped:
                raise

    def _blame(self, failures: int, answered_before: int, last: TransientError) -> Exception:
        """What a request that fails every time comes to: it is to blame where others are answered meanwhile."""
        if self._answered > answered_before:
            return RejectedRequest(f"the server failed {failures} times, at last: {last.reason}")
        return _Postponed(answered_before)

    def _is_final(self, error: RejectedRequest, server: Server, request: Request, rejected_by: set[Server]) -> bool:
        """Whether a rejection is the request's fault: no server is left that may see it otherwise.

        A request for structured output does not count against the server: it may reject it for its schema alone, and
        answer the plain requests that follow.
        """
        rejected_by.add(server)
        server.rejected += request.response_format is None
        is_proven = server.answered > 0 or request.response_format is not None
        if is_proven or rejected_by.issuperset(self._pool.servers):
            return True
        if server.rejected >= _REJECTED_FROM_THE_START:
            self._pool.drop(server, WorkError(f"the server rejects every request: {error.reason}"))
        return False

    async def _send_once(self, server: Server, body: dict[str, Any], request: Request) -> Reply:
        server.note_request()
        async with server.limiter.slot(request.expected_tokens_in + request.expected_tokens) as slot:
            with await self._reserve(body, request) as reservation:
                try:
                    reply = await server.client.complete(body)
                except ServerError as error:
                    if not (isinstance(error, TransientError) and error.maybe_billed):
                        reservation.not_billed()
                    if request.response_format is not None and is_unsupported(error.reason):
                        raise RejectedRequest(error.reason) from None  # whatever the status: without it, it is answered
                    if request.audio_seconds and not server.answered and takes_no_audio(error):
                        raise FatalServerError(f"it takes no recordings ({error.reason})", mend=NO_AUDIO_MEND) from None
                    if isinstance(error, TransientError):
                        reached = not isinstance(error, UnreachableServer)
                        server.note_failure(reached=reached, retry_after=error.retry_after)
                    raise
                reply = self._settle(reply, request, reservation)
                slot.used_tokens = reply.tokens_in + reply.tokens_out
        self._note_answer(server, reply)
        return reply

    def _settle(self, reply: Reply, request: Request, reservation: Reservation) -> Reply:
        """Books what a reply cost; one whose tokens the server did not count comes back with estimates of them."""
        if not reply.counted:
            reply = with_estimates(reply, request.expected_tokens_in)
            if not self._has_estimated:
                self._has_estimated = True
                _log.warning("the server does not count tokens: they, and what they cost, are estimated from the texts")
        if request.audio_seconds:
            reply = with_audio_tokens(reply, request.expected_text_tokens)
        cost = self._price.of(reply.tokens_in, reply.tokens_out, reply.audio_tokens) if self._price else 0.0
        if reply.counted:
            reservation.answered(cost)
        else:
            reservation.estimated(cost)
        if self._ledger.learn_overrun(cost, reservation) and not self._has_overrun:
            self._has_overrun = True
            _log.warning("the server bills more than a request allows: more money is set aside from now on")
        return reply

    def _note_answer(self, server: Server, reply: Reply) -> None:
        self._answered += 1
        server.note_answer()
        if reply.pause:
            server.limiter.pause(reply.pause)
            if reply.pause >= _WORTH_TELLING:
                self._tell(f"waiting {reply.pause:.0f} s, until the server's limits allow more")

    async def _reserve(self, body: dict[str, Any], request: Request) -> Reservation:
        """Sets money aside for a request, waiting for what requests in flight may give back."""
        most = most_cost(body, self._price, request.audio_seconds)
        while (reservation := self._ledger.reserve(most)) is None:
            await self._ledger.wait_for_settlement()
            if self.stopped:
                raise Stopped
        return reservation

    def _require_hope(self, server: Server, last: TransientError) -> None:
        """Tells why the run waits, or ends it where waiting is no use, or has lasted, or would last, too long."""
        if isinstance(last, UnreachableServer) and last.hopeless and not server.heard:
            raise WorkError(last.reason, mend=last.mend)
        quiet, wait = time.monotonic() - server.last_answer, last.retry_after or 0.0
        patience = self._patience(server, last)
        if quiet > patience:
            raise WorkError(f"no answer for {quiet:.0f} s; the last try: {last.reason}", mend=last.mend or _GO_ON)
        if quiet + wait > patience:
            reason = f"the server asks to be left alone for {wait:,.0f} s: {last.reason}"
            raise WorkError(reason, mend=f"{_GO_ON} then, or waits with `patience={math.ceil(quiet + wait) + 60}`")
        if wait >= _WORTH_TELLING:
            self._tell(f"waiting {wait:.0f} s, as the server asks: {last.reason}")
        elif quiet >= _WORTH_TELLING:
            self._tell(f"no answer for {quiet:.0f} s, trying on: {last.reason}")

    def _patience(self, server: Server, last: TransientError) -> float:
        if self._options.patience is not None:
            return self._options.patience
        return _PATIENCE if server.answered or isinstance(last, BusyServer) else _FIRST_PATIENCE

    def _require_requests_that_fit(self, error: RejectedRequest) -> None:
        """Ends the run where the servers reject everything from the start."""
        rejected = max(server.rejected for server in self._pool.servers)
        if self._answered == 0 and rejected >= _REJECTED_FROM_THE_START:
            raise WorkError(f"the server rejects every request: {error.reason}", mend="change the request")


def _backoff(error: TransientError, tries: int) -> float:
    """Seconds to wait after so many tries in a row; what the server asks for itself is seen to by the limiter."""
    if error.retry_after:
        return random.uniform(0, _FIRST_BACKOFF)
    longest = _LONGEST_BUSY_BACKOFF if isinstance(error, BusyServer) else _LONGEST_BACKOFF
    return random.uniform(0, min(longest, _LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** min(tries - 1, 20)))
