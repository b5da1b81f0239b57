"""OpenAI's Batch API, as far as the tests need it: a small server that speaks its files and batches to the real SDK."""

import json
from collections import Counter

from aiohttp import web

from tests.chat_server import Asked, ChatServer, completion


class BatchServer(ChatServer):
    """Each batch is done at the third look at it; `fate` says what becomes of a batch or of a row."""

    def add_routes(self, app: web.Application) -> None:
        self.files: dict[str, str] = {}
        self.batches: dict[str, dict] = {}
        self.looks: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.fate = lambda batch: "completed"
        self.cuts_a_line = False
        self.room: int | None = None  # rows that may be enqueued
        self.faults: dict[str, list[web.Response]] = {}  # by the name of a call, what it answers first
        app.router.add_post("/v1/files", self.upload)
        app.router.add_get("/v1/files/{id}/content", self.download)
        app.router.add_post("/v1/batches", self.create)
        app.router.add_get("/v1/batches", self.list)
        app.router.add_get("/v1/batches/{id}", self.retrieve)
        app.router.add_post("/v1/batches/{id}/cancel", self.cancel)
        super().add_routes(app)

    def fault(self, call: str) -> web.Response | None:
        return self.faults[call].pop(0) if self.faults.get(call) else None

    async def cancel(self, request: web.Request) -> web.Response:
        batch = self.batches[request.match_info["id"]]
        self.finish(batch, "cancelled")
        return web.json_response(batch)

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
        text = self.files[request.match_info["id"]]
        if self.cuts_a_line:
            self.cuts_a_line, text = False, text.replace('"choices"', '"cho', 1)
        content = web.Response(text=text, content_type="application/octet-stream")
        return self.fault("download") or content

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
        return self.fault("create") or web.json_response(self.batches[name])

    async def list(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": list(self.batches.values()), "has_more": False})

    async def retrieve(self, request: web.Request) -> web.Response:
        batch = self.batches[request.match_info["id"]]
        if fault := self.fault("retrieve"):
            return fault
        self.looks[batch["id"]] += 1
        enqueued = sum(self.rows(each) for each in self.batches.values() if each["status"] == "in_progress")
        if self.looks[batch["id"]] == 1 and self.room is not None and enqueued > self.room:
            batch["status"] = "failed"
            message = "Enqueued token limit reached for m in organization o. Please try again once some are completed."
            batch["errors"] = {"object": "list", "data": [{"code": "token_limit_exceeded", "message": message}]}
        if self.looks[batch["id"]] == 3 and batch["status"] == "in_progress":
            self.finish(batch, self.fate(batch))
        return web.json_response(batch)

    def rows(self, batch: dict) -> int:
        return len(self.files[batch["input_file_id"]].splitlines())

    def finish(self, batch: dict, status: str) -> None:
        batch["status"] = status
        if batch["status"] == "failed":
            batch["errors"] = {"object": "list", "data": [{"code": "x", "message": "token limit of the organization"}]}
            return
        output, errors = [], []
        for number, line in enumerate(self.files[batch["input_file_id"]].splitlines()):
            fields = json.loads(line)
            self.asked[fields["custom_id"]] += 1
            if batch["status"] in ("expired", "cancelled") and number % 2:
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
            body = scripted if isinstance(scripted, dict) and "choices" in scripted else completion(scripted)
            response = {"status_code": 200, "body": body}
            output.append({"custom_id": fields["custom_id"], "response": response, "error": None})
        for name, lines in (("output_file_id", output), ("error_file_id", errors)):
            if lines:
                batch[name] = self.store(
                    "\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "batch_output"
                )["id"]
