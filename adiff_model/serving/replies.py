"""The answers of the endpoint, in the shape of OpenAI's chat completions; what else the model tells is in `adiff`."""

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from adiff_model.adiff import Explanation
from adiff_model.processor import AdiffProcessor


@dataclass(frozen=True)
class Reply:
    """What all parts of one answer share.

    Attributes:
        prompt_tokens: the number of vectors that the language model reads before the answer.
        notes: what of the request the model does not read.
    """

    model: str
    prompt_tokens: int
    notes: Sequence[str]
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, explanation: Explanation) -> dict[str, Any]:
        """The answer in one piece."""
        message = {"role": "assistant", "content": explanation.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _reason(explanation)}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": self._usage(explanation),
            "adiff": self._told(explanation),
        }

    def first_event(self) -> bytes:
        """The beginning of a streamed answer."""
        return self._event({"role": "assistant", "content": ""})

    def event(self, text: str) -> bytes:
        """A piece of a streamed answer."""
        return self._event({"content": text})

    def last_events(self, explanation: Explanation, *, with_usage: bool) -> Iterator[bytes]:
        """Yields the end of a streamed answer."""
        yield self._event({}, finish_reason=_reason(explanation), adiff=self._told(explanation))
        if with_usage:
            chunk = self._head("chat.completion.chunk") | {"choices": [], "usage": self._usage(explanation)}
            yield server_sent(chunk)
        yield b"data: [DONE]\n\n"

    def _event(self, delta: dict[str, str], finish_reason: str | None = None, **further: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return server_sent(self._head("chat.completion.chunk") | {"choices": [choice]} | further)

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _usage(self, explanation: Explanation) -> dict[str, int]:
        total = self.prompt_tokens + explanation.tokens
        counts = {"prompt_tokens": self.prompt_tokens, "completion_tokens": explanation.tokens}
        return counts | {"total_tokens": total}

    def _told(self, explanation: Explanation) -> dict[str, Any]:
        return {
            "events1": [asdict(event) for event in explanation.events1],
            "events2": [asdict(event) for event in explanation.events2],
            "unheard": list(explanation.unheard),
            "notes": list(self.notes),
        }


class GrowingText:
    """The text of an answer while its tokens come."""

    def __init__(self, processor: AdiffProcessor) -> None:
        self._processor = processor
        self._tokens: list[int] = []
        self._told = ""

    def add(self, token: int) -> str:
        """What a further token adds to the text; nothing while a character is incomplete or a space may be the last."""
        self._tokens.append(token)
        return self.rest_of(self._processor.text(self._tokens).rstrip("\N{REPLACEMENT CHARACTER} "))

    def rest_of(self, text: str) -> str:
        """What of a text was not told yet."""
        if not text.startswith(self._told):
            return ""
        rest, self._told = text[len(self._told) :], text
        return rest


def server_sent(content: dict[str, Any]) -> bytes:
    """An event of a stream."""
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _reason(explanation: Explanation) -> str:
    return "stop" if explanation.complete else "length"
