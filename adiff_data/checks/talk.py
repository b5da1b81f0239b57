"""The check of talk: does the answer speak of the recordings, or of itself, its task and its sources?"""

import re
from collections import Counter

from adiff_data.checks.verdicts import Finding, Reason, failed, passed
from adiff_data.llm.reply import REFUSAL
from adiff_data.records import Annotation
from adiff_data.tiers import ANSWER_KINDS

NAME = "talk"


class TalkReason(Reason):
    """What an answer speaks of instead of the recordings; `words` and `phrase` are its own."""

    REFUSAL = "it refuses"
    INTRODUCTION = "it introduces itself ('{words}')"
    WRITER = "it speaks of its writer ('{words}')"
    TASK = "it speaks of its task ('{words}')"
    SOURCES = "it speaks of its sources, not of what is heard ('{words}')"
    LOOP = "it repeats itself ('{phrase}')"
    REPEATED_PHRASE = "it says '{phrase}' {times} times"


_INTRODUCTION = re.compile(
    r"^\W*(?:sure|certainly|of course|okay|ok|alright|hmm+|wait|great)\b[,!.: ]|^\W*here(?: is|'s|’s| are)\b|"
    r"^\W*(?:answer|explanation|difference|output|response)\s*:|"
    r"\b(?:let me know|i hope this|feel free to|happy to help)\b",
    re.IGNORECASE,
)
_WRITER = re.compile(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|expert listener|assistant)\b|"
    r"\bi(?:'m| am) (?:an? (?:ai|assistant|language)|sorry|unable|not able)\b|"
    r"\bi (?:cannot|can't|can not|don't have)\b|"
    r"\b(?:please|kindly) (?:provide|share|send|upload)\b",
    re.IGNORECASE,
)
_WRITING = r"(?:write|produce|explain|compare|describe|give|make|keep|mention|answer|respond|use|say)"
_TASK = re.compile(
    r"\bthe user (?:wants|asks|asked|is asking|needs|provided|said)\b|"
    r"\blet me (?:think|see|compare|start|check|write|try)\b|\bmy (?:answer|response|task|explanation)\b|"
    rf"\b(?:i|we) (?:need|should|must|have|will|am going|want)(?: to)? {_WRITING}\b|\bi'll {_WRITING}\b|"
    r"\bword (?:count|limit)\b|\b(?:about|under|exactly|in|within|of) \d+ words\b|"
    r"\bthe (?:instructions? (?:say|says|ask|asks)|task (?:is|was|asks)|request(?:ed)? (?:is|was|format|length))\b",
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
_PHRASE_TIMES, _PHRASE_TIMES_OF_LONG = 3, 5
_LONG_WORDS = 100  # of a kind of answer, at the mean
# How often a word or a phrase stands in a row before it is a loop: "tap, tap, tap" is a sound, "a sound of a sound of a
# sound of" is not.
_LOOPED_WORDS, _LOOPED_PHRASES = 6, 3
_LONGEST_LOOPED_PHRASE = 8


def talk(annotation: Annotation) -> Finding:
    """Fails a refusal, an introduction, talk of captions or of itself, and a phrase that is said over and over."""
    text = annotation.answer
    if REFUSAL.match(text):
        return failed(NAME, TalkReason.REFUSAL)
    for pattern, kind in (
        (_INTRODUCTION, TalkReason.INTRODUCTION),
        (_WRITER, TalkReason.WRITER),
        (_TASK, TalkReason.TASK),
        (_SOURCE, TalkReason.SOURCES),
    ):
        if match := pattern.search(text):
            return failed(NAME, kind, words=match.group().strip())
    return _repetition_finding(_WORD.findall(text.lower()), annotation.tier)


def _repetition_finding(words: list[str], tier: str) -> Finding:
    if phrase := _looped_phrase(words):
        return failed(NAME, TalkReason.LOOP, phrase=phrase)
    phrase, times = _commonest_phrase(words)
    is_long = ANSWER_KINDS[tier].words >= _LONG_WORDS
    if times >= (_PHRASE_TIMES_OF_LONG if is_long else _PHRASE_TIMES):
        return failed(NAME, TalkReason.REPEATED_PHRASE, phrase=phrase, times=times)
    return passed(NAME)


def _looped_phrase(words: list[str]) -> str | None:
    """The first phrase that stands several times in a row."""
    for size in range(1, _LONGEST_LOOPED_PHRASE + 1):
        times = _LOOPED_WORDS if size == 1 else _LOOPED_PHRASES
        equal = 0  # how many words in a row are equal to the word one phrase further on
        for index in range(len(words) - size):
            equal = equal + 1 if words[index] == words[index + size] else 0
            if equal >= size * (times - 1):
                return " ".join(words[index + 1 : index + 1 + size])
    return None


def _commonest_phrase(words: list[str]) -> tuple[str, int]:
    """The commonest phrase of five words, and how often it stands there."""
    phrases = Counter(zip(*(words[start:] for start in range(_PHRASE_WORDS)), strict=False))
    if not phrases:
        return "", 0
    phrase, times = phrases.most_common(1)[0]
    return " ".join(phrase), times
