"""Reading the body of a request: counted before it is kept, and never more of it than is granted."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.requests import ClientDisconnect, Request

from adiff_model.serving.limits import MIB, ServingLimits
from adiff_model.serving.refusals import Refusal

_LINGER_SECONDS = 3.0


class Account:
    """The bytes that are held for all requests together."""

    def __init__(self, limit: int) -> None:
        self._limit, self.held = limit, 0

    @contextmanager
    def open(self) -> Iterator["Holding"]:
        """Yields what one request holds, and lets it go."""
        holding = Holding(self)
        try:
            yield holding
        finally:
            holding.hold(0)

    def change(self, count: int) -> None:
        """Holds `count` more bytes.

        Raises:
            Refusal: it would be too many.
        """
        if count > 0 and self.held + count > self._limit:
            raise Refusal(503, "the server holds as much audio as it can; try again a little later", "overloaded")
        self.held += count


class Holding:
    """The bytes that one request holds of an account."""

    def __init__(self, account: Account) -> None:
        self._account, self._held = account, 0

    def hold(self, count: int) -> None:
        """Holds `count` bytes from now on, no matter how many before."""
        self._account.change(count - self._held)
        self._held = count


async def read_body(request: Request, limits: ServingLimits, holding: Holding) -> bytes:
    """The whole body.

    Raises:
        Refusal: it is too large, takes too long, or all bodies together are too large.
        ClientDisconnect: the client went away.
    """
    try:
        async with asyncio.timeout(limits.body_seconds):
            body = await _within(request.stream(), _stated_length(request), limits.body * MIB, holding)
    except TimeoutError:
        message = f"the body did not arrive within {limits.body_seconds:g} seconds"
        raise Refusal(408, message, "body_timeout") from None
    request.state.body_is_read = True
    return body


async def discard_body(request: Request) -> None:
    """Reads on for a little while and keeps nothing: a client that is cut off while it sends never reads why."""
    if getattr(request.state, "body_is_read", False):
        return
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            async for _ in request.stream():
                pass
    except (TimeoutError, ClientDisconnect):
        pass


async def _within(chunks: AsyncIterator[bytes], stated: int, limit: int, holding: Holding) -> bytes:
    body = bytearray()
    count = stated
    while count <= limit:
        chunk = await anext(chunks, None)
        if chunk is None:
            return bytes(body)
        count = max(stated, len(body) + len(chunk))
        if count <= limit:
            holding.hold(len(body) + len(chunk))
            body += chunk
    message = f"the body is larger than {limit // MIB} MiB; send shorter recordings, or MP3 or FLAC"
    raise Refusal(413, message, "body_too_large")


def _stated_length(request: Request) -> int:
    """The length in the header, 0 where there is none; whether it is a number, HTTP's parser has seen."""
    return int(request.headers.get("content-length", 0))
