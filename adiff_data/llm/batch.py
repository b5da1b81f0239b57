"""The OpenAI Batch API: half the price, answers within a day.

A round puts everything that is missing into batches, waits for them and hands out what came; what has no answer goes
into the next round, up to `max_attempts`. Batches are submitted as the server takes them: where it holds no further one
(the limit of enqueued tokens), the next waits until one has ended. The batches under way are kept in a state file, so
that a run that was killed collects what it has paid for. A batch is marked with a name of its own before it is made:
one whose id was lost to a kill is found again by it. A batch is forgotten once all that came of it is read.
"""

import asyncio
import json
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openai.types import Batch

from adiff_data.core.errors import WorkError
from adiff_data.llm.batch_calls import BatchCalls, NoRoom
from adiff_data.llm.batch_results import BatchResult, keep_results, read_results, result_path
from adiff_data.llm.batch_state import BatchNote, Earlier, read_state, write_state
from adiff_data.llm.client import Client
from adiff_data.llm.dialogue import Outcome, Usage
from adiff_data.llm.ledger import BudgetExhausted, Ledger
from adiff_data.llm.options import ModelOptions
from adiff_data.llm.prices import Price
from adiff_data.llm.reply import Reply, why_no_answer
from adiff_data.llm.request import Request
from adiff_data.llm.token_counts import with_audio_tokens, with_estimates
from adiff_data.llm.wrapping import clean

MOST_REQUESTS = 50_000  # of one batch, by the API's limits
MOST_BYTES = 190_000_000  # of one input file: the limit is 200 MB
_ENDED = frozenset({"completed", "failed", "expired", "cancelled", "canceled"})
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


Chunk = list[BatchQuestion]  # the questions of one batch


@dataclass
class Bill:
    """What came of a batch: how many lines of results, results of open questions among them, and US dollars."""

    lines: int = 0
    results: int = 0
    spent: float = 0.0
    possibly_billed: float = 0.0


class BatchRun:
    """Asks questions by batches.

    Args:
        client: the client of the server.
        model: how it is asked.
        settings: what a question is asked with, as it is written down.
        max_attempts: rounds for one question before it is given up.
        price: the Batch API's price of a token, where it is known.
        ledger: holds the money.
        state_file: keeps the batches under way.
        say: takes a line on what is under way.
        size: most questions of a batch.
        poll: seconds between two looks at the batches.

    Raises:
        InputError: the state file is not one.
    """

    def __init__(  # noqa: PLR0913 - each is of another kind
        self,
        client: Client,
        model: ModelOptions,
        *,
        settings: dict[str, Any],
        max_attempts: int,
        price: Price | None,
        ledger: Ledger,
        state_file: Path,
        say: Callable[[str], None],
        size: int | None = None,
        poll: float = 30.0,
    ) -> None:
        self._client, self._model, self._max_attempts, self._price = client, model, max_attempts, price
        self._ledger, self._state_file, self._say, self._poll = ledger, state_file, say, poll
        self._size = min(size or MOST_REQUESTS, MOST_REQUESTS)
        self._state = read_state(state_file)
        self._settings = settings
        self._chunks: dict[str, Chunk] = {}  # by the batches' own names, of those that this process made
        self._calls = BatchCalls(client, say, poll)
        ledger.announces_ahead = False  # no batch is made ahead
        self._reservations = {
            mark: ledger.take_back(self._state.notes.get(mark, BatchNote()).most) for mark in self._state.marks
        }

    async def run(self, missing: Callable[[], Iterable[BatchQuestion]]) -> None:
        """Collects the batches under way, then makes rounds until nothing is missing.

        Args:
            missing: the questions that are not finished yet, at the moment of the call.

        Raises:
            WorkError: the API takes no request, a batch failed as a whole, or the budget holds no round.
        """
        await self.collect(missing)
        while questions := list(missing()):
            self._require_budget(questions)
            if not await self._ask(questions):
                raise WorkError("the batches ended without a result for any row", mend=_GO_ON)

    async def collect(self, missing: Callable[[], Iterable[BatchQuestion]]) -> None:
        """Waits for the batches under way, and hands out what came of them.

        Raises:
            WorkError: as `run`.
        """
        if self._state.marks:
            await self._find_lost_ids()
            open_questions = {question.id: question for question in missing()}
            while self._state.marks:
                for mark, batch in await self._ended():
                    with suppress(NoRoom):  # its questions are still missing, and come into the next round
                        await self._take_batch(mark, batch, open_questions)

    async def cancel(self, missing: Callable[[], Iterable[BatchQuestion]]) -> None:
        """Cancels the batches under way, and hands out what came of them before.

        Raises:
            WorkError: as `run`.
        """
        await self._find_lost_ids()
        for batch_id in self._state.marks.values():
            await self._calls.cancel(str(batch_id))
        await self.collect(missing)

    def _require_budget(self, questions: Chunk) -> None:
        left = self._ledger.left
        if left is None or self._price is None:
            return
        most = sum(self._most(question) for question in questions)
        if most > left:
            raise WorkError(
                f"{len(questions):,} rows may cost {most:.2f} USD and {left:.2f} USD are left",
                mend="raise `budget`, or leave `batch` out: then the budget is kept request by request",
            )

    async def _ask(self, questions: Chunk) -> int:
        """Makes one round; returns how many results came, answers or not."""
        results = 0
        open_questions = {question.id: question for question in questions}
        waiting = deque(self._divided(questions))
        has_room = True
        while waiting or self._state.marks:
            while waiting and has_room:
                try:
                    await self._submit(waiting[0])
                    waiting.popleft()
                except NoRoom as fault:
                    has_room = self._make_room(waiting, fault)
            for mark, batch in await self._ended():
                chunk = self._chunks[mark]
                try:
                    results += await self._take_batch(mark, batch, open_questions)
                    has_room = True
                except NoRoom as fault:
                    waiting.appendleft(chunk)
                    has_room = self._make_room(waiting, fault)
        return results

    def _make_room(self, waiting: deque[Chunk], fault: NoRoom) -> bool:
        """Lets the next batch wait for one that is under way, or makes it smaller where none is.

        Returns:
            whether it may be submitted now.

        Raises:
            WorkError: not even one question has room.
        """
        if self._state.marks:
            self._say(f"{len(waiting):,} batches wait for one that is under way: {fault.reason}")
            return False
        chunk = waiting.popleft()
        if len(chunk) == 1:
            raise WorkError(f"the Batch API takes no batch: {fault.reason}", mend=_GO_ON)
        half = (len(chunk) + 1) // 2
        waiting.extendleft((chunk[half:], chunk[:half]))
        self._say(f"a batch of {len(chunk):,} rows is too large, trying {half:,} (`batch_size`): {fault.reason}")
        return True

    async def _submit(self, chunk: Chunk) -> None:
        """Makes one batch.

        Raises:
            NoRoom: the server holds no further one.
        """
        file_id = await self._calls.upload(b"".join(self._line(question) for question in chunk))
        mark = uuid.uuid4().hex
        most = sum(self._most(question) for question in chunk)
        self._state.begin(mark, len(chunk), most)
        self._state.settings = self._settings
        self._save()
        try:
            self._reserve(mark, most)
            batch_id = await self._calls.create(file_id, mark)
        except (NoRoom, BudgetExhausted):
            self._forget(mark)
            raise
        self._state.marks[mark] = batch_id
        self._chunks[mark] = chunk
        self._save()
        self._say(f"batch {batch_id} submitted: {len(chunk):,} rows")

    def _reserve(self, mark: str, most: float) -> None:
        """Sets aside what a batch may cost, for as long as it is under way.

        Raises:
            NoRoom: the budget does not hold it beside those under way.
            BudgetExhausted: it does not hold it at all.
        """
        reservation = self._ledger.reserve(most)
        if reservation is None:
            raise NoRoom("the budget holds no further one")
        self._reservations[mark] = reservation

    def _forget(self, mark: str, spent: float = 0.0, possibly_billed: float = 0.0) -> None:
        """Is done with a batch, which cost so much and may have cost so much more."""
        if reservation := self._reservations.pop(mark, None):
            reservation.booked(spent, possibly_billed)
            reservation.settle()
        self._state.forget(mark)
        self._chunks.pop(mark, None)
        self._save()

    def _most(self, question: BatchQuestion) -> float:
        return question.make_request().most_cost(self._model, self._price)

    async def _find_lost_ids(self) -> None:
        """Names the batches whose ids a kill has lost; forgets those that were never made."""
        lost = [mark for mark, batch_id in self._state.marks.items() if batch_id is None]
        ids = await self._calls.ids() if lost else {}
        for mark in lost:
            if mark in ids:
                self._state.marks[mark] = ids[mark]
            else:
                self._forget(mark)
        self._save()

    async def _ended(self) -> list[tuple[str, Batch]]:
        """The batches under way that have ended, as soon as there is one."""
        while True:
            ended = []
            for mark, batch_id in list(self._state.marks.items()):
                batch = await self._calls.look(str(batch_id))
                if self._note(mark, batch) in _ENDED:
                    ended.append((mark, batch))
            if ended or not self._state.marks:
                return ended
            await asyncio.sleep(self._poll)

    def _note(self, mark: str, batch: Batch) -> str:
        """Says and writes down what has changed since the last look; returns the status."""
        counts = batch.request_counts
        line = str(batch.status)
        line += f": {counts.completed} of {counts.total} done, {counts.failed} failed" if counts else ""
        note = self._state.notes.setdefault(mark, BatchNote())
        if line != note.status and batch.status not in _ENDED:
            note.status = line
            self._save()
            self._say(f"batch {batch.id} {line}")
        return str(batch.status)

    async def _take_batch(self, mark: str, batch: Batch, open_questions: dict[str, BatchQuestion]) -> int:
        """Hands out the results of a batch that has ended, then forgets it; returns how many there were.

        Raises:
            NoRoom: the server never began with it, since it held too much already.
            WorkError: it failed as a whole, or nothing in its results can be read.
        """
        if batch.status == "failed" and not batch.output_file_id:
            self._forget(mark)
            raise WorkError(f"the Batch API took no row: {self._calls.fault_of(batch)}")
        before = len(open_questions)
        files = [await self._kept(batch, kind) for kind in ("output", "errors")]
        bill, note = Bill(), self._state.notes.get(mark, BatchNote())
        for path in files:
            if path:
                self._take(path, open_questions, bill)
        lost = max(0, note.questions - bill.lines) if batch.status == "completed" else 0
        self._forget(mark, bill.spent, bill.possibly_billed + note.most * lost / max(note.questions, 1))
        self._say(f"batch {batch.id} {batch.status}: {before - len(open_questions):,} rows")
        return bill.results

    async def _kept(self, batch: Batch, kind: str) -> Path | None:
        """A result file of a batch, downloaded unless it was before."""
        file_id = batch.output_file_id if kind == "output" else batch.error_file_id
        path = result_path(self._state_file, batch.id, kind)
        if not file_id or path.exists():
            return path if path.exists() else None
        keep_results(path, await self._calls.download(file_id))
        return path

    def _take(self, path: Path, open_questions: dict[str, BatchQuestion], bill: Bill) -> None:
        """Finishes the questions of a result file that are answered or out of attempts.

        Raises:
            WorkError: no line of the file can be read.
        """
        unreadable = lines = 0
        for result in read_results(path):
            lines += 1
            unreadable += result.id is None
            bill.lines += result.id is not None
            if result.id is None or result.id not in open_questions or result.unasked:
                continue
            bill.results += 1
            outcome = self._outcome_of(open_questions[result.id], result, bill)
            if outcome is not None:
                open_questions.pop(result.id).finish(outcome)
        if unreadable == lines > 0:
            raise WorkError("no result can be read", file=path, mend="the batch is kept until it can")
        if unreadable:
            self._say(f"{path}: {unreadable:,} of {lines:,} lines cannot be read; their rows are asked again")

    def _outcome_of(self, question: BatchQuestion, result: BatchResult, bill: Bill) -> Outcome | None:
        """What has become of a question; None where it is to be asked again."""
        used = self._state.earlier.setdefault(question.id, Earlier())
        used.attempts += 1
        text, failure, reply = "", result.reason, result.reply
        if reply is not None:
            reply = self._booked(question, reply, bill)
            used.tokens_in += reply.tokens_in
            used.tokens_out += reply.tokens_out
            used.audio_tokens += reply.audio_tokens
            text = clean(reply.text)
            failure = why_no_answer(reply, text)
            if failure:
                question.refuse(reply, failure)
        if failure and used.attempts < self._max_attempts:
            return None
        del self._state.earlier[question.id]
        cost = self._price.of(used.tokens_in, used.tokens_out, used.audio_tokens) if self._price else None
        return Outcome(
            text="" if failure else text,
            failure=self._client.redacted(failure) if failure else None,
            finish_reason=reply.finish_reason if reply else None,
            usage=Usage(used.attempts, used.tokens_in, used.tokens_out, cost),
        )

    def _booked(self, question: BatchQuestion, reply: Reply, bill: Bill) -> Reply:
        """Puts a reply on the bill; one whose tokens the server did not count comes back with estimates of them."""
        counted = reply.counted
        request = question.make_request()
        if not counted:
            reply = with_estimates(reply, request.expected_tokens_in)
        if request.audio_seconds:
            reply = with_audio_tokens(reply, request.expected_text_tokens)
        if self._price:
            cost = self._price.of(reply.tokens_in, reply.tokens_out, reply.audio_tokens)
            bill.spent += cost
            bill.possibly_billed += 0.0 if counted else max(0.0, self._most(question) - cost)
        return reply

    def _divided(self, questions: Iterable[BatchQuestion]) -> Iterator[Chunk]:
        """The questions of one batch after the other, within the API's limits."""
        chunk: Chunk = []
        size = 0
        for question in questions:
            line = len(self._line(question))
            if line > MOST_BYTES:
                reason = f"a request of {line / 1e6:,.0f} MB is larger than a batch may be ({MOST_BYTES / 1e6:,.0f} MB)"
                raise WorkError(reason, mend="make requests smaller, or leave `batch` out")
            if chunk and (len(chunk) == self._size or size + line > MOST_BYTES):
                yield chunk
                chunk, size = [], 0
            chunk.append(question)
            size += line
        yield chunk

    def _line(self, question: BatchQuestion) -> bytes:
        """A question's line in the input file."""
        attempt = self._state.earlier.get(question.id, Earlier()).attempts
        body = replace(question.make_request(), attempt=attempt).body(self._model)
        request = {"custom_id": question.id, "method": "POST", "url": "/v1/chat/completions", "body": body}
        return json.dumps(request).encode() + b"\n"

    def _save(self) -> None:
        write_state(self._state_file, self._state)
