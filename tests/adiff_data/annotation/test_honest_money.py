"""Money under random latencies, costs, faults and kills: no budget is passed, no run hangs, what is billed is recorded.

The server is one of this file's own, since hundreds of runs are drawn here. A kill is what a disk would show after one:
the files as they are at a random moment of the run are put back after it.
"""

import asyncio
import json
import random
import tempfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types import Batch

from adiff_data.annotation.annotators import ModelAnnotator, annotate_job
from adiff_data.annotation.batch_annotator import BatchAnnotator
from adiff_data.annotation.run import Job
from adiff_data.annotation.run_file import read_run
from adiff_data.core.errors import WorkError
from adiff_data.core.journal import read_journal
from adiff_data.llm import (
    BusyServer,
    ModelOptions,
    RejectedRequest,
    Reply,
    RunOptions,
    TransientError,
    UnreachableServer,
    dispatcher,
    half,
)
from adiff_data.llm import batch as batch_module
from adiff_data.records import Annotation
from tests.adiff_data.annotation.conftest import PRICE, sound_pairs
from tests.chat_server import GOOD, completion

MODEL = ModelOptions(model="m", base_url="http://localhost:1/v1")
ROUNDING = 1e-9


class Killed(BaseException):
    """Stands for SIGKILL: nothing of the project catches it."""


class Server:
    """Bills as it likes, within the limits of a request, and answers as it likes; the process dies at a given call.

    Attributes:
        billed: US dollars, those of requests included that are never answered.
        calls_left: calls until the process dies.
        on_disk: what the files held at that moment.
    """

    def __init__(self, seed: int, faults: float, price=PRICE) -> None:
        self.random, self.faults, self.price = random.Random(seed), faults, price
        self.billed, self.calls_left = 0.0, 10**9
        self.on_disk: dict[Path, bytes] = {}
        self.folder = Path()

    def call(self) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            self.on_disk = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
            raise Killed

    def usage(self, body: dict) -> tuple[int, int]:
        tokens_in = self.random.randint(1, sum(len(message["content"]) for message in body["messages"]))
        tokens_out = self.random.randint(1, body["max_tokens"])
        self.billed += self.price.of(tokens_in, tokens_out)
        return tokens_in, tokens_out

    @asynccontextmanager
    async def opened(self):
        yield [self]

    def redacted(self, text: str) -> str:
        return text

    async def complete(self, body: dict) -> Reply:
        if self.on_disk:
            raise Killed  # another request of a process that is dead
        fault = self.random.choice(("busy", "refused", "rejected", "lost", "empty", "uncounted"))
        fault = fault if self.random.random() < self.faults else ""
        if fault not in ("busy", "refused", "rejected"):
            tokens_in, tokens_out = self.usage(body)
        self.call()
        for _ in range(self.random.randint(0, 3)):
            await asyncio.sleep(0)
        if fault == "busy":
            raise BusyServer("429: busy")
        if fault == "refused":
            raise UnreachableServer("connection refused")
        if fault == "rejected":
            raise RejectedRequest("400: no")
        if fault == "lost":
            raise TransientError("the connection broke", maybe_billed=True)
        if fault == "uncounted":
            return Reply(GOOD, "stop", 0, 0, counted=False)
        return Reply("" if fault == "empty" else GOOD, "stop", tokens_in, tokens_out)


class BatchCalls:
    """The calls of the Batch API, answered by a `Server`: a batch has ended when it is looked at the second time."""

    def __init__(self, server: Server) -> None:
        self.server, self.files, self.batches, self.looks = server, {}, {}, {}

    def __call__(self, *_: object) -> "BatchCalls":
        return self

    async def upload(self, content: bytes) -> str:
        self.server.call()
        self.files[name := f"file-{len(self.files)}"] = content
        return name

    async def create(self, file_id: str, mark: str) -> str:
        server = self.server
        status = server.random.choice(("expired", "failed")) if server.random.random() < server.faults else "completed"
        fields = {"id": f"batch_{len(self.batches)}", "status": status, "metadata": {"adiff": mark}, "object": "batch"}
        if status != "failed":
            fields["output_file_id"] = self._results(self.files[file_id], status)
        times = {"completion_window": "24h", "created_at": 0, "endpoint": "/v1/chat/completions"}
        self.batches[fields["id"]] = Batch.model_validate({**fields, **times, "input_file_id": file_id})
        server.call()
        return fields["id"]

    def _results(self, content: bytes, status: str) -> str:
        lines = []
        for line in map(json.loads, content.splitlines()):
            if status == "expired" and self.server.random.random() < 0.5:
                error = {"code": "batch_expired", "message": "expired"}
                lines.append({"custom_id": line["custom_id"], "response": None, "error": error})
                continue
            tokens_in, tokens_out = self.server.usage(line["body"])
            usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out}
            odd = self.server.random.random() < self.server.faults
            body = completion({"text": "" if odd else GOOD, "usage": usage if not odd else None})
            lines.append({"custom_id": line["custom_id"], "response": {"status_code": 200, "body": body}})
        self.files[name := f"results-{len(self.files)}"] = "\n".join(map(json.dumps, lines)).encode()
        return name

    async def ids(self) -> dict[str, str]:
        self.server.call()
        return {batch.metadata["adiff"]: batch.id for batch in self.batches.values()}

    async def look(self, batch_id: str) -> Batch:
        self.server.call()
        return self.batches[batch_id]

    async def download(self, file_id: str) -> bytes:
        self.server.call()
        return self.files[file_id]

    def fault_of(self, batch: Batch) -> str:
        return "no reason"


def recorded(out: Path, budget: float) -> float:
    """What is on the account, in US dollars, as the next run will read it."""
    cost = sum(row.provenance.cost or 0.0 for row in read_journal(out, Annotation)) if out.exists() else 0.0
    run = read_run(out)
    if run is None:
        return 0.0
    ledger = run.open_ledger(budget, cost)
    return ledger.spent + ledger.possibly_billed


def play(server: Server, make_annotator, kills: list[int], budget: float) -> None:
    """Runs that die at the given calls, then one that does not; holds the account against the bill after each."""
    with tempfile.TemporaryDirectory() as folder:
        server.folder, out = Path(folder), Path(folder) / "annotations.jsonl"
        for calls in [*kills, 10**9]:
            server.calls_left, server.on_disk = calls, {}
            with suppress(WorkError, Killed, BaseExceptionGroup):
                annotate_job(Job(sound_pairs(4), out, retry_failed=True), make_annotator())
            if server.on_disk:
                for path in server.folder.rglob("*"):
                    if path.is_file():
                        path.unlink()
                for path, content in server.on_disk.items():
                    path.write_bytes(content)
            assert server.billed <= recorded(out, budget) + ROUNDING
            assert recorded(out, budget) <= budget + ROUNDING


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(dispatcher, "_FIRST_BACKOFF", 0.0)
    monkeypatch.setattr(dispatcher, "_LONGEST_BACKOFF", 0.0)


CASES = {
    "seed": st.integers(0, 2**32),
    "faults": st.sampled_from([0.0, 0.3, 0.7]),
    "kills": st.lists(st.integers(1, 15), max_size=3),
    "budget": st.integers(1, 400).map(lambda thousandths: thousandths / 1000),
}


@pytest.mark.slow
@given(**CASES, concurrency=st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_what_is_billed_is_recorded_whenever_the_process_dies(seed, faults, kills, budget, concurrency):
    random.seed(seed)
    server = Server(seed, faults)
    options = RunOptions(concurrency=concurrency, budget=budget, max_attempts=2, patience=0.2)

    class Annotator(ModelAnnotator):
        def _clients(self):
            return server.opened()

    play(server, lambda: Annotator(MODEL, options, "key", price=PRICE), kills, budget)


@pytest.mark.slow
@given(**CASES, size=st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_what_batches_bill_is_recorded_whenever_the_process_dies(seed, faults, kills, budget, size):
    server = Server(seed, faults, half(PRICE))
    calls = BatchCalls(server)
    options = RunOptions(budget=budget, max_attempts=2)

    class Annotator(BatchAnnotator):
        def _clients(self):
            return server.opened()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_module, "BatchCalls", calls)
        play(server, lambda: Annotator(MODEL, options, "key", price=PRICE, poll=0.0, size=size), kills, budget)
