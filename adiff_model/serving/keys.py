"""The key that clients send: as OpenAI's clients do, or, by a browser, as the password that it asks for."""

import base64
import binascii
import hmac

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from adiff_model.serving.bodies import discard_body
from adiff_model.serving.refusals import Refusal

_OPEN = "/health"  # who watches a server needs no key


class KeyGuard:
    """Lets only those to an application who send the key; the others are answered 401.

    A browser is asked for a name, which is not looked at, and a password, which is the key; it sends both with all that
    the page asks for.
    """

    def __init__(self, application: ASGIApp, key: str) -> None:
        self._application, self._key = application, key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, as ASGI has it."""
        if scope["type"] != "http" or scope["path"] == _OPEN or self._is_key(Headers(scope=scope)):
            await self._application(scope, receive, send)
            return
        await discard_body(Request(scope, receive))
        message = "the API key is missing or wrong; send it as 'Authorization: Bearer KEY'"
        headers = {"WWW-Authenticate": 'Basic realm="adiff: the API key is the password"', "Connection": "close"}
        refusal = Refusal(401, message, "invalid_api_key")
        await JSONResponse(refusal.body(), refusal.status, headers)(scope, receive, send)

    def _is_key(self, headers: Headers) -> bool:
        scheme, _, value = headers.get("authorization", "").partition(" ")
        sent = value.strip().encode("utf-8", "replace") if scheme.lower() == "bearer" else _password(scheme, value)
        return hmac.compare_digest(sent, self._key)


def _password(scheme: str, value: str) -> bytes:
    """The password of HTTP's basic authentication; nothing where it is none."""
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""
