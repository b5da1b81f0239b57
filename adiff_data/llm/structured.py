"""Reading answers that were asked for as a JSON object, in whatever a model makes of it."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from adiff_data.llm.turns import spoken
from adiff_data.llm.wrapping import clean

_TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')
_TEXT_KEYS = ("answer", "text", "explanation", "value", "content", "response", "output", "description")
_NAME_KEYS = ("tier", "name", "type", "key", "label", "level")
_DEEPEST = 4
_MOST_BEGINNINGS = 50  # places of a reply at which JSON is looked for
_NOT_SUPPORTED = re.compile(
    r"response_?format|json[_ ]?schema|json[_ ]?(?:mode|object)|structured[_ ]?outputs?|guided[_ ]?(?:json|decoding)|"
    r"grammar|output_?schema|response_?schema",
    re.IGNORECASE,
)


def read_texts(reply: str, keys: Sequence[str]) -> dict[str, str]:
    """The texts of a reply that should be a JSON object, by key, each cleaned; a text that is not there is left out.

    The object may stand in a fence or after prose, in a list, under another key, or in pieces; it may have a comma too
    many, be written as Python writes it, or write its keys in another way ("Few words" for `fewwords`).
    """
    best: dict[str, str] = {}
    for value in values_in(reply):
        texts = {key: text for key, text in _texts(value, keys, 0) if text}
        if len(texts) >= len(best):  # the last of several, as a model writes its answer after a draft
            best = texts
    return {key: text for key in keys if key in best and (text := clean(best[key]))}


def is_unsupported(reason: str) -> bool:
    """Whether a server's reason for not taking a request is that it wants structured output."""
    return bool(_NOT_SUPPORTED.search(reason))


def values_in(reply: str) -> Iterator[object]:
    """The JSON values in what a reply says aloud, each taken as far as it goes."""
    text = spoken(reply)
    without_commas = _TRAILING_COMMA.sub(lambda match: match[1] or "", text)
    decoder = json.JSONDecoder(strict=False)
    found_object, begin = False, 0
    for _ in range(_MOST_BEGINNINGS):
        match = re.compile(r'[{\[]|\A\s*"').search(without_commas, begin)
        if match is None:
            break
        try:
            value, begin = decoder.raw_decode(without_commas, match.end() - 1)
        except (ValueError, RecursionError):
            begin = match.end()
            continue
        found_object = True
        yield json_in_text(value)
    if not found_object and (python := _python_value(text)) is not None:
        yield python


def json_in_text(value: object) -> object:
    """What a text holds that is JSON itself, since some models write it twice; any other value as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return value


def _python_value(text: str) -> object:
    literal = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        return ast.literal_eval(literal.group()) if literal else None
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None


def _texts(value: object, keys: Sequence[str], depth: int) -> Iterator[tuple[str, str]]:
    """Keys with their texts, wherever they stand in a value."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            yield from _texts(part, keys, depth + 1)
    if not isinstance(value, Mapping):
        return
    named = next((key for name in _NAME_KEYS if (key := _key_of(value.get(name), keys))), None)
    if named and (text := _text_of(value, depth)):
        yield named, text
        return
    for name, inner in value.items():
        key = _key_of(name, keys)
        text = _text_of(inner, depth) if key else None
        if key and text:
            yield key, text
        elif not isinstance(inner, str):
            yield from _texts(inner, keys, depth + 1)


def _text_of(value: object, depth: int) -> str | None:
    """The one text that a value holds."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
        return value if isinstance(value, str) else None
    if isinstance(value, Mapping):
        return next((value[name] for name in _TEXT_KEYS if isinstance(value.get(name), str)), None)
    return None


def _key_of(name: object, keys: Sequence[str]) -> str | None:
    """The key that a name means: itself, or the only one that stands in it."""
    if not isinstance(name, str):
        return None
    bare = re.sub(r"[\W_]+", "", name).lower()
    if bare in keys:
        return bare
    meant = [key for key in keys if key in bare]
    return meant[0] if len(meant) == 1 else None
