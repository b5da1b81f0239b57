"""Who may send a request now: a concurrency that adapts to the server, and requests and tokens a minute."""

import asyncio
import time
from collections import deque
from typing import Self

_DECREASE, _LEAST = 0.7, 1.0  # the limit is multiplied by the first, and never falls below the second
_LONGEST_PAUSE = 0.25  # seconds until a waiting request looks again: tokens may have been given back
_BURST = 1.0  # seconds in which several failures count as one


class Stopped(Exception):
    """The run is ending: no further request may be sent."""


class Slot:
    """The right to have one request in flight; an async context manager around the request.

    Attributes:
        used_tokens: what the request used, set by the holder once it is known.

    Raises:
        Stopped: the run is ending.
    """

    def __init__(self, limiter: "RateLimiter", expected_tokens: int) -> None:
        self._limiter, self._expected_tokens = limiter, expected_tokens
        self.used_tokens: int | None = None

    async def __aenter__(self) -> Self:
        await self._limiter._enter(self._expected_tokens)
        return self

    async def __aexit__(self, *_: object) -> None:
        used = self._expected_tokens if self.used_tokens is None else self.used_tokens
        self._limiter._leave(used - self._expected_tokens)


class TokenBucket:
    """A token bucket that may go into debt: whoever comes next waits until the debt is paid off.

    Args:
        per_minute: how much of a debt is paid off in a minute. Nothing is saved up while nobody takes anything.
    """

    def __init__(self, per_minute: float) -> None:
        self._rate = per_minute / 60
        self._level, self._updated = 0.0, time.monotonic()

    def wait(self) -> float:
        """Seconds until something may be taken; 0 if that is now."""
        self._refill()
        return max(0.0, -self._level / self._rate)

    def take(self, amount: float) -> None:
        """Takes `amount`, going into debt if need be; a negative amount is given back."""
        self._refill()
        self._level -= amount

    def _refill(self) -> None:
        now = time.monotonic()
        if self._level < 0:
            self._level = min(0.0, self._level + (now - self._updated) * self._rate)
        self._updated = now


class RateLimiter:
    """Hands out slots for requests, first come, first served.

    The concurrency adapts as in TCP: a failure multiplies the limit by 0.7, and a whole round of answers adds one.

    Args:
        concurrency: requests in flight at most.
        rpm, tpm: requests and tokens a minute at most; None is no limit.
        first: requests in flight at most until the first one is answered.

    Attributes:
        limit: requests that may be in flight at the moment, from 1 to `concurrency`.
        in_flight: slots that are held.
    """

    def __init__(
        self, concurrency: int, *, rpm: float | None = None, tpm: float | None = None, first: int | None = None
    ) -> None:
        self.limit = float(min(concurrency, first or concurrency))
        self._has_answer = first is None
        self.in_flight = 0
        self._most = float(concurrency)
        self._requests = TokenBucket(rpm) if rpm else None
        self._tokens = TokenBucket(tpm) if tpm else None
        self._closed_until = 0.0
        self._decreased_at = 0.0
        self._stopped = asyncio.Event()
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def stopped(self) -> bool:
        """Whether the run is ending."""
        return self._stopped.is_set()

    @property
    def idle(self) -> bool:
        """Whether no slot is held or waited for."""
        return self.in_flight == 0 and not self._queue

    @property
    def load(self) -> float:
        """How much of the limit one more request would use, those that wait included."""
        return (self.in_flight + len(self._queue) + 1) / self.limit

    @property
    def pause_left(self) -> float:
        """Seconds until a slot may be handed out, as far as the server's wishes and the limits a minute go."""
        return max(0.0, self._pause())

    def stop(self) -> None:
        """Hands out no more slots; requests in flight end as they do."""
        self._stopped.set()
        while self._queue:
            self._wake_next()

    def slot(self, expected_tokens: int) -> Slot:
        """A slot for one request, which is waited for where the block begins.

        Args:
            expected_tokens: what the request will probably use; the difference from what it did is settled at the end.
        """
        return Slot(self, expected_tokens)

    def succeeded(self) -> None:
        """Tells that a request was answered: the limit grows a little."""
        if not self._has_answer:
            self._has_answer, self.limit = True, self._most
            for _ in range(len(self._queue)):
                self._wake_next()
        elif self.limit < self._most:
            self.limit = min(self._most, self.limit + 1 / self.limit)
            self._wake_next()

    def failed(self, retry_after: float | None) -> None:
        """Tells that the server could not take a request: the limit falls.

        Args:
            retry_after: seconds for which the server asks to be left alone; this holds for all requests.
        """
        now = time.monotonic()
        if retry_after:
            self.pause(retry_after)
        if now - self._decreased_at >= _BURST:
            self.limit, self._decreased_at = max(_LEAST, self.limit * _DECREASE), now

    def pause(self, seconds: float) -> None:
        """Hands out no slot for so long."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)

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

    async def _enter(self, expected_tokens: int) -> None:
        if self.in_flight + 1 > self.limit or self._queue or self.stopped:
            await self._wait_in_queue()
        else:
            self.in_flight += 1
        try:
            while (pause := self._pause()) > 0:
                await self.sleep(min(pause, _LONGEST_PAUSE))
            if self.stopped:
                raise Stopped
        except BaseException:
            self._leave(0)
            raise
        if self._requests:
            self._requests.take(1)
        if self._tokens:
            self._tokens.take(expected_tokens)

    async def _wait_in_queue(self) -> None:
        while True:
            if self.stopped:
                raise Stopped
            turn = asyncio.get_running_loop().create_future()
            self._queue.append(turn)
            await turn
            if not self.stopped and self.in_flight < self.limit:
                self.in_flight += 1
                return

    def _pause(self) -> float:
        waits = [self._closed_until - time.monotonic()]
        waits += [bucket.wait() for bucket in (self._requests, self._tokens) if bucket]
        return max(waits)

    def _leave(self, further_tokens: int) -> None:
        """Gives a slot back; `further_tokens` were used beyond those expected (negative: fewer)."""
        if self._tokens and further_tokens:
            self._tokens.take(further_tokens)
        self.in_flight -= 1
        if self.in_flight < self.limit:
            self._wake_next()

    def _wake_next(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
