"""Which part of an answer is about which audio, and the check that there is something about both."""

import re
from typing import NamedTuple

from adiff_data.checks.verdicts import Finding, Reason, failed, passed, undecided
from adiff_data.records import Annotation

NAME = "both sides"


class SidesReason(Reason):
    """Why an answer does not tell the two audios apart."""

    ONLY_CONTRASTED = "it names no audio, and a contrast alone parts the two"
    NEITHER_NAMED = "it names neither audio and contrasts nothing"
    ONE_MISSING = "it says nothing of audio {audio}"


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
_CONTRAST_WORD = re.compile(_CONTRAST, re.IGNORECASE)
_BEHIND = re.compile(r"(?:\S+\s+){2,}(?:in|from|of|on|for|by|makes|making)\s+$", re.IGNORECASE)

_PAUSE = re.compile(r"\w+\W+\w+\W+\w+.*[,;:–—]\s*(?:and\s+)?(?:(?:in|for|with)\s+)?$", re.IGNORECASE)


class Sides(NamedTuple):
    """What an answer says of audio 1 and of audio 2; `marked` tells which audios it names."""

    first: str
    second: str
    marked: frozenset[int]


def sides_of(answer: str) -> Sides:
    """Gives each part of an answer to an audio.

    A clause that names one audio is about that one; one that names none goes on with the last. Where no audio is
    named, the first contrast ("whereas", "while", "but" …) parts the two.
    """
    marked = frozenset(_side(match) for match in _MARKER.finditer(answer))
    if not marked:
        return Sides(*_parted_by_contrast(answer), marked)
    parts: dict[int, list[str]] = {0: [], 1: [], 2: []}  # 0: what comes before any audio is named
    current = 0
    for clause in _CLAUSE_END.split(answer):
        named = [(match, _side(match)) for match in _MARKER.finditer(clause)]
        if not named and len(marked) == 1 and _CONTRAST_WORD.match(clause):
            current = 3 - min(marked)
        if named:
            current = _give(clause, named, parts, current)
        else:
            parts[current].append(clause)
    if len(marked) == 1 and not any(parts[3 - min(marked)]):
        parts[3 - min(marked)] = parts[0]
    return Sides(" ".join(parts[1]).strip(), " ".join(parts[2]).strip(), marked)


def side_markers(text: str) -> list[tuple[int, int, int]]:
    """Where a text names an audio: start, end, and which (1 or 2)."""
    return [(match.start(), match.end(), _side(match)) for match in _MARKER.finditer(text)]


def both_sides(annotation: Annotation) -> Finding:
    """Whether the answer speaks of both audios, and says something of each."""
    sides = sides_of(annotation.answer)
    if not sides.marked:
        if sides.first and sides.second:
            return undecided(NAME, SidesReason.ONLY_CONTRASTED)
        return failed(NAME, SidesReason.NEITHER_NAMED)
    if not sides.first or not sides.second:
        return failed(NAME, SidesReason.ONE_MISSING, audio=2 if sides.first else 1)
    return passed(NAME)


def _side(match: re.Match[str]) -> int:
    return 1 if match.lastgroup == "one" else 2


def _give(clause: str, named: list[tuple[re.Match[str], int]], parts: dict[int, list[str]], current: int) -> int:
    """Gives a clause to the audios that it names; returns the last of them."""
    sides = {side for _, side in named}
    if len(sides) == 1:
        side, head = named[0][1], clause[: named[0][0].start()]
        if current == 3 - side and _PAUSE.search(head):  # "…, a bell tolls, the second audio is …"
            parts[current].append(head)
            clause = clause[len(head) :]
        parts[side].append(_MARKER.sub(" ", clause))
        return side
    if _BEHIND.search(clause[: named[0][0].start()]):  # "a dog barks in audio 1, rain falls in audio 2"
        start = 0
        for match, side in named:
            parts[side].append(clause[start : match.start()])
            start = match.end()
        parts[named[-1][1]].append(clause[start:])
        return named[-1][1]
    ends = [match.start() for match, _ in named[1:]] + [len(clause)]
    for (match, side), end in zip(named, ends, strict=True):
        parts[side].append(clause[match.end() : end])
    return named[-1][1]


def _parted_by_contrast(answer: str) -> tuple[str, str]:
    match = _CONTRAST_WORD.search(answer)
    if match is None:
        return answer, ""
    if match.start() == 0:  # "While the one …, the other …"
        head, _, tail = answer.partition(",")
        return head.strip(), tail.strip()
    return answer[: match.start()].strip(), answer[match.end() :].strip()
