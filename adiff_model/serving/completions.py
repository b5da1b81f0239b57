"""`POST /v1/chat/completions`: waits for the answer, as long as its client does, and sends it whole or growing."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from adiff_data.core.errors import one_line
from adiff_model.adiff import ADIFF, Explanation
from adiff_model.serving.answering import Waiting
from adiff_model.serving.intake import Intake, Taken
from adiff_model.serving.limits import ServingLimits
from adiff_model.serving.meters import Meters
from adiff_model.serving.questions import Question
from adiff_model.serving.refusals import Refusal
from adiff_model.serving.replies import GrowingText, Reply, server_sent

_GONE = 499  # the status that nginx writes down for a client that went away; nobody receives it
_log = logging.getLogger(__name__)


class Completions:
    """Gives the answers.

    Args:
        model: its name.
    """

    def __init__(self, adiff: ADIFF, model: str, intake: Intake, limits: ServingLimits, meters: Meters) -> None:
        self._adiff, self._model, self._intake, self._limits, self._meters = adiff, model, intake, limits, meters

    async def complete(self, request: Request) -> Response:
        """Answers a request.

        Raises:
            Refusal: there is no answer to it.
        """
        status = 500
        try:
            response = await self._complete(request)
            status = response.status_code
        except Refusal as refusal:
            status = refusal.status
            raise
        except ClientDisconnect:
            status = _GONE
            return Response(status_code=_GONE)
        finally:
            self._meters.requests.labels(status).inc()
        return response

    async def _complete(self, request: Request) -> Response:
        began = time.monotonic()
        taken = await self._intake.take(request)
        reply = Reply(self._model, self._adiff.model.config.prefix_tokens, self._notes(taken.question))
        until = began + self._limits.answer_seconds
        try:
            first = await _first_news(request, taken, until)
            if first is None or not taken.question.streamed:
                explanation = outcome(taken.waiting)
        except BaseException:
            taken.waiting.abandon()
            raise
        if not taken.question.streamed:
            self._count(explanation, began)
            return JSONResponse(reply.whole(explanation))
        events = self._events(reply, taken, first, began, until)
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _events(
        self, reply: Reply, taken: Taken, token: int | None, began: float, until: float
    ) -> AsyncIterator[bytes]:
        """Yields the events of a streamed answer, of which the first token is there."""
        text = GrowingText(self._adiff.processor)
        try:
            yield reply.first_event()
            while token is not None:
                if piece := text.add(token):
                    yield reply.event(piece)
                token = await asyncio.wait_for(taken.news.get(), until - time.monotonic())
            explanation = outcome(taken.waiting)
            self._count(explanation, began)
            if piece := text.rest_of(explanation.text):
                yield reply.event(piece)
            for event in reply.last_events(explanation, with_usage=taken.question.with_usage):
                yield event
        except TimeoutError:
            yield server_sent(_too_late().body())
        except Refusal as refusal:
            yield server_sent(refusal.body())
        finally:
            taken.waiting.abandon()

    def _notes(self, question: Question) -> tuple[str, ...]:
        tokens, most = self._adiff.processor.count_tokens(question.prompt), self._adiff.model.config.prompt_length
        if tokens <= most:
            return question.notes
        return (*question.notes, f"the model reads {most} of the {tokens} tokens of the prompt")

    def _count(self, explanation: Explanation, began: float) -> None:
        self._meters.tokens.inc(explanation.tokens)
        self._meters.seconds.observe(time.monotonic() - began)


async def _first_news(request: Request, taken: Taken, until: float) -> int | None:
    """The first token of an answer that is streamed; None once the answer is done.

    Raises:
        Refusal: it takes too long.
        ClientDisconnect: the client went away.
    """
    news, gone = asyncio.ensure_future(taken.news.get()), asyncio.ensure_future(request.receive())
    try:
        left = max(0.0, until - time.monotonic())
        done, _ = await asyncio.wait({news, gone}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        news.cancel()
    if news in done:
        return news.result()
    raise ClientDisconnect if gone in done else _too_late()


def outcome(waiting: Waiting) -> Explanation:
    """The explanation of an answer that is done.

    Raises:
        Refusal: there is none.
    """
    if waiting.answer.cancelled():
        raise Refusal(503, "the server is ending", "ending")
    fault = waiting.answer.exception()
    if isinstance(fault, Refusal):
        raise fault
    if fault is not None:
        _log.error("the model failed: %s: %s", type(fault).__name__, one_line(str(fault)))
        raise Refusal(500, "the model failed; its log says more", "model_failed")
    explanation = waiting.answer.result()
    if explanation.fault is not None:
        raise Refusal(400, f"a recording {explanation.fault.message}", "invalid_audio", "messages")
    return explanation


def _too_late() -> Refusal:
    return Refusal(503, "the answer takes too long; try again later, or with fewer tokens", "timeout")
