"""The web application of a review: a page, and what its script asks."""

from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adiff_data.core.pages import page_part
from adiff_data.listeners.door import Door
from adiff_data.listeners.hearing import Hearing
from adiff_data.listeners.page import listening_part
from adiff_data.listeners.recordings import Recordings
from adiff_data.listeners.web import NoBody, read_body, refusing, text_file
from adiff_data.listeners.web import make_application as application_of
from adiff_data.reviewing.desk import Desk, Told
from adiff_data.reviews.events import LONGEST_TEXT
from adiff_data.reviews.store import ReviewStore

COOKIE = "adiff_review"


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    row: str = Field(max_length=200)
    answer: str = Field(max_length=LONGEST_TEXT)


class _Pages:
    """What is answered."""

    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk, self._door = desk, door

    def routes(self) -> list[Route]:
        """The addresses that there are, but for those of recordings."""
        script = [listening_part("listening.js"), _own("review.js"), page_part("element.js"), page_part("marks.js")]
        style = [page_part("base.css"), page_part("marks.css"), listening_part("listening.css"), _own("review.css")]
        return [
            Route("/", text_file("text/html", _own("review.html"))),
            Route("/review.js", text_file("text/javascript", *script)),
            Route("/review.css", text_file("text/css", *style)),
            Route("/enter", self._door.enter, methods=["POST"]),
            Route("/row", self.row),
            Route("/decide", self.decide, methods=["POST"]),
            Route("/undo", self.undo, methods=["POST"]),
            Route("/check", self.check, methods=["POST"]),
        ]

    async def row(self, request: Request) -> Response:
        """The row that a reviewer gets."""
        return await self._next(await self._door.person(request))

    async def decide(self, request: Request) -> Response:
        """Keeps a decision; the answer is the next row."""
        reviewer, told = await self._door.person(request), await read_body(request, Told)
        await refusing(self._desk.decide, reviewer, told)
        return await self._next(reviewer)

    async def undo(self, request: Request) -> Response:
        """Takes the last decision back; the answer is its row."""
        reviewer, _ = await self._door.person(request), await read_body(request, NoBody)
        if not await run_in_threadpool(self._desk.undo, reviewer):
            raise HTTPException(409, "nothing to undo")
        return await self._next(reviewer)

    async def check(self, request: Request) -> Response:
        """What the checks say of an edit."""
        reviewer, edit = await self._door.person(request), await read_body(request, _Edit)
        return JSONResponse(await refusing(self._desk.check, reviewer, edit.row, edit.answer))

    async def _next(self, reviewer: str) -> Response:
        return JSONResponse({"reviewer": reviewer, **await run_in_threadpool(self._desk.next_row, reviewer)})


def make_application(store: ReviewStore, desk: Desk, recordings: Recordings, *, by_name: bool) -> Starlette:
    """The application of a review.

    Args:
        by_name: anybody may enter by a name, as `listeners.web.make_application` has it.
    """
    door = Door(store, COOKIE, by_name=by_name)
    hearing = Hearing(door, recordings, lambda reviewer, row: row if desk.may_hear(reviewer, row) else None)
    return application_of([*_Pages(desk, door).routes(), *hearing.routes()], by_name=by_name)


def _own(name: str) -> str:
    return (files(__package__) / "page" / name).read_text(encoding="utf-8")
