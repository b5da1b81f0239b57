"""Calls of the Batch API that outlast the server's faults: a batch is waited for longer than a server stays up."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from openai.types import Batch

from adiff_data.core.errors import WorkError
from adiff_data.llm.client import Client
from adiff_data.llm.error_responses import error_in
from adiff_data.llm.server_errors import FatalServerError, RejectedRequest, TransientError

MARK = "adiff"  # the field of a batch's metadata that has its own name
_HOLDS_NO_MORE = re.compile(r"enqueued|token_limit_exceeded|too many (?:active |queued )?batches", re.IGNORECASE)
_LONGEST_SILENCE = 86_400.0  # seconds that a server may be away while batches are under way
Result = TypeVar("Result")


class NoRoom(Exception):
    """The server holds no further batch for now; `reason` is its own."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BatchCalls:
    """The calls of the Batch API, each made again while the server fails at it.

    Args:
        client: the client of the server.
        say: takes a line on what fails, once a call.
        poll: seconds between two tries, unless the server asks for more.

    Each raises WorkError where the server will not take it, or was away for a day.
    """

    def __init__(self, client: Client, say: Callable[[str], None], poll: float) -> None:
        self._client, self._say, self._poll = client, say, poll
        self._last_contact = time.monotonic()

    async def upload(self, content: bytes) -> str:
        """Uploads an input file; returns its id. Raises NoRoom."""

        async def call() -> str:
            uploaded = await self._client.sdk.files.create(file=("adiff.jsonl", content), purpose="batch")
            return str(uploaded.id)

        return await self._persistently(self._unless_full(call), "uploading a batch")

    async def create(self, file_id: str, mark: str) -> str:
        """Makes a batch of an uploaded file; returns its id. Raises NoRoom."""
        tried = False

        async def call() -> str:
            nonlocal tried
            if tried and (made := (await self._listed()).get(mark)):  # it was made although the server failed
                return made
            tried = True
            batch = await self._client.sdk.batches.create(
                input_file_id=file_id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={MARK: mark},
            )
            return str(batch.id)

        return await self._persistently(self._unless_full(call), "making a batch")

    async def ids(self) -> dict[str, str]:
        """The ids of the batches at the server that adiff made, by their own names."""
        return await self._persistently(self._listed, "listing the batches")

    async def look(self, batch_id: str) -> Batch:
        """A batch as it is now."""

        async def call() -> Batch:
            batch = await self._client.sdk.batches.retrieve(batch_id)
            if not isinstance(batch, Batch) or not batch.status:
                raise ValueError("not a batch")
            return batch

        return await self._persistently(call, f"looking at batch {batch_id}")

    async def download(self, file_id: str) -> bytes:
        """The content of a result file."""

        async def call() -> bytes:
            content = (await self._client.sdk.files.content(file_id)).content
            if content.strip() and not content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
                raise ValueError("not a file of results")
            return content

        return await self._persistently(call, f"downloading the results {file_id}")

    async def cancel(self, batch_id: str) -> None:
        """Cancels a batch; one that has ended stays as it is."""
        try:
            await self._client.sdk.batches.cancel(batch_id)
        except Exception as error:  # what became of the batch is seen when it is looked at
            self._say(f"batch {batch_id}: {self._client.meaning_of(error).reason}")

    def fault_of(self, batch: Batch) -> str:
        """Why a batch failed as a whole.

        Raises:
            NoRoom: the server held too many others.
        """
        errors = batch.to_dict().get("errors")
        said = error_in(errors.get("data", errors) if isinstance(errors, dict) else errors)
        reason = self._client.redacted(said.message or "no reason given")
        if _HOLDS_NO_MORE.search(f"{reason} {' '.join(said.codes)}"):
            raise NoRoom(reason)
        return reason

    async def _listed(self) -> dict[str, str]:
        batches = [batch async for batch in self._client.sdk.batches.list(limit=100)]
        return {batch.metadata[MARK]: batch.id for batch in batches if batch.metadata and MARK in batch.metadata}

    def _unless_full(self, call: Callable[[], Awaitable[Result]]) -> Callable[[], Awaitable[Result]]:
        async def checked() -> Result:
            try:
                return await call()
            except Exception as error:
                reason = self._client.meaning_of(error).reason
                if _HOLDS_NO_MORE.search(reason):
                    raise NoRoom(reason) from None
                raise

        return checked

    async def _persistently(self, call: Callable[[], Awaitable[Result]], purpose: str) -> Result:
        reported = False
        while True:
            try:
                result = await call()
            except NoRoom:
                raise
            except Exception as error:  # no list names all that a server can break in the SDK and below it
                meaning = self._client.meaning_of(error)
                silence = time.monotonic() - self._last_contact
                if isinstance(meaning, FatalServerError | RejectedRequest) or silence > _LONGEST_SILENCE:
                    mend = meaning.mend or "the same command goes on and pays nothing twice"
                    raise WorkError(f"the Batch API, {purpose}: {meaning.reason}", mend=mend) from None
                if not reported:
                    self._say(f"{purpose} failed, trying on: {meaning.reason}")
                reported = True
                wait = meaning.retry_after if isinstance(meaning, TransientError) else None
                await asyncio.sleep(wait or self._poll)
            else:
                self._last_contact = time.monotonic()
                return result
