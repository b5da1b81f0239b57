"""Which part of an answer is about which audio."""

import re
from functools import lru_cache
from typing import NamedTuple

_NOUN = r"(?:audio|recording|clip|sound|track|file|sample)s?"
_ONE = rf"\b{_NOUN}\s*[#(]?\s*(?:1|one)\b\)?|\b(?:the\s+)?(?:first|former)\s+{_NOUN}\b|\bthe\s+(?:first|former)\b|\(1\)"
_TWO = (
    rf"\b{_NOUN}\s*[#(]?\s*(?:2|two)\b\)?|\b(?:the\s+)?(?:second|latter|other)\s+(?:{_NOUN}|one)\b"
    r"|\bthe\s+(?:second|latter|other)\b|\(2\)"
)
_MARKER = re.compile(f"(?P<one>{_ONE})|(?P<two>{_TWO})", re.IGNORECASE)
_CONTRAST = (
    r"\b(?:whereas|while|whilst|in contrast|by contrast|but|unlike|compared (?:to|with)|versus|vs|against|and the)\b"
)
_CLAUSE_END = re.compile(rf"(?<=[.;!?])\s+|(?={_CONTRAST})", re.IGNORECASE)
_QUOTED = re.compile(r"“[^“”]*”")
_CONTRAST_WORD = re.compile(_CONTRAST, re.IGNORECASE)
_BEHIND = re.compile(r"(?:\S+\s+){2,}(?:in|from|of|on|for|by|makes|making)\s+$", re.IGNORECASE)

_PAUSE = re.compile(r"\w+\W+\w+\W+\w+.*[,;:–—]\s*(?:and\s+)?(?:(?:in|for|with)\s+)?$", re.IGNORECASE)

SENTENCE_END = re.compile(r"[.!?;]\s")


class Sides(NamedTuple):
    """What an answer says of audio 1 and of audio 2; `marked` tells which audios it names."""

    first: str
    second: str
    marked: frozenset[int]


class SideSpan(NamedTuple):
    """A part of a text, `text[start:end]`, and the audio that it is about; 0 before any audio is named."""

    start: int
    end: int
    side: int


@lru_cache(maxsize=16_384)  # several checks ask it of each answer
def sides_of(answer: str) -> Sides:
    """Gives each part of an answer to an audio, as `side_spans` does."""
    spans = side_spans(answer)
    texts = {
        side: " ".join(_MARKER.sub(" ", answer[span.start : span.end]) for span in spans if span.side == side).strip()
        for side in (1, 2)
    }
    return Sides(texts[1], texts[2], frozenset(_side(match) for match in _MARKER.finditer(answer)))


@lru_cache(maxsize=16_384)
def side_spans(answer: str) -> tuple[SideSpan, ...]:
    """Which part of an answer is about which audio, in order.

    A clause that names one audio is about that one; one that names none goes on with the last. Where no audio is
    named, the first contrast ("whereas", "while", "but" …) parts the two.
    """
    marked = {_side(match) for match in _MARKER.finditer(answer)}
    if not marked:
        return tuple(_parted_by_contrast(answer))
    spans: list[SideSpan] = []
    current = 0
    for start, end in clauses(answer):
        named = list(_MARKER.finditer(answer, start, end))
        if not named and len(marked) == 1 and _CONTRAST_WORD.match(answer, start, end):
            current = 3 - min(marked)
        spans += _given(answer, start, end, named, current) if named else [SideSpan(start, end, current)]
        current = _side(named[-1]) if named else current
    unmarked = {1, 2} - marked
    if unmarked and not any(span.side in unmarked for span in spans):
        spans = [span._replace(side=span.side or min(unmarked)) for span in spans]
    return tuple(spans)


def side_markers(text: str) -> list[tuple[int, int, int]]:
    """Where a text names an audio: start, end, and which (1 or 2)."""
    return [(match.start(), match.end(), _side(match)) for match in _MARKER.finditer(text)]


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the clauses of a text start and end; what is quoted (“…”) is not parted."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    breaks = [
        match.span()
        for match in _CLAUSE_END.finditer(text)
        if not any(start < match.start() < end for start, end in quoted)
    ]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    return list(zip(starts, ends, strict=True))


def sentence_before(answer: str, end: int) -> str:
    """The part of a sentence that stands before `end`."""
    return SENTENCE_END.split(answer[:end])[-1]


def _side(match: re.Match[str]) -> int:
    return 1 if match.lastgroup == "one" else 2


def _given(text: str, start: int, end: int, named: list[re.Match[str]], current: int) -> list[SideSpan]:
    """Gives a clause to the audios that it names."""
    first = named[0]
    if len({_side(match) for match in named}) == 1:
        side = _side(first)
        if current == 3 - side and _PAUSE.search(text[start : first.start()]):
            # "…, a bell tolls, the second audio is …"
            return [SideSpan(start, first.start(), current), SideSpan(first.start(), end, side)]
        return [SideSpan(start, end, side)]
    if _BEHIND.search(text[start : first.start()]):  # "a dog barks in audio 1, rain falls in audio 2"
        starts = [start, *(match.end() for match in named)]
        ends = [*(match.start() for match in named), end]
        sides = [*map(_side, named), _side(named[-1])]
        return [SideSpan(*span) for span in zip(starts, ends, sides, strict=True)]
    ends = [*(match.start() for match in named[1:]), end]
    return [SideSpan(match.end(), stop, _side(match)) for match, stop in zip(named, ends, strict=True)]


def _parted_by_contrast(answer: str) -> list[SideSpan]:
    match = _CONTRAST_WORD.search(answer)
    if match is None:
        return [SideSpan(0, len(answer), 1)]
    if match.start() == 0:  # "While the one …, the other …"
        comma = answer.find(",")
        head, tail = (len(answer), len(answer)) if comma < 0 else (comma, comma + 1)
    else:
        head, tail = match.start(), match.end()
    return [SideSpan(0, head, 1), SideSpan(tail, len(answer), 2)]
