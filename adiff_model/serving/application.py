"""The web application: chat completions and models as OpenAI has them, the page, health, and figures."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from adiff_model.adiff import ADIFF
from adiff_model.encoding import Reading
from adiff_model.serving.answering import Answering
from adiff_model.serving.bodies import discard_body
from adiff_model.serving.comparing import Comparing
from adiff_model.serving.completions import Completions
from adiff_model.serving.intake import Intake
from adiff_model.serving.keys import KeyGuard
from adiff_model.serving.limits import ServingLimits
from adiff_model.serving.meters import Meters
from adiff_model.serving.own_hosts import OwnHosts
from adiff_model.serving.page import make_page
from adiff_model.serving.refusals import Refusal

_RETRY_SECONDS = "1"
_TIMEOUT = 408


def make_application(
    adiff: ADIFF, name: str, *, limits: ServingLimits, reading: Reading, batch_size: int, key: str | None = None
) -> Starlette:
    """The application, as any ASGI server runs it; the model's thread ends with its lifespan.

    Args:
        name: what clients call the model.
        reading: how recordings are read.
        batch_size: the most requests that are answered together.
        key: what clients must send; None lets everybody on this machine ask.
    """
    meters = Meters()
    answering = Answering(adiff, limits, reading=reading, batch_size=batch_size, batched=meters.batches.observe)
    intake = Intake(answering, limits, name)
    meters.watch(lambda: answering.length, lambda: intake.held)
    model = {"id": name, "object": "model", "created": int(time.time()), "owned_by": "adiff"}

    async def models(_: Request) -> Response:
        return JSONResponse({"object": "list", "data": [model]})

    async def one_model(request: Request) -> Response:
        intake.require_model(request.path_params["name"])
        return JSONResponse(model)

    async def health(_: Request) -> Response:
        content = {"status": "ok" if answering.is_alive else "ending", "model": name, "waiting": answering.length}
        return JSONResponse(content, 200 if answering.is_alive else 503)

    async def figures(_: Request) -> Response:
        return Response(meters.text(), media_type="text/plain; version=0.0.4")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        answering.close()
        intake.close()

    page = make_page(name)

    async def home(_: Request) -> Response:
        return HTMLResponse(page, headers={"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"})

    comparing = Comparing(answering, intake, limits)
    completions = Completions(adiff, name, intake, limits, meters)
    return Starlette(
        routes=[
            Route("/", home),
            Route("/spectrogram", comparing.picture, methods=["POST"]),
            Route("/compare", comparing.compare, methods=["POST"]),
            Route("/v1/chat/completions", completions.complete, methods=["POST"]),
            Route("/v1/models", models),
            Route("/v1/models/{name:path}", one_model),
            Route("/health", health),
            Route("/metrics", figures),
        ],
        exception_handlers={Refusal: _refused, HTTPException: _not_found, Exception: _failed},
        lifespan=lifespan,
        middleware=[Middleware(KeyGuard, key) if key else Middleware(OwnHosts)],
    )


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    if refusal.status != _TIMEOUT:
        await discard_body(request)
    headers = {"Retry-After": _RETRY_SECONDS} if refusal.may_be_repeated else {}
    return JSONResponse(refusal.body(), refusal.status, headers | {"Connection": "close"})


async def _not_found(request: Request, fault: Exception) -> Response:
    """No such address, or another method than it takes."""
    assert isinstance(fault, HTTPException)
    message = f"{request.method} {request.url.path[:80]}: {fault.detail}; what is here: POST /v1/chat/completions"
    refusal = Refusal(fault.status_code, message, "not_found")
    return JSONResponse(refusal.body(), fault.status_code, {**(fault.headers or {}), "Connection": "close"})


async def _failed(_: Request, fault: Exception) -> Response:
    del fault  # the server that runs the application logs it
    return JSONResponse(Refusal(500, "the server failed", "internal_error").body(), 500)
