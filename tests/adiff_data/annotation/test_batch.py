"""The Batch API: upload, poll, collect; lost ids, expired and partly failed batches.

OpenAI's service cannot be had here: a small server speaks its files and batches protocol to the real SDK.
"""

import json
from collections import Counter

import pytest
from aiohttp import web

from adiff_data.annotation.annotators import BatchAnnotator, annotate_job
from adiff_data.annotation.run import Job
from adiff_data.core.errors import WorkError
from adiff_data.llm import ModelOptions, Price, RunOptions
from adiff_data.llm import batch as batch_module
from tests.adiff_data.annotation.conftest import write_pairs
from tests.chat_server import GOOD, Asked, ChatServer, completion

TIERS = ("fewwords", "sentence", "detail")


class BatchServer(ChatServer):
    """Each batch is done at the third look at it; `fate` says what becomes of a batch or of a row."""

    def add_routes(self, app: web.Application) -> None:
        self.files: dict[str, str] = {}
        self.batches: dict[str, dict] = {}
        self.looks: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.fate = lambda batch: "completed"
        app.router.add_post("/v1/files", self.upload)
        app.router.add_get("/v1/files/{id}/content", self.download)
        app.router.add_post("/v1/batches", self.create)
        app.router.add_get("/v1/batches", self.list)
        app.router.add_get("/v1/batches/{id}", self.retrieve)

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        assert form["purpose"] == "batch"
        return web.json_response(self.store(form["file"].file.read().decode(), "batch"))

    def store(self, content: str, purpose: str) -> dict:
        name = f"file-{len(self.files)}"
        self.files[name] = content
        meta = {"bytes": len(content), "created_at": 0, "filename": "x", "object": "file", "status": "processed"}
        return {"id": name, "purpose": purpose, **meta}

    async def download(self, request: web.Request) -> web.Response:
        return web.Response(text=self.files[request.match_info["id"]], content_type="application/octet-stream")

    async def create(self, request: web.Request) -> web.Response:
        fields = await request.json()
        name = f"batch_{len(self.batches)}"
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "created_at": 0,
            "status": "in_progress",
            "endpoint": fields["endpoint"],
            "completion_window": "24h",
            "input_file_id": fields["input_file_id"],
            "metadata": fields["metadata"],
        }
        return web.json_response(self.batches[name])

    async def list(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": list(self.batches.values()), "has_more": False})

    async def retrieve(self, request: web.Request) -> web.Response:
        batch = self.batches[request.match_info["id"]]
        self.looks[batch["id"]] += 1
        if self.looks[batch["id"]] == 3:
            self.finish(batch)
        return web.json_response(batch)

    def finish(self, batch: dict) -> None:
        batch["status"] = self.fate(batch)
        if batch["status"] == "failed":
            batch["errors"] = {"object": "list", "data": [{"code": "x", "message": "token limit of the organization"}]}
            return
        output, errors = [], []
        for number, line in enumerate(self.files[batch["input_file_id"]].splitlines()):
            fields = json.loads(line)
            self.asked[fields["custom_id"]] += 1
            if batch["status"] == "expired" and number % 2:
                expired = {"code": "batch_expired", "message": "expired"}
                errors.append({"custom_id": fields["custom_id"], "response": None, "error": expired})
                continue
            scripted = self.script(Asked(number, fields["body"], self.asked[fields["custom_id"]] - 1))
            if scripted == "error":
                body = {"error": {"message": "context too long"}}
                errors.append(
                    {"custom_id": fields["custom_id"], "response": {"status_code": 400, "body": body}, "error": None}
                )
                continue
            response = {"status_code": 200, "body": completion(scripted)}
            output.append({"custom_id": fields["custom_id"], "response": response, "error": None})
        for name, lines in (("output_file_id", output), ("error_file_id", errors)):
            if lines:
                batch[name] = self.store("\n".join(map(json.dumps, lines)), "batch_output")["id"]


@pytest.fixture
def annotate(tmp_path):
    def call(server, count=4, max_attempts=3, budget=None):
        job = Job(write_pairs(tmp_path / "pairs.jsonl", count), tmp_path / "annotations.jsonl", TIERS)
        options = RunOptions(max_attempts=max_attempts, budget=budget)
        price = Price(input=1.0, output=10.0)
        model = ModelOptions(model="m", base_url=server.url)
        return annotate_job(job, BatchAnnotator(model, options, "k" * 9, price, poll=0.01))

    return call


def state(tmp_path) -> dict:
    return json.loads((tmp_path / "annotations.batch.json").read_text())


def test_one_batch_answers_all_rows_at_half_the_price(annotate, rows, tmp_path):
    with BatchServer() as server:
        tally = annotate(server)
        assert len(server.batches) == 1
    assert (tally.rows, {row.answer for row in rows()}) == (12, {GOOD})
    assert tally.cost == pytest.approx(12 * 0.00015)
    assert state(tmp_path) == {"marks": {}, "earlier": {}}


def test_many_rows_are_divided_into_batches(annotate, rows, monkeypatch):
    monkeypatch.setattr(batch_module, "MOST_REQUESTS", 5)
    with BatchServer() as server:
        annotate(server)
        assert len(server.batches) == 3
    assert len({row.id for row in rows()}) == 12


def test_rows_without_an_answer_go_into_the_next_round_and_then_fail(annotate, rows):
    script = lambda asked: "" if asked.repeats == 0 else "I'm sorry, but I can't help" if asked.number < 3 else GOOD  # noqa: E731
    with BatchServer(script=script) as server:
        tally = annotate(server, max_attempts=3)
        assert len(server.batches) == 3
    assert tally.rows == 12
    assert tally.failed == {"refused by the model": 3}
    assert {row.provenance.attempts for row in rows()} == {2, 3}
    assert {row.provenance.tokens_in for row in rows()} == {200, 300}


def test_a_rejected_row_fails_with_its_reason(annotate, rows):
    with BatchServer(script=lambda asked: "error" if asked.number == 0 else GOOD) as server:
        tally = annotate(server, max_attempts=1)
    assert tally.failed == {"context too long": 1}


def test_an_expired_batch_keeps_what_it_has_and_the_rest_is_asked_again(annotate, rows):
    with BatchServer() as server:
        server.fate = lambda batch: "expired" if batch["id"] == "batch_0" else "completed"
        annotate(server)
        assert sorted(server.asked.values()) == [1] * 6 + [2] * 6
    assert {row.provenance.attempts for row in rows()} == {1}


def test_a_batch_that_fails_as_a_whole_is_an_error(annotate):
    with BatchServer() as server:
        server.fate = lambda batch: "failed"
        with pytest.raises(WorkError, match="token limit of the organization"):
            annotate(server)


def test_a_killed_run_collects_its_batch_and_pays_nothing_twice(annotate, rows, monkeypatch):
    with BatchServer() as server:
        with monkeypatch.context() as killed:
            killed.setattr(batch_module.BatchRun, "_wait_for", interrupted)
            with pytest.raises(RuntimeError):
                annotate(server)
        annotate(server)
        assert len(server.batches) == 1
    assert len(rows()) == 12


@pytest.mark.parametrize("made", [True, False])
def test_a_batch_whose_id_was_lost_is_found_by_its_mark(annotate, rows, monkeypatch, tmp_path, made):
    with BatchServer() as server:
        with monkeypatch.context() as killed:
            killed.setattr(batch_module.BatchRun, "_wait_for", interrupted)
            with pytest.raises(RuntimeError):
                annotate(server)
        lost = state(tmp_path)
        lost["marks"] = dict.fromkeys(lost["marks"])
        (tmp_path / "annotations.batch.json").write_text(json.dumps(lost))
        if not made:
            server.batches.clear()
        annotate(server)
        assert len(server.batches) == 1
    assert len(rows()) == 12


async def interrupted(*_: object) -> None:
    raise RuntimeError("killed")


def test_a_budget_is_kept_before_anything_is_submitted(annotate):
    with BatchServer() as server:
        with pytest.raises(WorkError, match="may cost"):
            annotate(server, budget=0.001)
        assert not server.batches


def test_a_budget_is_kept_over_rounds(annotate):
    """A round of twelve empty answers costs 0.0018 USD, and may cost ten times that."""
    with BatchServer(script=lambda asked: "") as server:
        with pytest.raises(WorkError, match="may cost"):
            annotate(server, budget=0.03, max_attempts=9)
        assert 2 <= len(server.batches) <= 6
