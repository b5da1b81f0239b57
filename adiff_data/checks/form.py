"""The check of form: is it a whole English answer of its tier, and nothing around it?"""

import re

from adiff_data.checks.verdicts import Finding, failed, passed
from adiff_data.records import Annotation
from adiff_data.tiers import TIERS

NAME = "form"

_MARKUP = re.compile(
    r"</?[a-z][^>]*>|\*\*|__|`|^\s*#+\s|^\s*(?:[-*•]|\d+[.)])\s|\]\(|https?://|\{\s*\"", re.IGNORECASE | re.MULTILINE
)
_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "there",
        "this",
        "to",
        "was",
        "were",
        "while",
        "whereas",
        "which",
        "with",
        "first",
        "second",
        "both",
        "one",
        "two",
        "audio",
        "recording",
        "sound",
        "clip",
    ]
)
_GERMAN = "und der die das ein eine einen einem auf mit ist nicht"
_ROMANCE = "le les des une est avec el los las con una que il di che per"
_OTHER_LANGUAGES = frozenset(f"{_GERMAN} {_ROMANCE}".split())
_MOST_FOREIGN = 1  # such word may be a name
_LEAST_ENGLISH = 0.1  # of the published answers, lists of sounds come down to 0.11


def form(annotation: Annotation) -> Finding:
    """Empty, of another length than its tier, cut off, in several paragraphs, with markup, or not English."""
    fault = _fault(annotation.answer.strip(), annotation.tier)
    if annotation.failed:
        return failed(NAME, f"there is no answer ({annotation.provenance.failure})")
    return failed(NAME, fault) if fault else passed(NAME)


def _fault(text: str, tier: str) -> str | None:
    if not text:
        return "it is empty"
    if "\n" in text or "\r" in text:
        return "it is not one paragraph"
    if match := _MARKUP.search(text):
        return f"it holds markup ({match.group().strip()[:20]})"
    if not _in_english(text):
        return "it is not English"
    if not _END.search(text):
        return "it is cut off before the end of a sentence"
    return _fault_of_length(len(text.split()), tier)


def _in_english(text: str) -> bool:
    words = _WORD.findall(text.lower())
    if sum(word in _OTHER_LANGUAGES for word in words) > _MOST_FOREIGN:
        return False
    return bool(words) and sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)


def _fault_of_length(words: int, tier: str) -> str | None:
    least, most = TIERS[tier].least, TIERS[tier].most
    if words < least:
        return f"it is too short for its tier: {words} words, at least {least} are wanted"
    if words > most:
        return f"it is too long for its tier: {words} words, at most {most} are wanted"
    return None
