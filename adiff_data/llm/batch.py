"""The OpenAI Batch API: half the price, answers within a day.

A round puts everything that is missing into batches, waits for them and hands out what came; what has no answer goes
into the next round, up to `max_attempts`. The ids of the batches under way are kept in a state file, so that a run
that was killed collects what it has paid for. A batch is marked with a name of its own before it is made: one whose
id was lost to a kill is found again by it.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openai
from openai.types import Batch
from pydantic import BaseModel, ConfigDict, ValidationError

from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.files import replace_file
from adiff_data.core.text_files import read_text
from adiff_data.llm.client import Client
from adiff_data.llm.completion import read_completion
from adiff_data.llm.dialogue import Outcome, Usage
from adiff_data.llm.ledger import Ledger
from adiff_data.llm.options import ModelOptions
from adiff_data.llm.prices import Price
from adiff_data.llm.reply import Reply, why_no_answer
from adiff_data.llm.request import Request
from adiff_data.llm.server_errors import FatalServerError
from adiff_data.llm.wrapping import clean

MOST_REQUESTS = 50_000  # of one batch, by the API's limits
MOST_BYTES = 190_000_000  # of one input file: the limit is 200 MB
_MARK = "adiff"
_UNDER_WAY = {"validating", "in_progress", "finalizing", "cancelling"}
_EXPIRED = "batch_expired"
_GO_ON = "the same command goes on"


@dataclass(frozen=True)
class BatchQuestion:
    """One question of a batch.

    Attributes:
        id: tells its result from the others'; the same in every run.
        make_request: what is asked; called when it is needed, since a batch's requests together fill the memory.
        finish: called once, with the outcome.
        refuse: called with each reply that is no answer, and what is wrong with it.
    """

    id: str
    make_request: Callable[[], Request]
    finish: Callable[[Outcome], None]
    refuse: Callable[[Reply, str], None] = lambda reply, fault: None


class Earlier(BaseModel):
    """What a question has used in earlier rounds."""

    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


class BatchState(BaseModel):
    """The content of the state file.

    Attributes:
        marks: the batches under way: their ids by their own names; None until the id is known.
        earlier: what was used without an answer, by the question's id.
    """

    model_config = ConfigDict(extra="forbid")

    marks: dict[str, str | None] = {}
    earlier: dict[str, Earlier] = {}


@dataclass(frozen=True)
class _Result:
    """One line of a result file: a reply, or the reason why there is none.

    Attributes:
        id: the question's; None where the line cannot be read.
        expired: the batch's day was over before the question was worked on: it was not billed.
    """

    id: str | None
    reply: Reply | None = None
    reason: str | None = None
    expired: bool = False


class BatchRun:
    """Asks questions by batches.

    Args:
        client: the client of the server.
        model: how it is asked.
        max_attempts: rounds for one question before it is given up.
        price: the Batch API's price of a token, where it is known.
        ledger: holds the money.
        state_file: keeps the batches under way.
        say: takes a line on what is under way.
        poll: seconds between two looks at the batches.

    Raises:
        InputError: the state file is not one.
    """

    def __init__(
        self,
        client: Client,
        model: ModelOptions,
        *,
        max_attempts: int,
        price: Price | None,
        ledger: Ledger,
        state_file: Path,
        say: Callable[[str], None],
        poll: float = 30.0,
    ) -> None:
        self._client, self._model, self._max_attempts, self._price = client, model, max_attempts, price
        self._ledger, self._state_file, self._say, self._poll = ledger, state_file, say, poll
        self._state = _read_state(state_file)

    async def run(self, missing: Callable[[], Iterable[BatchQuestion]]) -> None:
        """Collects the batches under way, then makes rounds until nothing is missing.

        Args:
            missing: the questions that are not finished yet, at the moment of the call.

        Raises:
            WorkError: the API takes no request, a batch failed as a whole, or the budget holds no round.
        """
        try:
            if self._state.marks:
                await self._find_lost_ids()
                await self._collect(missing())
            while questions := list(missing()):
                self._require_budget(questions)
                await self._submit(questions)
                if not await self._collect(questions):
                    raise WorkError("the batches ended without a result for any row", mend=_GO_ON)
        except (openai.OpenAIError, TimeoutError, OSError) as error:
            meaning = self._client.meaning_of(error)
            hint = None if isinstance(meaning, FatalServerError) else f"{_GO_ON} and pays nothing twice"
            raise WorkError(f"the Batch API: {meaning.reason}", mend=hint) from None

    def _require_budget(self, questions: list[BatchQuestion]) -> None:
        left = self._ledger.left
        if left is None or self._price is None:
            return
        requests = (question.make_request() for question in questions)
        most = sum(self._price.of(request.most_tokens_in, request.most_tokens_out(self._model)) for request in requests)
        if most > left:
            raise WorkError(
                f"{len(questions):,} rows may cost {most:.2f} USD and {left:.2f} USD are left",
                mend="raise --budget, or leave --batch out: then the budget is kept request by request",
            )

    async def _submit(self, questions: list[BatchQuestion]) -> None:
        for content in self._input_files(questions):
            mark = uuid.uuid4().hex
            uploaded = await self._client.sdk.files.create(file=("adiff.jsonl", content), purpose="batch")
            self._state.marks[mark] = None
            self._save()
            batch = await self._client.sdk.batches.create(
                input_file_id=uploaded.id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={_MARK: mark},
            )
            self._state.marks[mark] = batch.id
            self._save()
            self._say(f"batch {batch.id} submitted")

    async def _find_lost_ids(self) -> None:
        """Names the batches whose ids a kill has lost; forgets those that were never made."""
        lost = {mark for mark, batch_id in self._state.marks.items() if batch_id is None}
        if not lost:
            return
        async for batch in self._client.sdk.batches.list(limit=100):
            mark = (batch.metadata or {}).get(_MARK)
            if mark in lost:
                self._state.marks[mark] = batch.id
                lost.discard(mark)
        for mark in lost:
            del self._state.marks[mark]
        self._save()

    async def _collect(self, questions: Iterable[BatchQuestion]) -> int:
        """Waits for each batch under way and hands out its results; a batch is forgotten once that is done.

        Returns:
            how many results came, answers or not.
        """
        results = 0
        open_questions = {question.id: question for question in questions}
        for mark, batch_id in list(self._state.marks.items()):
            batch = await self._wait_for(str(batch_id))
            before = len(open_questions)
            for file_id in (batch.output_file_id, batch.error_file_id):
                if file_id:
                    content = await self._client.sdk.files.content(file_id)
                    results += self._take(content.text, open_questions)
            del self._state.marks[mark]
            self._save()
            self._say(f"batch {batch.id} {batch.status}: {before - len(open_questions):,} rows")
            if batch.status == "failed":
                first = batch.errors.data[0].message if batch.errors and batch.errors.data else "no reason given"
                raise WorkError(f"the Batch API took no row: {self._client.redacted(str(first))}")
        return results

    async def _wait_for(self, batch_id: str) -> Batch:
        last_line = ""
        while True:
            batch = await self._client.sdk.batches.retrieve(batch_id)
            if batch.status not in _UNDER_WAY:
                return batch
            counts = batch.request_counts
            line = f"batch {batch_id} {batch.status}"
            line += f": {counts.completed:,} of {counts.total:,} done, {counts.failed:,} failed" if counts else ""
            if line != last_line:
                self._say(line)
                last_line = line
            await asyncio.sleep(self._poll)

    def _take(self, content: str, open_questions: dict[str, BatchQuestion]) -> int:
        """Finishes the questions of a result file that are answered or out of attempts.

        Returns:
            the number of results.
        """
        results = 0
        for line in content.splitlines():
            result = _read_result(line)
            if result.id is None or result.id not in open_questions or result.expired:
                continue
            results += 1
            outcome = self._outcome_of(open_questions[result.id], result)
            if outcome is not None:
                open_questions.pop(result.id).finish(outcome)
        return results

    def _outcome_of(self, question: BatchQuestion, result: _Result) -> Outcome | None:
        """What has become of a question; None where it is to be asked again."""
        used = self._state.earlier.setdefault(question.id, Earlier())
        used.attempts += 1
        text, failure, reply = "", result.reason, result.reply
        if reply is not None:
            used.tokens_in += reply.tokens_in
            used.tokens_out += reply.tokens_out
            if self._price:
                self._ledger.record(self._price.of(reply.tokens_in, reply.tokens_out))
            text = clean(reply.text)
            failure = why_no_answer(reply, text)
            if failure:
                question.refuse(reply, failure)
        if failure and used.attempts < self._max_attempts:
            return None
        del self._state.earlier[question.id]
        cost = self._price.of(used.tokens_in, used.tokens_out) if self._price else None
        return Outcome(
            text="" if failure else text,
            failure=self._client.redacted(failure) if failure else None,
            finish_reason=reply.finish_reason if reply else None,
            usage=Usage(used.attempts, used.tokens_in, used.tokens_out, cost),
        )

    def _input_files(self, questions: Iterable[BatchQuestion]) -> Iterator[bytes]:
        """The content of one input file a batch."""
        lines: list[bytes] = []
        size = 0
        for question in questions:
            attempt = self._state.earlier.get(question.id, Earlier()).attempts
            body = replace(question.make_request(), attempt=attempt).body(self._model)
            request = {"custom_id": question.id, "method": "POST", "url": "/v1/chat/completions", "body": body}
            line = json.dumps(request).encode() + b"\n"
            if lines and (len(lines) == MOST_REQUESTS or size + len(line) > MOST_BYTES):
                yield b"".join(lines)
                lines, size = [], 0
            lines.append(line)
            size += len(line)
        yield b"".join(lines)

    def _save(self) -> None:
        with replace_file(self._state_file, force=True) as output:
            output.text.write(self._state.model_dump_json(indent=2) + "\n")


def _read_state(path: Path) -> BatchState:
    if not path.exists():
        return BatchState()
    try:
        return BatchState.model_validate_json(read_text(path))
    except ValidationError:
        raise InputError("not a state of batches", file=path, mend="move it away to begin new batches") from None


def _read_result(line: str) -> _Result:
    try:
        fields: dict[str, Any] = json.loads(line)
        question_id, response = str(fields["custom_id"]), fields.get("response") or {}
        if response.get("status_code") == 200:
            return _Result(question_id, read_completion(response["body"]))
        error = fields.get("error") or {}
        if error.get("code") == _EXPIRED:
            return _Result(question_id, expired=True)
        message = error.get("message") or _message_of(response)
        return _Result(question_id, reason=str(message or "no reason given"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return _Result(None)


def _message_of(response: dict[str, Any]) -> str | None:
    body = response.get("body") or {}
    error = body.get("error") if isinstance(body, dict) else None
    return error.get("message") if isinstance(error, dict) else None
