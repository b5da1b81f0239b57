"""One chat completion to be asked for, and how many tokens it may take."""

import math
import re
from dataclasses import dataclass
from typing import Any

from adiff_data.llm.options import ModelOptions

Messages = list[dict[str, str]]  # `role` and `content` of each
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
    """

    messages: Messages
    token_limit: int
    expected_tokens: int
    response_format: dict[str, Any] | None = None
    attempt: int = 0

    @property
    def expected_tokens_in(self) -> int:
        """About how many tokens the messages are: four bytes each."""
        return sum(len(message["content"].encode()) // 4 + 4 for message in self.messages)

    @property
    def most_tokens_in(self) -> int:
        """More tokens than the messages can be: no vocabulary makes more of them than they have bytes."""
        return sum(len(message["content"].encode()) + 16 for message in self.messages)

    def most_tokens_out(self, options: ModelOptions) -> int:
        """The most tokens that can be billed for answers, whatever `extra_body` changes about their limit."""
        extra = options.extra_body
        limits = [extra[name] for name in ("max_tokens", "max_completion_tokens") if isinstance(extra.get(name), int)]
        answers = extra["n"] if isinstance(extra.get("n"), int) else 1
        return int(max([self.token_limit, *limits]) * answers)

    def body(self, options: ModelOptions) -> dict[str, Any]:
        """The fields of the HTTP request."""
        limit_field = "max_tokens" if options.base_url else "max_completion_tokens"
        body: dict[str, Any] = {
            "model": options.model,
            "messages": self.messages,
            "temperature": options.temperature,
            limit_field: self.token_limit,
        }
        if options.seed is not None:
            body["seed"] = options.seed + self.attempt
        if self.response_format is not None:
            body["response_format"] = self.response_format
        return body | options.extra_body


def token_limit_of(words: int) -> int:
    """The most tokens that an answer of about `words` words may have: twice the expected number, and some."""
    return math.ceil(words * _TOKENS_PER_WORD * 2) + 40


def expected_tokens_of(words: int) -> int:
    """The tokens of an answer of `words` words."""
    return round(words * _TOKENS_PER_WORD)


def as_data(text: str) -> str:
    """A text on one line and without tags, so that it cannot close the tag that it is quoted in."""
    return re.sub(r"\s+", " ", text.replace("<", "‹").replace(">", "›")).strip()
