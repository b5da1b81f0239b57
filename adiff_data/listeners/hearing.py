"""The addresses of recordings: each as sound, as a picture, and how loud both are beside each other."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from adiff_data.listeners.door import Door
from adiff_data.listeners.recordings import MEDIA_TYPES, Recordings


class Hearing:
    """Answers with recordings, to those whose they are to hear.

    Args:
        may_hear: the row of what a person asks for (`item` in the address); None where it is not theirs to hear.
    """

    def __init__(self, door: Door, recordings: Recordings, may_hear: Callable[[str, str], str | None]) -> None:
        self._door, self._recordings, self._may_hear = door, recordings, may_hear

    def routes(self) -> list[Route]:
        """The addresses that there are."""
        return [
            Route("/gains/{item}", self.gains),
            Route("/recording/{item}/{side:int}", self.recording),
            Route("/picture/{item}/{side:int}", self.picture),
        ]

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

    async def _heard(self, request: Request) -> tuple[str, int]:
        """The row and the side that are asked for. Raises HTTPException where they are not the person's to hear."""
        person, side = await self._door.person(request), request.path_params.get("side", 1)
        row = self._may_hear(person, request.path_params["item"])
        if row is None or side not in (1, 2):
            raise HTTPException(404, "no such recording is yours to hear")
        return row, side
