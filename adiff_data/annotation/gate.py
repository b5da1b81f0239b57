"""Who may send a request now: concurrency that adapts, requests and tokens a minute, and the budget."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adiff_data.annotation.options import RunOptions

_FALL, _LEAST = 0.7, 1.0
_LOOK_AGAIN = 0.25
_FALL_PAUSE = 1.0  # seconds in which one burst of faults counts once


class Stopped(Exception):
    """The run is ending: no further request may be sent."""


@dataclass
class Ticket:
    """One request in flight: what is set aside for it, and, once it is known, what it used."""

    tokens: int
    cost: float
    used_tokens: int | None = None
    used_cost: float | None = None


class PerMinute:
    """An allowance that fills evenly: what is taken must have filled again before more may be taken."""

    def __init__(self, limit: float) -> None:
        self._rate = limit / 60
        self._level, self._at = 0.0, time.monotonic()

    def wait(self) -> float:
        """Seconds until something may be taken; 0 if now."""
        now = time.monotonic()
        if self._level < 0:
            self._level = min(0.0, self._level + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, -self._level / self._rate)

    def take(self, amount: float) -> None:
        """Takes `amount` (a negative one gives back); the allowance may fall below zero and must fill again."""
        self._level -= amount


class Gate:
    """Lets requests through one by one, in the order they came.

    Args:
        options: the limits.
        spent: US dollars spent before this run.
    """

    def __init__(self, options: RunOptions, spent: float = 0.0) -> None:
        self.limit = float(options.concurrency)
        self.in_flight = 0
        self.spent = spent
        self.over_budget = False
        self._most = float(options.concurrency)
        self._budget = options.budget
        self._reserved = 0.0
        self._requests = PerMinute(options.rpm) if options.rpm else None
        self._tokens = PerMinute(options.tpm) if options.tpm else None
        self._closed_until = 0.0
        self._fell_at = 0.0
        self._stopped = asyncio.Event()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def stopped(self) -> bool:
        """Whether the run is ending."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Lets nobody through any more; what is in flight ends as it does."""
        self._stopped.set()
        while self._waiting:
            self._wake_one()

    @asynccontextmanager
    async def request(self, tokens: int, cost: float) -> AsyncIterator[Ticket]:
        """Waits for a turn, and holds it for one request.

        Args:
            tokens: what the request will use about; cost: what it may cost at most. What it did is set on the
            ticket.

        Raises:
            Stopped: the run is ending, or the budget does not allow the request.
        """
        await self._enter(cost)
        ticket = Ticket(tokens, cost)
        self._reserved += cost
        if self._requests:
            self._requests.take(1)
        if self._tokens:
            self._tokens.take(tokens)
        try:
            yield ticket
        finally:
            self._leave(ticket)

    def succeeded(self) -> None:
        """After a request that was answered: a little more concurrency, up to the most."""
        if self.limit < self._most:
            self.limit = min(self._most, self.limit + 1 / self.limit)
            self._wake_one()

    def failed(self, retry_after: float | None) -> None:
        """After a request that the server could not take: less concurrency, and the pause it asked for."""
        now = time.monotonic()
        if retry_after:
            self._closed_until = max(self._closed_until, now + retry_after)
        if now - self._fell_at >= _FALL_PAUSE:
            self.limit, self._fell_at = max(_LEAST, self.limit * _FALL), now

    async def sleep(self, seconds: float) -> None:
        """Waits, but not beyond the end of the run.

        Raises:
            Stopped: the run is ending.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        except TimeoutError:
            return
        raise Stopped

    async def _enter(self, cost: float) -> None:
        self.in_flight += 1
        if self.in_flight > self.limit or self._waiting or self.stopped:
            self.in_flight -= 1
            await self._queue()
        try:
            while (pause := self._pause()) > 0:
                await self.sleep(min(pause, _LOOK_AGAIN))  # tokens may be given back meanwhile
            await self._afford(cost)
            if self.stopped:
                raise Stopped
        except BaseException:
            self._step_out()
            raise

    async def _queue(self) -> None:
        while True:
            if self.stopped:
                raise Stopped
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
            if not self.stopped and self.in_flight < self.limit:
                self.in_flight += 1
                return

    async def _afford(self, cost: float) -> None:
        """Waits for the money that requests in flight may give back, where the budget does not hold another."""
        if self._budget is None:
            return
        while self.spent + self._reserved + cost > self._budget:
            if self._reserved <= 0:
                self.over_budget = True
                self.stop()
                raise Stopped
            await self.sleep(0.02)

    def _pause(self) -> float:
        waits = [self._closed_until - time.monotonic()]
        waits += [allowance.wait() for allowance in (self._requests, self._tokens) if allowance]
        return max(waits)

    def _leave(self, ticket: Ticket) -> None:
        self._reserved -= ticket.cost
        self.spent += ticket.used_cost if ticket.used_cost is not None else 0.0
        if self._tokens and ticket.used_tokens is not None:
            self._tokens.take(ticket.used_tokens - ticket.tokens)
        self._step_out()

    def _step_out(self) -> None:
        self.in_flight -= 1
        if self.in_flight < self.limit:
            self._wake_one()

    def _wake_one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
