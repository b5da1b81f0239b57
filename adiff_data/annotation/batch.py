"""The OpenAI Batch API: half the price, answers within a day.

A round puts every missing row into batches, waits for them and writes what came; rows without an answer go into the
next round, up to `max_attempts`. The ids of the batches under way stand in `{output}.batch.json`, so that a run that
was killed collects what it has paid for. A batch is marked with a name of its own before it is made: one whose id
was lost to a kill is found again by it.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openai
from openai.types import Batch
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict, ValidationError

from adiff_data.annotation.answers import Reply, clean, fault_of
from adiff_data.annotation.options import ModelOptions, llm_provenance, most_tokens_in, request_body, token_limit
from adiff_data.annotation.prices import Price
from adiff_data.annotation.questions import Question
from adiff_data.annotation.server import Hopeless, Server, read_completion
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.files import replace_file
from adiff_data.core.tables import read_text
from adiff_data.records import Annotation, annotation_id

MOST_REQUESTS = 50_000  # of one batch, by the API's limits
MOST_BYTES = 190_000_000  # of one input file: the limit is 200 MB
_MARK = "adiff"
_UNDER_WAY = {"validating", "in_progress", "finalizing", "cancelling"}
_EXPIRED = "batch_expired"
_GO_ON = "the same command goes on"


class Earlier(BaseModel):
    """What a row has used in earlier rounds."""

    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


class BatchState(BaseModel):
    """What stands in `{output}.batch.json`.

    Attributes:
        marks: the batches under way: their ids by their own names; None until the id is known.
        earlier: by row, what was used without an answer.
    """

    model_config = ConfigDict(extra="forbid")

    marks: dict[str, str | None] = {}
    earlier: dict[str, Earlier] = {}


class BatchRun:
    """Batches for one output file.

    Args:
        server: who is asked.
        model: how.
        price: the Batch API's price of a token.
        state_file: where the batches under way are kept.
        write: takes each finished row.
        spend: counts US dollars as spent; returns what the budget still holds, None for no limit.
        say: takes a line on what is under way.
        poll: seconds between two looks at the batches.
    """

    def __init__(
        self,
        server: Server,
        model: ModelOptions,
        *,
        max_attempts: int,
        price: Price | None,
        state_file: Path,
        write: Callable[[Annotation], None],
        spend: Callable[[float], float | None],
        say: Callable[[str], None],
        poll: float = 30.0,
    ) -> None:
        self._server, self._model, self._max_attempts, self._price = server, model, max_attempts, price
        self._state_file, self._poll = state_file, poll
        self._write, self._spend, self._say = write, spend, say
        self._state = _read_state(state_file)

    async def annotate(self, questions: Callable[[], Iterator[Question]]) -> None:
        """Collects the batches under way, then makes rounds until no row is missing.

        Args:
            questions: what is missing now.

        Raises:
            WorkError: the API takes no request, a batch failed as a whole, or the budget holds no round.
        """
        try:
            if self._state.marks:
                await self._find_lost_ids()
                await self._collect(questions())
            while rows := [(question, tier) for question in questions() for tier in question.tiers]:
                self._require_budget(rows)
                await self._submit(rows)
                if not await self._collect(questions()):
                    raise WorkError("the batches ended without a result for any row", mend=_GO_ON)
        except (openai.OpenAIError, TimeoutError, OSError) as fault:
            meaning = self._server.meaning_of(fault)
            hint = "" if isinstance(meaning, Hopeless) else f"{_GO_ON} and pays nothing twice"
            raise WorkError(f"the Batch API: {meaning.reason}", mend=hint or None) from None

    def _require_budget(self, rows: Sequence[tuple[Question, str]]) -> None:
        budget_left = self._spend(0.0)
        if budget_left is None or self._price is None:
            return
        most = sum(
            self._price.of(most_tokens_in(question.messages((tier,))), token_limit((tier,))) for question, tier in rows
        )
        if most > budget_left:
            raise WorkError(
                f"{len(rows):,} rows may cost {most:.2f} USD and {budget_left:.2f} USD are left",
                mend="raise --budget, or leave --batch out: then the budget is kept request by request",
            )

    async def _submit(self, rows: Sequence[tuple[Question, str]]) -> None:
        for content in self._input_files(rows):
            mark = uuid.uuid4().hex
            uploaded = await self._server.sdk.files.create(file=("adiff.jsonl", content), purpose="batch")
            self._state.marks[mark] = None
            self._save()
            batch = await self._server.sdk.batches.create(
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
        async for batch in self._server.sdk.batches.list(limit=100):
            mark = (batch.metadata or {}).get(_MARK)
            if mark in lost:
                self._state.marks[mark] = batch.id
                lost.discard(mark)
        for mark in lost:
            del self._state.marks[mark]
        self._save()

    async def _collect(self, questions: Iterator[Question]) -> int:
        """Waits for each batch under way and writes its rows; a batch is forgotten once its rows stand.

        Returns:
            how many results came, answers or not.
        """
        results = 0
        wanted = {
            annotation_id(question.pair.id, tier): (question, tier) for question in questions for tier in question.tiers
        }
        for mark, batch_id in list(self._state.marks.items()):
            batch = await self._wait_for(str(batch_id))
            before = len(wanted)
            for file_id in (batch.output_file_id, batch.error_file_id):
                if file_id:
                    content = await self._server.sdk.files.content(file_id)
                    results += self._take(content.text, wanted)
            del self._state.marks[mark]
            self._save()
            self._say(f"batch {batch.id} {batch.status}: {before - len(wanted):,} rows")
            if batch.status == "failed":
                first = batch.errors.data[0].message if batch.errors and batch.errors.data else "no reason given"
                raise WorkError(f"the Batch API took no row: {self._server.safe(str(first))}")
        return results

    async def _wait_for(self, batch_id: str) -> Batch:
        told = ""
        while True:
            batch = await self._server.sdk.batches.retrieve(batch_id)
            if batch.status not in _UNDER_WAY:
                return batch
            counts = batch.request_counts
            line = f"batch {batch_id} {batch.status}"
            line += f": {counts.completed:,} of {counts.total:,} done, {counts.failed:,} failed" if counts else ""
            if line != told:
                self._say(line)
                told = line
            await asyncio.sleep(self._poll)

    def _take(self, content: str, wanted: dict[str, tuple[Question, str]]) -> int:
        """Writes the rows of a result file that are answered or out of attempts; returns the number of results."""
        results = 0
        for line in content.splitlines():
            row_id, reply, failure = _read_result(line)
            if row_id not in wanted or failure == _EXPIRED:
                continue
            results += 1
            question, tier = wanted[row_id]
            annotation = self._judge(row_id, question, tier, reply, failure)
            if annotation is not None:
                self._write(annotation)
                del wanted[row_id]
        return results

    def _judge(
        self, row_id: str, question: Question, tier: str, reply: Reply | None, failure: str | None
    ) -> Annotation | None:
        used = self._state.earlier.setdefault(row_id, Earlier())
        used.attempts += 1
        text = ""
        if reply is not None:
            used.tokens_in += reply.tokens_in
            used.tokens_out += reply.tokens_out
            self._spend(self._price.of(reply.tokens_in, reply.tokens_out) if self._price else 0.0)
            text = clean(reply.text)
            failure = fault_of(reply, text)
        if failure and used.attempts < self._max_attempts:
            return None
        del self._state.earlier[row_id]
        provenance = llm_provenance(
            self._model,
            batch=True,
            attempts=used.attempts,
            finish_reason=reply.finish_reason if reply else None,
            tokens_in=used.tokens_in,
            tokens_out=used.tokens_out,
            cost=self._price.of(used.tokens_in, used.tokens_out) if self._price else None,
            failure=self._server.safe(failure) if failure else None,
        )
        return question.annotation(tier, "" if failure else text, provenance)

    def _input_files(self, rows: Sequence[tuple[Question, str]]) -> Iterator[bytes]:
        lines: list[bytes] = []
        size = 0
        for question, tier in rows:
            row_id = annotation_id(question.pair.id, tier)
            attempt = self._state.earlier.get(row_id, Earlier()).attempts
            body = request_body(self._model, question.messages((tier,)), (tier,), attempt)
            request = {"custom_id": row_id, "method": "POST", "url": "/v1/chat/completions", "body": body}
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


def state_path(annotations: Path) -> Path:
    """Where the batches under way are kept."""
    return annotations.with_name(f"{annotations.stem}.batch.json")


def _read_state(path: Path) -> BatchState:
    if not path.exists():
        return BatchState()
    try:
        return BatchState.model_validate_json(read_text(path))
    except ValidationError:
        raise InputError("not a state of batches", file=path, mend="move it away to begin new batches") from None


def _read_result(line: str) -> tuple[str, Reply | None, str | None]:
    """The row of one line of a result file, its reply, and the reason where there is none."""
    try:
        fields: dict[str, Any] = json.loads(line)
        row_id, response = str(fields["custom_id"]), fields.get("response") or {}
        if response.get("status_code") == 200:
            return row_id, read_completion(ChatCompletion.model_validate(response["body"])), None
        error = fields.get("error") or {}
        if error.get("code") == _EXPIRED:  # not worked on, and not billed
            return row_id, None, _EXPIRED
        message = error.get("message") or _message_of(response)
        return row_id, None, str(message or "no reason given")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", None, "unreadable line"


def _message_of(response: dict[str, Any]) -> str | None:
    body = response.get("body") or {}
    error = body.get("error") if isinstance(body, dict) else None
    return error.get("message") if isinstance(error, dict) else None
