"""Reading a chat completion: the one place that knows in how many ways servers write the same thing.

OpenAI's own form is what most servers mean. Gateways, other vendors and older programs differ from it in every field:
texts in parts, counts as strings, finish reasons as numbers, a message that is a text, `text` in place of a message.
What can be understood is; what is not there is left out of the reply, and only a body without any message is an error.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from adiff_data.llm.reply import Reply

_TEXT_FIELDS = ("content", "text", "output_text", "value", "parts")  # where a message or a part keeps its text
_MESSAGE_FIELDS = (
    "message",
    "delta",
    "text",
    "content",
)  # where a choice, or a body without choices, keeps its message
_UNSPOKEN = frozenset({"thinking", "reasoning", "redacted_thinking", "reference", "tool_call", "tool_use", "function"})
_REASON_FIELDS = ("finish_reason", "finishReason", "stop_reason", "done_reason")
_USAGE_FIELDS = ("usage", "usageMetadata", "usage_metadata")
_IN_FIELDS = ("prompt_tokens", "input_tokens", "promptTokens", "inputTokens", "promptTokenCount", "prompt_eval_count")
_OUT_FIELDS = (
    "completion_tokens",
    "output_tokens",
    "completionTokens",
    "outputTokens",
    "candidatesTokenCount",
    "eval_count",
)
_TOTAL_FIELDS = ("total_tokens", "totalTokens", "totalTokenCount")
_REASONING_FIELDS = ("reasoning_tokens", "reasoningTokens", "thoughtsTokenCount")
_DETAIL_FIELDS = ("completion_tokens_details", "output_tokens_details", "completionTokensDetails")
_PROMPT_FIELDS = ("prompt_tokens_details", "input_tokens_details", "promptTokensDetails")
_AUDIO_FIELDS = ("audio_tokens", "audioTokens")
_BROKEN_OFF = "error"
_COMMENTS = re.compile(r"(?:\s|:[^\n]*\n)*")  # of server-sent events, which gateways send while they wait
_MOST_TOKENS = 10**9  # a larger count is no count


class NoCompletion(ValueError):
    """The body is no chat completion.

    Attributes:
        error: what the server put under `error`, as some do under status 200; None where it said nothing.
    """

    def __init__(self, reason: str, error: object = None) -> None:
        super().__init__(reason)
        self.error = error


def read_completion(body: bytes | str | Mapping[str, Any]) -> Reply:
    """The reply in the body of a chat completion.

    Args:
        body: as it came, or what its JSON holds.

    Raises:
        NoCompletion: it holds no message, as a proxy's error page under status 200 does not.
    """
    fields = body if isinstance(body, Mapping) else _read_json(body)
    choice = _first_choice(fields)
    message = _message_of(choice or {})
    text = "".join(_texts(message))
    error = fields.get("error")
    if error and not text:
        raise NoCompletion(f"the server answered with an error: {_in_words(error)}", error)
    tokens_in, tokens_out = _tokens(fields)
    if choice is None and not tokens_out:  # else tokens are billed, and nothing was said for them
        raise NoCompletion("not a chat completion")
    return Reply(
        text=text,
        finish_reason=_finish_reason(choice or {}, fields),
        tokens_in=tokens_in or 0,
        tokens_out=tokens_out or 0,
        counted=bool(tokens_in) and tokens_out is not None and (tokens_out > 0 or not text),
        refusal=_refusal(message),
        audio_tokens=min(_audio_tokens(fields), tokens_in or 0),
    )


def _read_json(body: bytes | str) -> Mapping[str, Any]:
    """The object that a body holds; control characters in its texts are let through, as servers send them raw."""
    text = body if isinstance(body, str) else body.decode(json.detect_encoding(body), "replace")
    fields = _read_value(text)
    if isinstance(fields, list) and len(fields) == 1:
        fields = fields[0]
    if not isinstance(fields, dict):
        raise NoCompletion("not a chat completion")
    return fields


def _read_value(text: str) -> object:
    """The JSON of a body: all of it, a stream, or the first value, with comments before it and anything after it."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    if (streamed := _read_stream(text)) is not None:
        return streamed
    begin = text.find("{")
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, begin)[0] if _COMMENTS.fullmatch(text[:begin]) else None
    except (ValueError, RecursionError, IndexError):
        return None


def _read_stream(text: str) -> object:
    """A body of server-sent events or of JSON lines, as servers send it that stream unasked, as one completion.

    A stream of texts that ends without a reason and without its last event was broken off.
    """
    texts: list[str] = []
    merged: dict[str, Any] = {}
    lines = [line.strip() for line in text.split("\n")]
    reason = None if "data: [DONE]" in lines or "data:[DONE]" in lines else _BROKEN_OFF
    for line in lines:
        if not line.startswith(("data:", '{"')):
            continue
        try:
            event = json.loads(line.removeprefix("data:"), strict=False)
        except (ValueError, RecursionError):
            continue  # the last event is no JSON, but [DONE]
        if isinstance(event, dict):
            choice = _first_choice(event) or {}
            texts += _texts(choice.get("delta") or choice.get("message") or choice.get("text"))
            reason = next((choice[name] for name in _REASON_FIELDS if choice.get(name)), reason)
            merged |= {name: value for name, value in event.items() if value}
    if not merged:
        return None
    return (
        merged | {"choices": [{"message": {"content": "".join(texts)}, "finish_reason": reason}]} if texts else merged
    )


def _first_choice(fields: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first choice that says something, or the body itself where it is a message; None where it is neither."""
    choices = fields.get("choices")
    if isinstance(choices, list):
        given = [choice for choice in choices if choice]
        speaking = (each for each in given if isinstance(each, dict) and any(_texts(_message_of(each))))
        choices = next(speaking, given[0] if given else None)
        if isinstance(choices, str):
            return {"text": choices}
    if isinstance(choices, dict) and any(name in choices for name in (*_MESSAGE_FIELDS, *_REASON_FIELDS)):
        return choices
    message = fields.get("message")
    is_message = isinstance(message, dict) and "content" in message
    speaks = fields.get("role") == "assistant" or any(isinstance(fields.get(name), dict) for name in _USAGE_FIELDS)
    if is_message or (speaks and any(fields.get(name) for name in _MESSAGE_FIELDS)):
        return fields
    return None  # such as {"message": "the model is loading"}


def _message_of(choice: Mapping[str, Any]) -> object:
    """The message of a choice: the first of its fields that says something."""
    given = [choice[name] for name in _MESSAGE_FIELDS if choice.get(name)]
    return next((message for message in given if any(_texts(message))), given[0] if given else None)


def _texts(content: object, depth: int = 0) -> Iterator[str]:
    """The texts of a message or of its parts, without those that only think."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list) and depth < 6:
        for part in content:
            yield from _texts(part, depth + 1)
    elif isinstance(content, dict) and depth < 6 and not _is_thought(content):
        named = next((content[name] for name in _TEXT_FIELDS if content.get(name) is not None), None)
        yield from _texts(named, depth + 1)


def _is_thought(part: Mapping[str, Any]) -> bool:
    """Whether a part of a message is none of what it says aloud; Gemini's thoughts are texts with a mark."""
    return str(part.get("type")) in _UNSPOKEN or part.get("thought") is True


def _refusal(message: object) -> str | None:
    """The API's own field for a refusal, of the message or of one of its parts."""
    if not isinstance(message, dict):
        return None
    parts = message.get("content")
    holders = [message, *(part for part in parts if isinstance(part, dict))] if isinstance(parts, list) else [message]
    return next((str(holder["refusal"]) for holder in holders if holder.get("refusal")), None)


def _finish_reason(choice: Mapping[str, Any], fields: Mapping[str, Any]) -> str | None:
    """Why the message ended, as the server says it, in text; `error` where a choice has an error instead."""
    if choice.get("error") and choice is not fields:
        return _BROKEN_OFF
    for holder in (choice, fields):
        for name in _REASON_FIELDS:
            reason = holder.get(name)
            if isinstance(reason, dict):
                reason = reason.get("type") or reason.get("reason")
            if reason is not None and not isinstance(reason, list | dict):
                return str(reason)
    return None


def _tokens(fields: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Tokens in and out, None where they are not told. What a model thought is billed, so it is counted as out."""
    usage = next(_usages(fields), fields)
    tokens_in, tokens_out, total = (_count(usage, names) for names in (_IN_FIELDS, _OUT_FIELDS, _TOTAL_FIELDS))
    reasoning = max((_count(holder, _REASONING_FIELDS) or 0 for holder in (usage, *_details(usage))), default=0)
    counts = [] if tokens_out is None else [tokens_out]
    if total is not None and tokens_in is not None:
        counts.append(total - tokens_in)
    if reasoning > (tokens_out or 0):  # more than what it should be a part of: it is counted beside it
        counts.append(reasoning + (tokens_out or 0))
    return tokens_in, max(counts) if counts else None


def _audio_tokens(fields: Mapping[str, Any]) -> int:
    """How many of the tokens in are audio; 0 where that is not told."""
    usage = next(_usages(fields), fields)
    details = (usage[name] for name in _PROMPT_FIELDS if isinstance(usage.get(name), dict))
    return next((count for each in details if (count := _count(each, _AUDIO_FIELDS))), 0)


def _usages(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The counts of tokens: beside the choices, or else in one of them or under a vendor's own field."""
    choices = fields.get("choices")
    for holder in (fields, *(choices if isinstance(choices, list) else ()), *fields.values()):
        if isinstance(holder, dict):
            given = (holder.get(name) for name in _USAGE_FIELDS)
            yield from (usage for usage in given if isinstance(usage, dict))


def _details(usage: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (usage[name] for name in _DETAIL_FIELDS if isinstance(usage.get(name), dict))


def _count(usage: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """The first of the counts that is told, whether as a number or as text."""
    for name in names:
        value = usage.get(name)
        if isinstance(value, str):
            value = _number(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS:
            return math.ceil(value)
    return None


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _in_words(error: object) -> str:
    """What an error says, whether it is an object with a message or a text."""
    if isinstance(error, dict):
        return str(error.get("message") or error.get("code") or error.get("type") or error)
    return str(error)
