"""The web application of a review: a page, and what its script asks.

Whoever asks is known by a cookie alone, which a name or an invitation's token gave them. All text reaches the page as
JSON, which its script inserts as text; a content security policy lets only the page's own files run or load.
"""

import secrets
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from adiff_data.core.arguments import plain_reason
from adiff_data.core.errors import InputError
from adiff_data.core.pages import page_part
from adiff_data.reviewing.desk import Desk, Told, plain
from adiff_data.reviewing.limits import RateLimit
from adiff_data.reviewing.recordings import MEDIA_TYPES, Recordings
from adiff_data.reviews.events import LONGEST_NAME, LONGEST_TEXT
from adiff_data.reviews.store import ReviewStore

COOKIE = "adiff_review"
_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
_LARGEST_BODY = 64 * 1024  # bytes
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_Body = TypeVar("_Body", bound=BaseModel)
_Answering = Callable[[Request], Awaitable[Response]]


class _Entering(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=LONGEST_NAME)
    token: str = Field(default="", max_length=200)


class _Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    row: str = Field(max_length=200)
    answer: str = Field(max_length=LONGEST_TEXT)


class _Pages:
    """What is answered. `by_name` lets anybody in who gives a name; else only invitations do."""

    def __init__(self, store: ReviewStore, desk: Desk, recordings: Recordings, *, by_name: bool) -> None:
        self._store, self._desk, self._recordings, self._by_name = store, desk, recordings, by_name
        self._requests, self._entries = RateLimit(240, 40), RateLimit(10, 0.2)

    def routes(self) -> list[Route]:
        """The addresses that there are."""
        return [
            Route("/", _text("text/html", _own("review.html"))),
            Route(
                "/review.js",
                _text("text/javascript", _own("review.js"), page_part("element.js"), page_part("marks.js")),
            ),
            Route("/review.css", _text("text/css", page_part("base.css"), page_part("marks.css"), _own("review.css"))),
            Route("/enter", self.enter, methods=["POST"]),
            Route("/row", self.row),
            Route("/decide", self.decide, methods=["POST"]),
            Route("/undo", self.undo, methods=["POST"]),
            Route("/check", self.check, methods=["POST"]),
            Route("/gains/{row}", self.gains),
            Route("/recording/{row}/{side:int}", self.recording),
            Route("/picture/{row}/{side:int}", self.picture),
        ]

    async def enter(self, request: Request) -> Response:
        """Lets somebody in by an invitation's token, or by a name where that is enough."""
        if not self._entries.allows(_address(request)):
            raise HTTPException(429, "too many tries: wait a minute")
        asked = await _read(request, _Entering)
        token, name = asked.token, plain(asked.name)
        reviewer = await run_in_threadpool(self._store.reviewer_of, token) if token else None
        if reviewer is None:
            if not self._by_name or token:
                raise HTTPException(403, "this invitation is not valid: ask for a new link")
            if not name:
                raise HTTPException(400, "give a name")
            reviewer, token = name, secrets.token_urlsafe(32)
            await run_in_threadpool(self._store.add_key, token, reviewer, "name")
        answer = JSONResponse({"reviewer": reviewer})
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, max_age=90 * 86400, httponly=True, samesite="strict", secure=secure)
        return answer

    async def row(self, request: Request) -> Response:
        """The row that a reviewer gets."""
        return await self._next(await self._reviewer(request))

    async def decide(self, request: Request) -> Response:
        """Keeps a decision; the answer is the next row."""
        reviewer, told = await self._reviewer(request), await _read(request, Told)
        await _refusing(self._desk.decide, reviewer, told)
        return await self._next(reviewer)

    async def undo(self, request: Request) -> Response:
        """Takes the last decision back; the answer is its row."""
        reviewer, _ = await self._reviewer(request), await _read(request, _Nothing)
        if not await run_in_threadpool(self._desk.undo, reviewer):
            raise HTTPException(409, "nothing to undo")
        return await self._next(reviewer)

    async def check(self, request: Request) -> Response:
        """What the checks say of an edit."""
        reviewer, edit = await self._reviewer(request), await _read(request, _Edit)
        return JSONResponse(await _refusing(self._desk.check, reviewer, edit.row, edit.answer))

    async def gains(self, request: Request) -> Response:
        """By side, the factor that makes both recordings as loud as the quieter one."""
        row, _ = await self._heard(request)
        gains = await run_in_threadpool(self._recordings.gains, row)
        return JSONResponse({str(side): gain for side, gain in gains.items()})

    async def recording(self, request: Request) -> Response:
        """A recording, or a range of its bytes."""
        file = self._recordings.file(*await self._heard(request))
        return FileResponse(file, media_type=MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream"))

    async def picture(self, request: Request) -> Response:
        """A spectrogram."""
        content = await run_in_threadpool(self._recordings.picture, *await self._heard(request))
        if not content:
            raise HTTPException(404, "this recording cannot be decoded")
        return Response(content, media_type="image/jpeg")

    async def _next(self, reviewer: str) -> Response:
        return JSONResponse({"reviewer": reviewer, **await run_in_threadpool(self._desk.next_row, reviewer)})

    async def _reviewer(self, request: Request) -> str:
        """Who asks. Raises HTTPException where nobody let them in, or they ask too much."""
        token = request.cookies.get(COOKIE, "")
        reviewer = await run_in_threadpool(self._store.reviewer_of, token) if token else None
        if not self._requests.allows(reviewer or _address(request)):
            raise HTTPException(429, "too many requests: wait a moment")
        if reviewer is None:
            raise HTTPException(401, "by_name" if self._by_name else "by_invitation")
        return reviewer

    async def _heard(self, request: Request) -> tuple[str, int]:
        """The row and the side that are asked for. Raises HTTPException where they are not the reviewer's to hear."""
        row, side = request.path_params["row"], request.path_params.get("side", 1)
        if not self._desk.may_hear(await self._reviewer(request), row) or side not in (1, 2):
            raise HTTPException(404, "no such recording in your review")
        return row, side


def make_application(store: ReviewStore, desk: Desk, recordings: Recordings, *, by_name: bool) -> Starlette:
    """The application of a review.

    Args:
        by_name: anybody may enter by a name, so it must be reachable from this machine alone; requests that a page of
            another site sends to it by a host name of its own are refused.
    """
    hosts = [Middleware(TrustedHostMiddleware, allowed_hosts=_LOOPBACK)] if by_name else []
    return Starlette(
        routes=_Pages(store, desk, recordings, by_name=by_name).routes(),
        middleware=[*hosts, Middleware(BaseHTTPMiddleware, dispatch=_with_headers)],
        exception_handlers={HTTPException: _told},
    )


async def _with_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await answer(request)
    response.headers.update(_HEADERS)
    return response


async def _told(_: Request, fault: Exception) -> Response:
    status, detail = (fault.status_code, fault.detail) if isinstance(fault, HTTPException) else (500, "")
    return JSONResponse({"fault": detail}, status_code=status)


async def _read(request: Request, kind: type[_Body]) -> _Body:
    """The body of a request. JSON alone is read, which no form of another site can send."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "send JSON")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise HTTPException(413, "too long")
    try:
        return kind.model_validate_json(bytes(body))
    except ValidationError as fault:
        raise HTTPException(400, plain_reason(fault)) from None


async def _refusing(call: Callable[..., Any], *arguments: Any) -> Any:
    """Calls in a thread; what is wrong with the arguments is the asker's fault."""
    try:
        return await run_in_threadpool(call, *arguments)
    except InputError as fault:
        raise HTTPException(409, str(fault)) from None


def _own(name: str) -> str:
    return (files(__package__) / "page" / name).read_text(encoding="utf-8")


def _text(media_type: str, *parts: str) -> _Answering:
    text = "\n".join(parts)

    async def answer(_: Request) -> Response:
        return Response(text, media_type=media_type)

    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
