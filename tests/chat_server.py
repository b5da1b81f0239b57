"""A chat completion server that misbehaves on purpose, since no real one can be made to.

Each request is given to a script, which says how it is answered; every request is counted by what it asked.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from tests.threaded_server import ThreadedServer

GOOD = "Audio 1 has one sound and audio 2 has another."


@dataclass
class Asked:
    """One request: its place in the order of arrival, its body, and how often the same was asked before."""

    number: int
    body: dict
    repeats: int
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def tiers(self) -> tuple[str, ...]:
        schema = self.body.get("response_format", {}).get("json_schema", {}).get("schema", {})
        return tuple(schema.get("properties", {}))


Script = Callable[[Asked], object]


@dataclass
class ChatServer(ThreadedServer):
    """Runs in a thread of its own.

    `script` returns a text, a dict with `text`, `finish_reason` or `usage`, a `web.Response`, or one of the words
    `drop`, `hang`, `half`, `bad chunk`.
    """

    script: Script = lambda asked: GOOD
    latency: float = 0.0
    route: str = "/v1/chat/completions"
    requests: list[dict] = field(default_factory=list)
    answered: int = 0
    most_in_flight: int = 0
    keys: Counter = field(default_factory=Counter)

    _seen: Counter = field(default_factory=Counter)
    _in_flight: int = 0

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post(self.route, self._answer)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.keys[request.headers.get("Authorization")] += 1
        content = body["messages"][-1]["content"]
        question = content if isinstance(content, str) else json.dumps(content)
        asked = Asked(len(self.requests), body, self._seen[question], request.headers, request.query)
        self._seen[question] += 1
        self.requests.append(body)
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            await asyncio.sleep(self.latency)
            return await self._respond(request, asked)
        finally:
            self._in_flight -= 1

    async def _respond(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        scripted = self.script(asked)
        if isinstance(scripted, web.Response):
            return scripted
        if scripted == "drop":
            request.transport.abort()
            return web.Response()
        if scripted == "hang":
            await asyncio.sleep(30)
            return web.Response()
        if scripted == "bad chunk":
            headers = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            request.transport.write(headers + b'zz\r\n{"choices": []}\r\n0\r\n\r\n')
            request.transport.close()
            return web.Response()
        if scripted == "half":
            response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "900"})
            await response.prepare(request)
            await response.write(b'{"id": "x", "choices": [{"index": 0, "mess')
            request.transport.close()
            return response
        self.answered += 1
        return web.json_response(completion(scripted))


def completion(scripted: object) -> dict:
    fields = scripted if isinstance(scripted, dict) else {"text": scripted}
    message = {"role": "assistant", "content": fields.get("text"), "refusal": fields.get("refusal")}
    choice = {"index": 0, "finish_reason": fields.get("finish_reason", "stop"), "message": message}
    usage = fields.get("usage", {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120})
    return {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}


def error(status: int, message: str = "no", code: str | None = None, **headers: str) -> web.Response:
    content = {"error": {"message": message, "type": "error", "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response(content, status=status, headers=named)


def every_fault(seed: int) -> Script:
    """A fifth of the requests goes wrong, in every way in turn."""
    stream = random.Random(seed)
    faults: list[Callable[[], object]] = [
        lambda: error(429, "slow down", retry_after="0.05"),
        lambda: error(429, "slow down"),
        lambda: error(500, "oops"),
        lambda: error(503, "busy"),
        lambda: "drop",
        lambda: "half",
        lambda: web.Response(text="<html>proxy</html>", content_type="text/html"),
        lambda: web.Response(text='{"choices": []}', content_type="application/json"),
        lambda: "",
        lambda: "I'm sorry, but I cannot assist with that.",
        lambda: {"text": "Audio 1 has one", "finish_reason": "length"},
    ]
    return lambda asked: stream.choice(faults)() if stream.random() < 0.2 else GOOD


def all_tiers(asked: Asked) -> str:
    """A good answer, in JSON where several tiers are asked for."""
    return json.dumps({tier: f"{GOOD} ({tier})" for tier in asked.tiers}) if asked.tiers else GOOD
