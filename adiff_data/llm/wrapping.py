"""What models and servers put around an answer, and how it is taken off."""

import json
import re
from collections.abc import Callable

from ftfy import TextFixerConfig, fix_text

from adiff_data.llm.turns import leftover_token, spoken

_CHARACTERS = TextFixerConfig(fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False)
_LINE_SEPARATORS = str.maketrans({"\u2028": " ", "\u2029": " ", "\x85": " ", "\x0b": " ", "\x0c": " ", "\xa0": " "})
_INVISIBLE = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
_SUSPECT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\ud800-\udfff\ufffd\u2028\u2029&ÂÃâð]")
_BROKEN = ("\ufffd", "â€", "ÃÂ", "<unk>", "[UNK]", "<0x", "\u0120", "\u2581", "assistantfinal")

_FENCE = re.compile(
    r"(?:\A|\n)[ \t]*(`{3,}|~{3,})(?:[ \t]*[\w+-]*[ \t]*\n)?(.*?)\s*(?:\n[ \t]*)?\1[ \t]*(?:\n|\Z)", re.DOTALL
)
_HALF_FENCE = re.compile(r"\A(?:`{3,}|~{3,})\w*\n|\n(?:`{3,}|~{3,})\Z")
_TAG_AROUND = re.compile(r"\A<((?!tool|function)[a-z][\w-]*)\b[^<>]*>(.*)</\1\s*>\Z", re.DOTALL | re.IGNORECASE)
_ANSWER = r"answer|response|output|final|final_answer|result|explanation|fewwords|sentence|detail"
_ANSWER_INSIDE = re.compile(rf"<({_ANSWER})>(.*?)(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_HALF_TAG = re.compile(rf"\A<(?:{_ANSWER})>|</(?:{_ANSWER})>\Z|(?:\s*<br\s*/?>)+\Z", re.IGNORECASE)
_BRACKETED = re.compile(rf"\A\[(?:{_ANSWER})\]|\[/(?:{_ANSWER})\]\Z", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:b|strong|i|em|u|p|span|div|small|mark)\b[^<>]*>", re.IGNORECASE)
_BOXED = re.compile(r"\A\$*\\(?:boxed|text)\{(?:\\text\{)?(.*?)\}{1,2}\$*\Z", re.DOTALL)
_EMPHASIS = re.compile(r"\A(\*{1,3}|_{1,3})(?=\S)([^*]*\S)\1\Z")
_BULLET = re.compile(r"\A(?:>|[-*•–—◆◇►▶▪■●○→✓✔★]|#{1,6}|\d{1,2}[.)])\s+(?=\S)|\A[\U0001f300-\U0001faff]\s+")
_END_MARK = re.compile(
    r"\s*[\[<]/?(?:end(?: of (?:answer|response|text))?|eos|eot|done|stop|answer)[\]>]\Z", re.IGNORECASE
)
_RULE = re.compile(r"\A[ \t]*(?:[-*_=][ \t]*){3,}(?:\n|\Z)|(?:\A|\n)[ \t]*(?:[-*_=][ \t]*){3,}\Z")

_CORE = (
    r"few[-_ ]?words?|(?:short|long|extended|one|a|single|full)?[-_ ]?sentences?|details?|detailed|answer|response|"
    r"reply|output|result|explanation|description|differences?|comparison|summary|tier[-_ ]?[123]?|final|"
    r"réponse|antwort|erklärung|respuesta|explicación|resposta|risposta|ответ|答案|回答|解释|説明|설명|답변"
)
_BESIDE = (
    r"in|a|an|one|the|of|for|my|your|final|short|brief|concise|extended|long|full|key|main|and|between|two|both|audios|"
    r"recordings|clips|sounds|word|words|explain|level|[123]|(?:assistant|model|chatbot|bot|ai)(?:['’]s)?"
)
_COUNTED = (
    r"(?:about|around|approx\.?|approximately|exactly|total|roughly|[~≈(])*\s*\d+[-\s]*(?:words?|tokens?|characters?)"
    r"(?:\s*(?:total|exactly|long))?"
)
_AROUND_LABEL = r"[\s#*_>\"'\[(]*"
_LABEL = re.compile(
    rf"\A{_AROUND_LABEL}(?:(?:{_BESIDE})[\s_,/&-]+)*(?:{_CORE})(?:[\s_,/&-]+(?:{_CORE}|{_BESIDE}))*"
    rf"(?:\s+(?:is|are)(?=\s*[:：]))?\s*(?:\([^()\n]{{0,40}}\))?[*_\"'\])]*\s*(?:[:：][*_\"'\])]*|\s[-–—](?=\s)|\n|(?<=[\])])\s)\s*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\A[\s#*_>\[<(]*(?:assistant|chatbot|bot|ai|model|gpt[-\w.]*|claude|gemini|llama|qwen)[*_\])>]*"
    r"(?:\s*\([^()\n]{0,20}\))?\s*(?:[:：][*_]*|\n|(?<=[\])>]))\s*",
    re.IGNORECASE,
)
_COUNT_BEFORE = re.compile(rf"\A[\[(*_]+\s*{_COUNTED}\.?\s*[\])*_]+\s*:?\s*", re.IGNORECASE)
_COUNT_AFTER = re.compile(
    rf"\s*(?:[\[(*_–—-]+\s*{_COUNTED}\.?\s*[\])*_]*|\n\s*{_COUNTED}\.?|"
    rf"[\[(*_]*(?:total\s+)?(?:word count|words|length)\s*[:=]\s*[~≈]?\d+(?:\s*words?)?[\])*_.]*)\s*\Z",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"\A(?:(?:sure|certainly|of course|okay|ok|absolutely|great|yes|understood|gladly)\b[^\n:.!]{0,60}[.!,:]\s*)?"
    r"(?:(?:here|below)(?:'s|’s| is| are| you| it)\b[^\n:]{0,120}:|"
    r"[^\n:]{0,80}\bas (?:requested|follows)\b[^\n:]{0,40}:)\s*",
    re.IGNORECASE,
)
_ASSENT = re.compile(
    r"\A(?:sure|certainly|of course|absolutely|okay|ok|understood|gladly)(?: thing)?(?:[!:]+\s+|[.,]?\s*\n\s*)",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"\A.*\n\s*[#*_]*(?:the\s+)?(?:final\s+(?:answer|response|output|explanation)|answer|response)[*_]*\s*[:：][*_]*\s*",
    re.DOTALL | re.IGNORECASE,
)
_EARLIER_TURN = re.compile(
    r"\A[*_\[<(]*(?:user|human|system|question)[*_\])>]*\s*[:：].*?"
    r"\n\s*[*_\[<(]*(?:assistant|chatbot|model|ai|answer)[*_\])>]*\s*[:：][*_]*\s*",
    re.DOTALL | re.IGNORECASE,
)
_THOUGHT_BEFORE = re.compile(  # a quotation, or a paragraph that says what it is
    r"\A(?:(?:[ \t]*>[^\n]*\n)+\s*(?=[^>\s])|"
    r"[*_#\s]*(?:thoughts?|thinking|reasoning|analysis)\b[*_]*\s*[:：](?:[^\n]|\n(?!\s*\n))*\n\s*\n\s*)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\n\s*[-*_(\[]*(?:let me know|i hope|hope this|feel free|happy to|would you like|is there anything|"
    r"if you(?:'d| would)? (?:need|like|want|have)|note\s*:|disclaimer\s*:)(?!\w)[^\n]*\Z",
    re.IGNORECASE,
)
_NEXT_TURN = re.compile(
    r"\n\s*(?:[*_\[<(]*(?:user|human|system|assistant|question)[*_\])>]*\s*[:：]|#{2,6}\s*(?:instruction|user|human|input|response)\b).*\Z",
    re.DOTALL | re.IGNORECASE,
)
_DOUBLE_QUOTES, _OPENING, _CLOSING_QUOTES = frozenset('"“”„«»'), frozenset("'‘‚`"), frozenset("'’`")
_QUOTE_INSIDE = re.compile(r"(?<!\w)['‘‚`]|['’`](?!\w)")
_TAIL = 60  # characters
_TEXT_KEYS = ("answer", "explanation", "text", "response", "output", "content", "result", "final_answer")


def clean(text: str) -> str:
    """The answer without what is put around it: thinking, turns, fences, tags, labels, introductions, quotation marks.

    Characters that cannot be seen are taken out, text that was decoded wrongly is decoded again, and separators of
    lines become spaces. This repeats until nothing is left to take off, since there are wrappings around wrappings.
    """
    bare = spoken(_readable(text))
    while bare:
        before = bare
        for layer in _LAYERS:
            bare = layer(bare).strip() if bare else ""
        if bare == before:
            return bare
    return bare


def leftover(text: str) -> str | None:
    """What in a cleaned text is no part of an answer and could not be taken off; None where there is nothing."""
    if broken := next((mark for mark in _BROKEN if mark in text), None):
        return broken
    if token := leftover_token(text):
        return token
    if re.match(r'\{\s*"|\[\s*[{"]', text):
        return text[:1]
    return None


def _readable(text: str) -> str:
    """The text with its characters mended, as far as they can be."""
    bare = text if text.isascii() else _INVISIBLE.sub("", text)
    if _SUSPECT.search(bare):
        bare = fix_text(bare.translate(_LINE_SEPARATORS), _CHARACTERS)
    return bare.replace("\\n", "\n")


def _without_fence(text: str) -> str:
    if "```" not in text and "~~~" not in text:
        return text
    blocks = _FENCE.findall(text)
    return blocks[0][1] if len(blocks) == 1 else _HALF_FENCE.sub("", text)


def _without_tag(text: str) -> str:
    if "<" not in text:
        return text
    if (around := _TAG_AROUND.match(text)) and f"</{around[1]}" not in around[2]:
        return around[2]
    inside = _ANSWER_INSIDE.findall(text)
    return inside[0][1] if len(inside) == 1 else _MARKUP.sub("", _HALF_TAG.sub("", text))


def _without_json(text: str) -> str:
    """The one text that a JSON value holds."""
    if text[0] not in '{["' or text[-1] not in '}]"':
        return text
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return text
    return _only_text(value) or text


def _only_text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        named = [value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)]
        value = named[:1] or list(value.values())
    return _only_text(value[0]) if isinstance(value, list) and len(value) == 1 else None


def _without_quotes(text: str) -> str:
    """Without quotation marks around all of it; one that lost its partner goes as well."""
    first, last, inner = text[0], text[-1], text[1:-1]
    if first in _DOUBLE_QUOTES and last in _DOUBLE_QUOTES and len(text) > 1:
        return inner if not _DOUBLE_QUOTES.intersection(inner) or {inner[0], inner[-1]} <= _DOUBLE_QUOTES else text
    if first in _DOUBLE_QUOTES and text[-2:-1] in _DOUBLE_QUOTES and last in ".!" and text.count(first) <= 2:
        return f"{text[1:-2].rstrip('.')}{last}"
    if first in _OPENING and last in _CLOSING_QUOTES and len(text) > 1:
        return text if _QUOTE_INSIDE.search(inner) else inner
    if sum(map(text.count, _DOUBLE_QUOTES)) == 1:
        return text.strip("".join(_DOUBLE_QUOTES))
    return text


def _without_bullet(text: str) -> str:
    return text if "\n" in text else _BULLET.sub("", text)


def _without_other_lines(text: str) -> str:
    """Without what stands on lines of its own before and after the answer."""
    if "\n" not in text:
        return text
    for pattern in (_CLOSING, _EARLIER_TURN, _NEXT_TURN, _RULE, _THOUGHT_BEFORE, _FINAL):
        text = pattern.sub("", text).strip() or text
    return text


def _without_count(text: str) -> str:
    """Without a count of its words: that stands in the first or the last few characters."""
    text = _COUNT_BEFORE.sub("", text)
    tail = text[-_TAIL:]
    return text[:-_TAIL] + _COUNT_AFTER.sub("", tail) if any(map(str.isdigit, tail)) else text


def _substitution(pattern: re.Pattern[str], replacement: str = "") -> Callable[[str], str]:
    def layer(text: str) -> str:
        rest = pattern.sub(replacement, text)
        return rest if rest.strip() else text

    return layer


_LAYERS: tuple[Callable[[str], str], ...] = (
    _without_other_lines,
    _without_fence,
    _without_tag,
    _without_json,
    _without_quotes,
    _substitution(_BRACKETED),
    _substitution(_BOXED, r"\1"),
    _substitution(_EMPHASIS, r"\2"),
    *map(_substitution, (_INTRODUCTION, _ASSENT, _ROLE, _LABEL, _END_MARK)),
    _without_count,
    _without_bullet,
)
