"""The language model's server behind the `openai` SDK, and what each of its faults means for the run."""

import asyncio
import email.utils
import re
import time
from dataclasses import dataclass
from typing import Any

import openai
from openai import AsyncOpenAI, DefaultAioHttpClient
from openai.types.chat import ChatCompletion

from adiff_data.annotation.answers import Reply
from adiff_data.core.errors import one_line

_KEY_LIKE = re.compile(r"\b(sk|key|pk)-[A-Za-z0-9_*.-]{6,}")
_LONGEST_WAIT = 600.0


@dataclass(eq=False)
class Trouble(Exception):
    """The server or the way to it failed; the same request may succeed later.

    `retry_after` is how many seconds the server asks to be left alone; `maybe_billed` is set where the request
    may have been worked on although no answer came.
    """

    reason: str
    retry_after: float | None = None
    maybe_billed: bool = False


@dataclass(eq=False)
class Rejected(Exception):
    """The server will never take this request; others it may. `schema` where structured output was the reason."""

    reason: str
    schema: bool = False


@dataclass(eq=False)
class Hopeless(Exception):
    """The server will take no request of this run: a wrong key, no such model, no money left."""

    reason: str


class Server:
    """A client of one server; an async context manager.

    Args:
        base_url: None is OpenAI's own.
        key: the API key. It is cut out of every message that leaves this class.
        timeout: seconds a request may take in all.
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

    async def __aenter__(self) -> "Server":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sdk.close()

    async def ask(self, body: dict[str, Any]) -> Reply:
        """Sends one chat completion request.

        The SDK's `post` is used: its `create` walks through every field of the request first, which here takes
        longer than all that this package does (benchmarks/annotate.py).

        Raises:
            Trouble, Rejected, Hopeless: by what went wrong.
        """
        try:
            async with asyncio.timeout(self._timeout):
                completion = await self.sdk.post("/chat/completions", body=body, cast_to=ChatCompletion)
            return read_completion(completion)
        except (openai.OpenAIError, TimeoutError, OSError, ValueError) as fault:
            raise self.meaning_of(fault) from None

    def meaning_of(self, fault: Exception) -> Trouble | Rejected | Hopeless:
        """What an exception of the SDK means for the run."""
        if isinstance(fault, openai.APIStatusError):
            return self._meaning_of_status(fault)
        if isinstance(fault, TimeoutError | openai.APITimeoutError):
            return Trouble(f"no answer within {self._timeout:g} s", maybe_billed=True)
        if isinstance(fault, openai.APIConnectionError | OSError):
            return Trouble(self.safe(f"connection failed: {fault.__cause__ or fault}"), maybe_billed=True)
        return Trouble(self.safe(f"unreadable answer: {fault}"), maybe_billed=True)

    def _meaning_of_status(self, fault: openai.APIStatusError) -> Trouble | Rejected | Hopeless:
        reason = self.safe(f"{fault.status_code}: {_message(fault)}")
        if fault.status_code == 429 and fault.code == "insufficient_quota":
            return Hopeless(reason)
        if fault.status_code in {408, 409, 425, 429} or fault.status_code >= 500:
            return Trouble(reason, _retry_after(fault))
        if fault.status_code in {401, 403, 404}:
            return Hopeless(reason)
        return Rejected(reason, schema="response_format" in reason or "json_schema" in reason)

    def safe(self, text: str) -> str:
        """`text` on one line, without the key or anything that looks like one."""
        hidden = text.replace(self._key, "[key]") if len(self._key) > 4 else text
        return one_line(_KEY_LIKE.sub("[key]", hidden), 300)


def read_completion(completion: Any) -> Reply:
    """The reply in a chat completion.

    Raises:
        ValueError: it is none, as a proxy's page under status 200 is none.
    """
    if not isinstance(completion, ChatCompletion) or not completion.choices:
        raise ValueError("not a chat completion")
    choice, usage = completion.choices[0], completion.usage
    if choice.message is None:
        raise ValueError("a chat completion without a message")
    return Reply(
        text=choice.message.content or "",
        finish_reason=choice.finish_reason,
        tokens_in=(usage.prompt_tokens or 0) if usage else 0,
        tokens_out=(usage.completion_tokens or 0) if usage else 0,
        refusal=choice.message.refusal,
    )


def _message(fault: openai.APIStatusError) -> str:
    body = fault.body
    if isinstance(body, dict):
        inner = body.get("error", body)
        text = inner.get("message") if isinstance(inner, dict) else inner
        if isinstance(text, str):
            return text
    return fault.message


def _retry_after(fault: openai.APIStatusError) -> float | None:
    """The seconds that Retry-After names (RFC 9110, 10.2.3: a number, or a date), or its millisecond form."""
    headers = fault.response.headers
    for name, scale in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return min(max(float(headers.get(name, "")) / scale, 0.0), _LONGEST_WAIT)
        except ValueError:
            continue
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return min(max(email.utils.mktime_tz(date) - time.time(), 0.0), _LONGEST_WAIT) if date else None
