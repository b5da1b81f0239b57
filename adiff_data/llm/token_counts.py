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


def most_tokens_in(body: Mapping[str, Any]) -> int:
    """More tokens than the server can count in a request: no vocabulary makes more of a text than it has bytes."""
    messages = body.get("messages")
    return len(json.dumps(body)) + _TOKENS_PER_MESSAGE * (len(messages) if isinstance(messages, list) else 1)


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
