"""From a request to a question that waits for the model; what its recordings take is held until the answer is there."""

import asyncio
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from starlette.requests import Request

from adiff_model.adiff import Explanation
from adiff_model.serving.answering import Answering, Waiting
from adiff_model.serving.bodies import Account, read_body
from adiff_model.serving.limits import MIB, ServingLimits
from adiff_model.serving.questions import Question, read_question
from adiff_model.serving.recordings import Recording, keep_recording, keep_recordings
from adiff_model.serving.refusals import Refusal

Result = TypeVar("Result")
_READERS = 2  # threads in which bodies are parsed and recordings looked at


@dataclass(frozen=True)
class Taken:
    """A question that waits.

    Attributes:
        news: the tokens of the answer as they are chosen, if they are wanted; None as soon as all is done.
    """

    question: Question
    waiting: Waiting
    news: "asyncio.Queue[int | None]"


class Intake:
    """Takes requests in, within the limits.

    Args:
        model: the only one that may be asked, by its name.
    """

    def __init__(self, answering: Answering, limits: ServingLimits, model: str) -> None:
        self._answering, self._limits, self._model = answering, limits, model
        self._account = Account(limits.held * MIB)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")

    @property
    def held(self) -> int:
        """The bytes that are held for all requests."""
        return self._account.held

    def close(self) -> None:
        """Ends the threads."""
        self._readers.shutdown()

    async def take(self, request: Request) -> Taken:
        """Reads a request and puts its question into the model's queue.

        Raises:
            Refusal: it is over a limit, or not a question.
            ClientDisconnect: the client went away.
        """
        loop = asyncio.get_running_loop()
        with ExitStack() as held, self._answering.arriving():
            question, recordings = await self.read(request, held)
            news: asyncio.Queue[int | None] = asyncio.Queue()

            def tell(token: int) -> None:
                loop.call_soon_threadsafe(news.put_nowait, token)

            waiting = Waiting(recordings, question.prompt, question.decoding, tell if question.streamed else None)
            self._answering.ask(waiting)
            waiting.answer.add_done_callback(partial(_end, loop, news, held.pop_all().close))
        return Taken(question, waiting, news)

    async def read(self, request: Request, held: ExitStack) -> tuple[Question, tuple[Recording, Recording]]:
        """Reads a question, whose recordings are held as long as `held` is open.

        Raises:
            Refusal: it is over a limit, or not a question.
            ClientDisconnect: the client went away.
        """
        self._answering.require_room()
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, "the body of a request is application/json", "not_json")
        holding = held.enter_context(self._account.open())
        body = await read_body(request, self._limits, holding)
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="adiff-serve-")))
        question, recordings = await self.work(lambda: self._read(body, folder))
        holding.hold(question.size)
        return question, recordings

    async def read_recording(self, request: Request, held: ExitStack) -> Recording:
        """Reads one recording, which is the whole body, and is held as long as `held` is open.

        Raises:
            Refusal: it is over a limit, or no recording.
            ClientDisconnect: the client went away.
        """
        if request.headers.get("content-type") != "application/octet-stream":
            raise Refusal(415, "the body of a request is application/octet-stream", "not_binary")
        holding = held.enter_context(self._account.open())
        body = await read_body(request, self._limits, holding)
        path = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="adiff-serve-"))) / "audio"
        return await self.work(lambda: keep_recording(body, path, self._limits.clip_seconds, "the recording"))

    async def work(self, task: Callable[[], Result]) -> Result:
        """Does something in one of the threads that look at recordings."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, task)

    def _read(self, body: bytes, folder: Path) -> tuple[Question, tuple[Recording, Recording]]:
        question = read_question(body)
        self.require_model(question.model)
        recordings = keep_recordings(question.audio, question.gap, folder, self._limits.clip_seconds)
        return question.without_audio(), recordings

    def require_model(self, name: str) -> None:
        """Lets only the name of the model through.

        Raises:
            Refusal: it is another.
        """
        if name != self._model:
            message = f"there is no model '{name[:80]}' here; the one that answers is '{self._model}'"
            raise Refusal(404, message, "model_not_found", "model")


def _end(
    loop: asyncio.AbstractEventLoop,
    news: "asyncio.Queue[int | None]",
    let_go: Callable[[], None],
    answer: Future[Explanation],
) -> None:
    """Called in the thread that ends an answer."""
    del answer
    loop.call_soon_threadsafe(let_go)
    loop.call_soon_threadsafe(news.put_nowait, None)
