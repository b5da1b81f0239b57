"""The client of one language model server: sends a request body, reads the reply, and says what each error means."""

import asyncio
import email.utils
import re
import time
from typing import Any

import openai
from openai import AsyncOpenAI, DefaultAioHttpClient

from adiff_data.core.errors import WorkError, one_line
from adiff_data.llm.completion import read_completion
from adiff_data.llm.reply import Reply

_KEY_LIKE = re.compile(r"\b(sk|key|pk)-[A-Za-z0-9_*.-]{6,}")
_LONGEST_WAIT = 600.0  # seconds of a Retry-After that are believed
_TRANSIENT_STATUS = frozenset({408, 409, 425, 429})
_FATAL_STATUS = frozenset({401, 403, 404})


class ServerError(WorkError):
    """A request that was not answered; `reason` says why, without the API key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TransientError(ServerError):
    """The server, or the way to it, failed; the same request may succeed later.

    Attributes:
        retry_after: seconds for which the server asks to be left alone; None where it does not.
        maybe_billed: whether the request may have been worked on although no answer came.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None, maybe_billed: bool = False) -> None:
        super().__init__(reason)
        self.retry_after, self.maybe_billed = retry_after, maybe_billed


class RejectedRequest(ServerError):
    """The server will never take this request; it may take others."""


class FatalServerError(ServerError):
    """The server will take no request of this run: a wrong key, no such model, no credit left."""


class Client:
    """A client of one server; an async context manager.

    Args:
        base_url: an OpenAI-compatible server; None is OpenAI's own.
        key: the API key. It is cut out of every message that leaves this class.
        timeout: seconds that a request may take in all.

    Attributes:
        sdk: the `openai` client, for what is not a chat completion.
    """

    def __init__(self, base_url: str | None, key: str, *, timeout: float) -> None:
        self._key, self._timeout = key, timeout
        self.sdk = AsyncOpenAI(
            api_key=key,
            base_url=base_url,
            max_retries=0,
            timeout=timeout,
            http_client=DefaultAioHttpClient(timeout=timeout),
        )

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sdk.close()

    async def complete(self, body: dict[str, Any]) -> Reply:
        """Sends one chat completion request.

        The SDK's `post` is used: its `create` first walks through every field of the request, which here takes
        longer than all that this package does (benchmarks/annotate.py).

        Raises:
            TransientError, RejectedRequest, FatalServerError: by what went wrong.
        """
        try:
            async with asyncio.timeout(self._timeout):
                content = await self.sdk.post("/chat/completions", body=body, cast_to=bytes)
            return read_completion(content)
        except Exception as error:  # no list names all that a server can break in the SDK and below it
            raise self.meaning_of(error) from None

    def meaning_of(self, error: Exception) -> ServerError:
        """What an exception of the SDK means for the run."""
        if isinstance(error, openai.APIStatusError):
            return self._meaning_of_status(error)
        if isinstance(error, TimeoutError | openai.APITimeoutError):
            return TransientError(f"no answer within {self._timeout:g} s", maybe_billed=True)
        if isinstance(error, openai.APIConnectionError | OSError):
            reason = self.redacted(f"connection failed: {error.__cause__ or error}")
            return TransientError(reason, maybe_billed=True)
        return TransientError(self.redacted(f"unreadable answer: {error}"), maybe_billed=True)

    def _meaning_of_status(self, error: openai.APIStatusError) -> ServerError:
        reason = self.redacted(f"{error.status_code}: {_message_of(error)}")
        if error.status_code == 429 and error.code == "insufficient_quota":
            return FatalServerError(reason)
        if error.status_code in _TRANSIENT_STATUS or error.status_code >= 500:
            return TransientError(reason, retry_after=_retry_after(error))
        if error.status_code in _FATAL_STATUS:
            return FatalServerError(reason)
        return RejectedRequest(reason)

    def redacted(self, text: str) -> str:
        """`text` on one line, without the key or anything that looks like one."""
        hidden = text.replace(self._key, "[key]") if len(self._key) > 4 else text
        return one_line(_KEY_LIKE.sub("[key]", hidden), 300)


def _message_of(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict):
        inner = body.get("error", body)
        text = inner.get("message") if isinstance(inner, dict) else inner
        if isinstance(text, str):
            return text
    return error.message


def _retry_after(error: openai.APIStatusError) -> float | None:
    """The seconds that Retry-After names (RFC 9110, 10.2.3: a number, or a date), or its form in milliseconds."""
    headers = error.response.headers
    for name, scale in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return min(max(float(headers.get(name, "")) / scale, 0.0), _LONGEST_WAIT)
        except ValueError:
            continue
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return min(max(email.utils.mktime_tz(date) - time.time(), 0.0), _LONGEST_WAIT) if date else None
