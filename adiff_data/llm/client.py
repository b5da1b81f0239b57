"""The client of one language model server: sends a request body, reads the reply, or says what went wrong."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import openai
from openai import AsyncOpenAI, DefaultAioHttpClient

from adiff_data.core.errors import one_line
from adiff_data.llm.address import Address, read_address
from adiff_data.llm.completion import NoCompletion, read_completion
from adiff_data.llm.connection_errors import meaning_of_exception
from adiff_data.llm.error_responses import ErrorBody, error_in, meaning_of_error, read_error
from adiff_data.llm.redaction import without_secrets
from adiff_data.llm.reply import Reply
from adiff_data.llm.server_errors import FatalServerError, ServerError, TransientError
from adiff_data.llm.waiting_times import wait_for_limits

_LONGEST_CONNECTING = 30.0  # seconds
_LONGEST_HEADER = 2**18  # bytes: gateways tell much in theirs
_LONGEST_BODY = 2**24  # bytes, after decompression: a hundred times the longest answer
_MOVED = frozenset({301, 308})  # for good


class Client:
    """A client of one server; an async context manager.

    Args:
        base_url: an OpenAI-compatible server; None is OpenAI's own. Its user and password, and the fields of its query,
            are sent with each request.
        key: the API key. It is cut out of every message that leaves this class, and so is each value of `headers`.
        timeout: seconds that a request may take in all.
        headers: sent with each request, beside or in place of this class' own.
        secrets: what else is cut out of messages.

    Attributes:
        name: what messages call the server.

    Raises:
        InputError: `base_url` is no address.
    """

    def __init__(
        self,
        base_url: str | None,
        key: str,
        *,
        timeout: float,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
    ) -> None:
        self._address = read_address(base_url)
        self.name = self._address.server
        self._key, self._timeout = key, timeout
        self._headers = {"Authorization": self._address.authorization or f"Bearer {key}", **(headers or {})}
        self._secrets = (key, *(headers or {}).values(), *self._address.secrets, *secrets)
        self._answered = False

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=min(_LONGEST_CONNECTING, self._timeout)),
            headers=self._headers,
            proxy=_proxy_for(self._address),
            max_field_size=_LONGEST_HEADER,
            max_line_size=_LONGEST_HEADER,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        if "sdk" in self.__dict__:
            await self.sdk.close()

    @cached_property
    def sdk(self) -> AsyncOpenAI:
        """The `openai` client, for what is not a chat completion."""
        return AsyncOpenAI(
            api_key=self._key,
            base_url=self._address.url,
            default_headers=self._headers,
            default_query=dict[str, object](self._address.query),
            max_retries=0,
            timeout=self._timeout,
            http_client=DefaultAioHttpClient(timeout=self._timeout, follow_redirects=False),
        )

    async def complete(self, body: dict[str, Any]) -> Reply:
        """Sends one chat completion request.

        It is sent without the SDK: that walks through every field of a request, takes headers of 8 KB at most, and
        tells of many faults alike that they were timeouts.

        Raises:
            TransientError, RejectedRequest, FatalServerError: by what went wrong; nothing else.
        """
        try:
            async with self._session.post(
                self._address.chat, json=body, params=self._address.query, allow_redirects=False
            ) as response:
                content = await _read_body(response)
        except Exception as error:  # no list names all that a server can break on the way
            raise self.meaning_of(error) from None
        if response.status >= 300:
            raise self._meaning_of_response(response.status, response.headers, content)
        try:
            reply = read_completion(content)
        except NoCompletion as error:
            raise self._meaning_of_no_completion(error, response.headers, content) from None
        except Exception as error:  # what no reader foresees is this request's trouble alone
            raise TransientError(self.redacted(f"unreadable answer: {error}"), maybe_billed=True) from None
        self._answered = True
        pause = wait_for_limits(response.headers, reply.tokens_in + reply.tokens_out)
        return reply if pause is None else replace(reply, pause=pause)

    def meaning_of(self, error: BaseException) -> ServerError:
        """What an exception, of this class' requests or of the SDK's, means for the run."""
        if isinstance(error, openai.APIStatusError):
            return self._meaning_of_response(error.status_code, error.response.headers, error.response.content)
        return self._redacted_error(meaning_of_exception(error, self._address.server, self._timeout))

    def redacted(self, text: str) -> str:
        """`text` on one line, without the key, any other secret, or anything that looks like one."""
        return one_line(without_secrets(text, self._secrets), 300)

    def _meaning_of_response(self, status: int, headers: Mapping[str, str], content: bytes) -> ServerError:
        if status < 400:
            target = f" to {headers['location']}" if "location" in headers else ""
            reason = self.redacted(f"{status}: {self._address.url} redirects{target}")
            if status in _MOVED or not self._answered:  # a key is never sent on to where a redirect points
                return FatalServerError(reason, mend="give the address that it redirects to")
            return TransientError(reason)
        error = read_error(content)
        meaning = self._redacted_error(meaning_of_error(status, headers, error))
        if status in (404, 405) and isinstance(meaning, FatalServerError) and not _is_about_model(error):
            return FatalServerError(f"{meaning.reason} (asked at {self._address.chat})", mend=self._address_mend())
        return meaning

    def _meaning_of_no_completion(self, error: NoCompletion, headers: Mapping[str, str], content: bytes) -> ServerError:
        """What a body under status 200 means that is no completion: an error, a page, or nothing to be read."""
        if error.error is not None:
            error_body = error_in({"error": error.error})
            asked_wrongly = any("invalid_request" in code for code in error_body.codes)
            return self._redacted_error(
                meaning_of_error(error_body.status or (400 if asked_wrongly else 500), headers, error_body)
            )
        page = read_error(content)
        if page.is_page and not self._answered and self._address.may_lack_version:
            reason = self.redacted(f"{self._address.chat} answers with a web page: {page.message}")
            return FatalServerError(reason, mend=self._address_mend())
        text_of_page = f": {page.message}" if page.message else ""
        return TransientError(self.redacted(f"unreadable answer ({error}{text_of_page})"), maybe_billed=True)

    def _address_mend(self) -> str:
        if self._address.may_lack_version:
            return f"the address may lack /v1: {self._address.url}/v1"
        return "check the address"

    def _redacted_error(self, error: ServerError) -> ServerError:
        error.reason = self.redacted(error.reason)
        error.args = (self.redacted(str(error)),)
        return error


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    """The whole body of a response.

    Raises:
        aiohttp.ClientPayloadError: it is cut, or longer than any answer.
    """
    content = bytearray()
    async for part in response.content.iter_any():
        content += part
        if len(content) > _LONGEST_BODY:
            raise aiohttp.ClientPayloadError(f"more than {_LONGEST_BODY // 2**20} MiB")
    return bytes(content)


def _is_about_model(error: ErrorBody) -> bool:
    """Whether a 404 means the model, and not the address."""
    return "model" in error.message.lower() or any("model" in code for code in error.codes)


def _proxy_for(address: Address) -> str | None:
    """The proxy that the environment names for a server."""
    parts = urlsplit(address.url)
    with suppress(OSError):  # on some systems a name is looked up for it
        if proxy_bypass(parts.hostname or ""):
            return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all", "")
    return proxy if proxy.startswith("http") else None
