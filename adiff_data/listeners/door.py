"""Who gets in: by an invitation's link, or by a name where that is enough. From then on a cookie says who asks."""

import secrets

from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adiff_data.core.errors import InputError
from adiff_data.listeners.database import Database
from adiff_data.listeners.limits import RateLimit
from adiff_data.listeners.names import LONGEST_NAME, read_name
from adiff_data.listeners.web import read_body


class _Entering(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=LONGEST_NAME)
    token: str = Field(default="", max_length=200)


class Door:
    """Lets people in and knows them again.

    Args:
        cookie: its name.
        by_name: anybody gets in who gives a name; else only invitations let people in.
    """

    def __init__(self, database: Database, cookie: str, *, by_name: bool) -> None:
        self._database, self._cookie, self._by_name = database, cookie, by_name
        self._requests, self._entries = RateLimit(240, 40), RateLimit(10, 0.2)

    async def enter(self, request: Request) -> Response:
        """Answers to whoever wants to get in."""
        if not self._entries.allows(_address(request)):
            raise HTTPException(429, "too many tries: wait a minute")
        asked = await read_body(request, _Entering)
        token = asked.token
        person = await run_in_threadpool(self._database.person_of, token) if token else None
        if person is None:
            if not self._by_name or token:
                raise HTTPException(403, "this invitation is not valid: ask for a new link")
            try:
                name, token = read_name(asked.name), secrets.token_urlsafe(32)
            except InputError:
                raise HTTPException(400, "give a name") from None
            person = await run_in_threadpool(self._database.add_key, token, name, "name")
        answer = JSONResponse({"person": person})
        secure = request.url.scheme == "https"
        answer.set_cookie(self._cookie, token, max_age=90 * 86400, httponly=True, samesite="strict", secure=secure)
        return answer

    async def person(self, request: Request) -> str:
        """Who asks.

        Raises:
            HTTPException: nobody let them in, or they ask too much.
        """
        token = request.cookies.get(self._cookie, "")
        person = await run_in_threadpool(self._database.person_of, token) if token else None
        if not self._requests.allows(person or _address(request)):
            raise HTTPException(429, "too many requests: wait a moment")
        if person is None:
            raise HTTPException(401, "by_name" if self._by_name else "by_invitation")
        return person


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
