"""Where no key is asked for, only this machine may ask, by its own names: no web page by a name that points here."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from adiff_data.core.hosts import host_of, is_loopback
from adiff_model.serving.bodies import discard_body
from adiff_model.serving.refusals import Refusal


class OwnHosts:
    """Answers 403 where a request names another host than this machine's `localhost` or loopback addresses.

    A web page can let a name of its own point to 127.0.0.1 (DNS rebinding). A visitor's browser then takes the server
    for a part of the page's site, and its answers are the page's to read; the name stands in the request.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, as ASGI has it."""
        if scope["type"] != "http" or is_loopback(host_of(Headers(scope=scope).get("host", ""))):
            await self._application(scope, receive, send)
            return
        await discard_body(Request(scope, receive))
        message = "ask at localhost or 127.0.0.1; by other names the server answers only with an API key"
        refusal = Refusal(403, message, "wrong_host")
        await JSONResponse(refusal.body(), refusal.status, {"Connection": "close"})(scope, receive, send)
