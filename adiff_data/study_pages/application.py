"""The web application of a study: a page, and what its script asks."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adiff_data.listeners.door import Door
from adiff_data.listeners.hearing import Hearing
from adiff_data.listeners.recordings import Recordings
from adiff_data.listeners.web import NoBody, make_application, read_body, refusing, text_file
from adiff_data.studies.store import StudyStore
from adiff_data.study_pages.desk import StudyDesk, Told
from adiff_data.study_pages.parts import page_of_server, script, style

COOKIE = "adiff_study"


class _Pages:
    """What is answered."""

    def __init__(self, desk: StudyDesk, door: Door) -> None:
        self._desk, self._door = desk, door

    def routes(self) -> list[Route]:
        """The addresses that there are, but for those of recordings."""
        return [
            Route("/", text_file("text/html", page_of_server())),
            Route("/study.js", text_file("text/javascript", script("by_server.js"))),
            Route("/study.css", text_file("text/css", style())),
            Route("/enter", self._door.enter, methods=["POST"]),
            Route("/state", self.state),
            Route("/consent", self.consent, methods=["POST"]),
            Route("/answer", self.answer, methods=["POST"]),
            Route("/undo", self.undo, methods=["POST"]),
        ]

    async def state(self, request: Request) -> Response:
        """Where a rater is."""
        return await self._after(await self._door.person(request))

    async def consent(self, request: Request) -> Response:
        """Keeps that a rater agrees to take part."""
        rater, _ = await self._door.person(request), await read_body(request, NoBody)
        return await self._after(rater, self._desk.consent)

    async def answer(self, request: Request) -> Response:
        """Keeps an answer; what comes back has the next trial."""
        rater, told = await self._door.person(request), await read_body(request, Told)
        return await self._after(rater, self._desk.answer, told)

    async def undo(self, request: Request) -> Response:
        """Takes the last answer back."""
        rater, _ = await self._door.person(request), await read_body(request, NoBody)
        return await self._after(rater, self._desk.undo)

    async def _after(self, rater: str, call: Callable[..., None] | None = None, *arguments: Any) -> Response:
        """Where a rater is after a call."""
        if call:
            await refusing(call, rater, *arguments)
        return JSONResponse(await run_in_threadpool(self._desk.state, rater))


def make_study_application(store: StudyStore, desk: StudyDesk, recordings: Recordings, *, by_name: bool) -> Starlette:
    """The application of a study.

    Args:
        by_name: anybody may enter by a name, as `listeners.web.make_application` has it.
    """
    door = Door(store, COOKIE, by_name=by_name)
    hearing = Hearing(door, recordings, desk.heard_row)
    return make_application([*_Pages(desk, door).routes(), *hearing.routes()], by_name=by_name)
