"""The check of talk: does it speak of the recordings, or of itself, its task and its sources?"""

import re
from collections import Counter

from adiff_data.checks.verdicts import Finding, failed, passed
from adiff_data.llm.reply import REFUSAL
from adiff_data.records import Annotation

NAME = "talk"

_INTRODUCTION = re.compile(
    r"^\W*(?:sure|certainly|of course|okay|great)\b[,!.: ]|^\W*here(?: is|'s|’s| are)\b|"
    r"^\W*(?:answer|explanation|difference|output|response)\s*:|"
    r"\b(?:let me know|i hope this|feel free to|happy to help)\b",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|expert listener|assistant)\b|"
    r"\bi(?:'m| am) (?:an? (?:ai|assistant|language)|sorry|unable|not able)\b|"
    r"\bi (?:cannot|can't|can not|don't have)\b|"
    r"\b(?:please|kindly) (?:provide|share|send|upload)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"\b(?:captions?|prompts?|transcripts?|metadata|<audio>)\b(?! (?:the|a|an) )|"
    r"\b(?:based on|according to|from|in|by|given) the (?:\w+ )?(?:descriptions?|texts?)\b|"
    r"\b(?:provided|given|textual|written|text|audio|two|both) descriptions?\b|"
    r"\bthis sentence\b|\b(?:previous|earlier|original) (?:answer|text|explanation)\b|\baudio \d is a description\b|"
    r"\bdescriptions? (?:of (?:the )?audios?|provided|given|says?|mentions?|states?|suggests?|indicates?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'’]+")
_PHRASE_WORDS = 5
_PHRASE_TIMES = {"fewwords": 3, "sentence": 3, "detail": 5}
_WORDS_IN_A_ROW, _PHRASES_IN_A_ROW = 6, 3  # "tap, tap, tap" is a sound, "a sound of a sound of a sound of" is a loop
_LONGEST_IN_A_ROW = 8


def talk(annotation: Annotation) -> Finding:
    """A refusal, an introduction, talk of captions or of itself, or a phrase over and over."""
    fault = _fault(annotation.answer, annotation.tier)
    return failed(NAME, fault) if fault else passed(NAME)


def _fault(text: str, tier: str) -> str | None:
    if REFUSAL.match(text):
        return "it refuses"
    for pattern, what in ((_INTRODUCTION, "introduces itself"), (_SPEAKER, "speaks of its writer")):
        if match := pattern.search(text):
            return f"it {what} ('{match.group().strip()}')"
    if match := _SOURCE.search(text):
        return f"it speaks of its sources, not of what is heard ('{match.group().strip()}')"
    words = _WORD.findall(text.lower())
    if phrase := _in_a_row(words):
        return f"it repeats itself ('{phrase}')"
    phrase, times = _commonest_phrase(words)
    if times >= _PHRASE_TIMES[tier]:
        return f"it says '{phrase}' {times} times"
    return None


def _in_a_row(words: list[str]) -> str | None:
    """The first phrase that stands several times in a row."""
    for size in range(1, _LONGEST_IN_A_ROW + 1):
        wanted = size * ((_WORDS_IN_A_ROW if size == 1 else _PHRASES_IN_A_ROW) - 1)
        same = 0
        for place in range(len(words) - size):
            same = same + 1 if words[place] == words[place + size] else 0
            if same >= wanted:
                return " ".join(words[place + 1 : place + 1 + size])
    return None


def _commonest_phrase(words: list[str]) -> tuple[str, int]:
    phrases = Counter(zip(*(words[start:] for start in range(_PHRASE_WORDS)), strict=False))
    if not phrases:
        return "", 0
    phrase, times = phrases.most_common(1)[0]
    return " ".join(phrase), times
