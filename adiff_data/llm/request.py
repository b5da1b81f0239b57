"""One chat completion to be asked for, and how many tokens it may take."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adiff_data.llm.options import LIMIT_FIELDS, ModelOptions
from adiff_data.llm.prices import Price
from adiff_data.llm.token_counts import (
    estimated_tokens,
    expected_audio_tokens,
    most_audio_tokens,
    most_tokens_in,
    most_tokens_out,
    text_of,
)

Messages = list[dict[str, Any]]  # `role` and `content` of each: a text, or parts, recordings among them
_TOKENS_PER_WORD = 1.35  # English prose in the byte-pair vocabularies of today's models


@dataclass(frozen=True)
class Request:
    """What is asked, apart from the model and its parameters.

    Attributes:
        messages: the chat messages.
        token_limit: the most tokens that the answer may have.
        expected_tokens: the tokens that it will probably have.
        response_format: the JSON schema that it must follow, in the API's form; None for plain text.
        attempt: how often the same was asked before, 0 at first: a repeated request has another seed.
        cuts: how often the token limit cut the answer to the same: each doubles the limit.
        audio_seconds: how long the recordings in the messages are, all together.
        draw: added to the seed, so that the same may be asked for several answers.
    """

    messages: Messages
    token_limit: int
    expected_tokens: int
    response_format: dict[str, Any] | None = None
    attempt: int = 0
    cuts: int = 0
    audio_seconds: float = 0.0
    draw: int = 0

    @property
    def expected_tokens_in(self) -> int:
        """About how many tokens the messages are."""
        return self.expected_text_tokens + expected_audio_tokens(self.audio_seconds)

    @property
    def expected_text_tokens(self) -> int:
        """About how many of them are text."""
        return sum(estimated_tokens(text_of(message["content"])) + 4 for message in self.messages)

    def most_tokens_out(self, options: ModelOptions) -> int:
        """The most tokens that can be billed for its answers."""
        return most_tokens_out(self.body(options))

    def most_cost(self, options: ModelOptions, price: Price | None) -> float:
        """The most that it can cost, in US dollars; 0 without a price."""
        return most_cost(self.body(options), price, self.audio_seconds)

    def body(self, options: ModelOptions) -> dict[str, Any]:
        """The fields of the HTTP request: a field of `extra_body` replaces ours, and null there takes it out."""
        body: dict[str, Any] = {
            "model": options.model,
            "messages": self.messages,
            "temperature": options.temperature,
        }
        if not any(options.extra_body.get(name) is not None for name in LIMIT_FIELDS):
            limit_field = "max_tokens" if options.base_url else "max_completion_tokens"
            body[limit_field] = options.max_tokens or self.token_limit * 2**self.cuts
        if options.seed is not None:
            body["seed"] = options.seed + self.draw + self.attempt
        if options.reasoning_effort is not None:
            body["reasoning_effort"] = options.reasoning_effort
        if self.response_format is not None:
            body["response_format"] = self.response_format
        if not options.extra_body:
            return body
        return {name: value for name, value in (body | options.extra_body).items() if not _is_taken_out(name, options)}


def most_cost(body: Mapping[str, Any], price: Price | None, audio_seconds: float = 0.0) -> float:
    """The most that a request can cost, in US dollars; 0 without a price.

    Args:
        body: its fields.
        audio_seconds: of the recordings in it.
    """
    if price is None:
        return 0.0
    audio = most_audio_tokens(audio_seconds)
    return price.of(most_tokens_in(body) + audio, most_tokens_out(body), audio)


def _is_taken_out(name: str, options: ModelOptions) -> bool:
    return name in options.extra_body and options.extra_body[name] is None


def token_limit_of(words: int) -> int:
    """The most tokens that an answer of about `words` words may have: twice the expected number, and some."""
    return math.ceil(words * _TOKENS_PER_WORD * 2) + 40


def expected_tokens_of(words: int) -> int:
    """The tokens of an answer of `words` words."""
    return round(words * _TOKENS_PER_WORD)


def as_data(text: str) -> str:
    """A text on one line and without tags, so that it cannot close the tag that it is quoted in."""
    return re.sub(r"\s+", " ", text.replace("<", "‹").replace(">", "›")).strip()
