"""What the page asks for: a recording's spectrogram, and all that the model says of two recordings, claim by claim."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import astuple
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adiff_data.audio.differences import PairFacts
from adiff_data.claims import Outcome, PairTruth, caption_words, truth_of_captions
from adiff_data.claims.judged import judged_claims
from adiff_data.claims.marks import claim_marks
from adiff_data.core.errors import AdiffError
from adiff_data.tiers import TIERS
from adiff_model.adiff import Explanation
from adiff_model.evaluation.clips import draw_spectrogram
from adiff_model.events import DETECTION_THRESHOLD, Event
from adiff_model.generation import Decoding
from adiff_model.serving.answering import Answering, Waiting
from adiff_model.serving.completions import outcome
from adiff_model.serving.intake import Intake
from adiff_model.serving.limits import ServingLimits
from adiff_model.serving.recordings import Recording
from adiff_model.serving.refusals import Refusal


class Comparing:
    """Answers the page."""

    def __init__(self, answering: Answering, intake: Intake, limits: ServingLimits) -> None:
        self._answering, self._intake, self._limits = answering, intake, limits

    async def picture(self, request: Request) -> Response:
        """`POST /spectrogram`: of the recording that is the body.

        Raises:
            Refusal: it is no recording, or over a limit.
        """
        with ExitStack() as held:
            recording = await self._intake.read_recording(request, held)
            return JSONResponse({"picture": await self._intake.work(lambda: _drawn(recording))})

    async def compare(self, request: Request) -> Response:
        """`POST /compare`: the body is that of a chat completion; its prompt and settings do not count.

        Raises:
            Refusal: there is no answer to it.
        """
        with ExitStack() as held:
            with self._answering.arriving():
                _, recordings = await self._intake.read(request, held)
                asked = {name: Waiting(recordings, tier.request, Decoding()) for name, tier in TIERS.items()}
                for waiting in asked.values():
                    self._answering.ask(waiting)
            try:
                facts = await self._intake.work(lambda: _measured(recordings))
                explained = await self._explained(asked)
            finally:
                for waiting in asked.values():
                    waiting.abandon()
        return JSONResponse(_told(explained, facts))

    async def _explained(self, asked: Mapping[str, Waiting]) -> dict[str, Explanation]:
        answers = [asyncio.wrap_future(waiting.answer) for waiting in asked.values()]
        _, late = await asyncio.wait(answers, timeout=self._limits.answer_seconds)
        if late:
            raise Refusal(503, "the answers take too long; try again later", "timeout")
        return {name: outcome(waiting) for name, waiting in asked.items()}


def _drawn(recording: Recording) -> str:
    try:
        return draw_spectrogram(recording.path)
    except AdiffError as fault:
        raise Refusal(400, f"the recording {fault.message}", "invalid_audio") from None


def _measured(recordings: Sequence[Recording]) -> PairFacts | None:
    """What is measured on both; None where it cannot be."""
    from adiff_data.audio.acoustics import measure_file  # noqa: PLC0415 - librosa takes seconds

    try:
        return PairFacts(*(measure_file(recording.path) for recording in recordings))
    except AdiffError:
        return None


def _told(explained: Mapping[str, Explanation], facts: PairFacts | None) -> dict[str, Any]:
    """What the page shows. Claims are held against what was heard and measured."""
    any_of_them = next(iter(explained.values()))
    heard = any_of_them.events1, any_of_them.events2
    truth = truth_of_captions(_names(heard[0]), _names(heard[1]), caption_words, facts)
    return {
        "events": [[[event.name, event.probability] for event in events] for events in heard],
        "differences": [difference.words() for difference in facts.differences] if facts else [],
        "answers": [_answer(name, explanation, truth) for name, explanation in explained.items()],
    }


def _answer(tier: str, explanation: Explanation, truth: PairTruth) -> dict[str, Any]:
    claims = judged_claims(explanation.text, truth, caption_words)
    marks = claim_marks(explanation.text, [claim for claim in claims if claim.outcome != Outcome.UNDECIDED])
    return {
        "tier": tier,
        "text": explanation.text,
        "marks": [astuple(mark) for mark in marks],
        "unheard": list(explanation.unheard),
        "complete": explanation.complete,
    }


def _names(events: Sequence[Event]) -> str:
    """The events that count as detected, as a caption would name them."""
    return ", ".join(event.name for event in events if event.probability >= DETECTION_THRESHOLD)
