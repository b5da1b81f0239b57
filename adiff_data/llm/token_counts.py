"""The most tokens that a request can take, and those that a reply took where the server does not count them."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from adiff_data.llm.reply import Reply

_LIMITS = frozenset(
    {
        "max_tokens",
        "max_completion_tokens",
        "max_output_tokens",
        "maxOutputTokens",
        "max_new_tokens",
        "max_tokens_to_sample",
        "max_gen_len",
        "n_predict",
        "num_predict",
    }
)
_THINKING_LIMITS = frozenset(
    {
        "budget_tokens",
        "max_reasoning_tokens",
        "max_thinking_tokens",
        "reasoning_budget",
        "thinking_budget",
        "thinkingBudget",
        "thinking_token_budget",
    }
)
_ANSWERS = frozenset({"n", "best_of", "num_return_sequences", "candidate_count", "candidateCount"})
_TEXTS = frozenset({"messages", "prompt", "input", "response_format", "tools", "metadata"})  # what holds no parameters
_NO_LIMIT = 200_000  # more than any model answers with
_BYTES_PER_TOKEN = 4
_TOKENS_PER_MESSAGE = 16  # its role, and what marks its ends, at most
_DEEPEST = 8
_AUDIO_TOKENS, _MOST_AUDIO_TOKENS = 25, 100  # a second: models that hear make 10 to 50 of it


def most_tokens_in(body: Mapping[str, Any]) -> int:
    """More tokens than the server can count in a request, apart from its audio: no vocabulary makes more of a text than
    it has bytes.
    """
    messages = body.get("messages")
    if not isinstance(messages, list):
        return len(json.dumps(body)) + _TOKENS_PER_MESSAGE
    texts = [message | {"content": _without_audio(message.get("content"))} for message in messages]
    return len(json.dumps({**body, "messages": texts})) + _TOKENS_PER_MESSAGE * len(messages)


def most_audio_tokens(seconds: float) -> int:
    """More tokens than any server counts in so many seconds of audio."""
    return math.ceil(seconds * _MOST_AUDIO_TOKENS)


def expected_audio_tokens(seconds: float) -> int:
    """About how many tokens so many seconds of audio are."""
    return round(seconds * _AUDIO_TOKENS)


def text_of(content: str | list[dict[str, Any]]) -> str:
    """The text of a message: all of it, or that of its parts."""
    return content if isinstance(content, str) else "\n".join(str(part.get("text", "")) for part in content)


def most_tokens_out(body: Mapping[str, Any]) -> int:
    """The most tokens that can be billed for the answers to a request, by the limits in it, wherever they stand."""
    limits, thinking, answers = [], [0], [1]
    for name, value in _parameters(body):
        if name in _LIMITS and value is not None:
            limits.append(_as_limit(value))
        elif name in _THINKING_LIMITS and value is not None:
            thinking.append(_as_limit(value))
        elif name in _ANSWERS and value is not None:
            answers.append(_as_limit(value))
    return (max(limits, default=_NO_LIMIT) + max(thinking)) * max(answers)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is."""
    return len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN


def with_estimates(reply: Reply, expected_tokens_in: int) -> Reply:
    """A reply whose tokens the server did not count, with what its text tells about them."""
    return replace(
        reply,
        tokens_in=max(reply.tokens_in, expected_tokens_in),
        tokens_out=max(reply.tokens_out, estimated_tokens(reply.text) + 1),
    )


def with_audio_tokens(reply: Reply, expected_text_tokens: int) -> Reply:
    """A reply to a request with audio; where the server does not count its tokens, they are all but those of text."""
    return reply if reply.audio_tokens else replace(reply, audio_tokens=max(0, reply.tokens_in - expected_text_tokens))


def _without_audio(content: object) -> object:
    if not isinstance(content, list):
        return content
    return [part for part in content if not (isinstance(part, dict) and part.get("type") == "input_audio")]


def _parameters(fields: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every parameter in a body, those in objects within it too."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            if name not in _TEXTS and depth < _DEEPEST:
                yield from _parameters(value, depth + 1)
        else:
            yield name, value


def _as_limit(value: object) -> int:
    """What a server may take a value for; below one, or no number, it is none at all."""
    try:
        number = float(str(value))
    except ValueError:
        return _NO_LIMIT
    return math.ceil(number) if 0 < number < math.inf else _NO_LIMIT
