"""What the servers of both pages do alike: what they let in, what they answer with, and what a page may load.

All text reaches a page as JSON, which its script inserts as text; a content security policy lets only the page's own
files run or load.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from adiff_data.core.arguments import plain_reason
from adiff_data.core.errors import InputError
from adiff_data.core.hosts import host_of, is_loopback

_LARGEST_BODY = 64 * 1024  # bytes
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Body = TypeVar("Body", bound=BaseModel)
Answering = Callable[[Request], Awaitable[Response]]


class NoBody(BaseModel):
    """The body of a request that says nothing but its address."""

    model_config = ConfigDict(extra="forbid")


def make_application(routes: Sequence[Route], *, by_name: bool) -> Starlette:
    """An application of some addresses.

    Args:
        by_name: anybody may enter by a name, so it must be reachable from this machine alone; requests that a page of
            another site sends to it by a host name of its own are refused.
    """
    hosts = [Middleware(BaseHTTPMiddleware, dispatch=_from_here)] if by_name else []
    return Starlette(
        routes=routes,
        middleware=[*hosts, Middleware(BaseHTTPMiddleware, dispatch=_with_headers)],
        exception_handlers={HTTPException: _told},
    )


async def read_body(request: Request, kind: type[Body]) -> Body:
    """The body of a request. JSON alone is read, which no form of another site can send.

    Raises:
        HTTPException: it is something else, or too long.
    """
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


async def refusing(call: Callable[..., Any], *arguments: Any) -> Any:
    """Calls in a thread; what is wrong with the arguments is the asker's fault.

    Raises:
        HTTPException: something is.
    """
    try:
        return await run_in_threadpool(call, *arguments)
    except InputError as fault:
        raise HTTPException(409, str(fault)) from None


def text_file(media_type: str, *parts: str) -> Answering:
    """Answers with the parts of a page's file."""
    text = "\n".join(parts)

    async def answer(_: Request) -> Response:
        return Response(text, media_type=media_type)

    return answer


async def _from_here(request: Request, answer: Answering) -> Response:
    if not is_loopback(host_of(request.headers.get("host", ""))):
        return PlainTextResponse("open this page by the address that `adiff` told", 400)
    return await answer(request)


async def _with_headers(request: Request, answer: Answering) -> Response:
    response = await answer(request)
    response.headers.update(_HEADERS)
    return response


async def _told(_: Request, fault: Exception) -> Response:
    status, detail = (fault.status_code, fault.detail) if isinstance(fault, HTTPException) else (500, "")
    return JSONResponse({"fault": detail}, status_code=status)
