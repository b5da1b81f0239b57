"""The check of form: is it a whole English answer of its tier, and nothing around it?"""

import re

from adiff_data.checks.verdicts import Finding, Reason, failed, passed
from adiff_data.llm.wrapping import clean, leftover
from adiff_data.records import Annotation
from adiff_data.tiers import ANSWER_KINDS

NAME = "form"


class FormReason(Reason):
    """What is wrong with the form of an answer."""

    NO_ANSWER = "there is no answer ({failure})"
    EMPTY = "it is empty"
    SEVERAL_PARAGRAPHS = "it is not one paragraph"
    MARKUP = "it holds markup ({markup})"
    WRAPPING = "it holds more than the answer ({wrapping})"
    UNREADABLE = "it holds what is no text ({wrapping})"
    NOT_ENGLISH = "it is not English"
    CUT_OFF = "it is cut off before the end of a sentence"
    TOO_SHORT = "it is too short for its tier: {words} words, at least {least} are wanted"
    TOO_LONG = "it is too long for its tier: {words} words, at most {most} are wanted"


_MARKUP = re.compile(
    r"</?[a-z][^>]*>|\*\*|__|`|^\s*#+\s|^\s*(?:[-*•]|\d+[.)])\s|\]\(|https?://|\{\s*\"", re.IGNORECASE | re.MULTILINE
)
_SHOWN_MARKUP = 20  # characters
_BLANKS = " \t\r\n"
_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON_ENGLISH = (
    "a an and are as at be but by for from has have in is it its of on or that the their there this to was were while "
    "whereas which with first second both one two audio recording sound clip"
)
_ENGLISH = frozenset(_COMMON_ENGLISH.split())
_GERMAN = "und der die das ein eine einen einem auf mit ist nicht"
_ROMANCE = "le les des une est avec el los las con una que il di che per"
_OTHER_LANGUAGES = frozenset(f"{_GERMAN} {_ROMANCE}".split())
_MOST_FOREIGN = 1  # one such word may be a name
_LEAST_ENGLISH = 0.1  # of all words: in published answers that are lists of sounds, the share goes down to 0.11


def form(annotation: Annotation) -> Finding:
    """Fails an answer that is empty, cut off, not in English, of several paragraphs, or with anything around it.

    It also fails one whose length is not that of its tier.
    """
    if annotation.failed:
        return failed(NAME, FormReason.NO_ANSWER, failure=str(annotation.provenance.failure))
    text = annotation.answer.strip(_BLANKS)
    return _text_finding(text, annotation.tier) if text else failed(NAME, FormReason.EMPTY)


def _text_finding(text: str, tier: str) -> Finding:
    if "\n" in text or "\r" in text:
        return failed(NAME, FormReason.SEVERAL_PARAGRAPHS)
    if match := _MARKUP.search(text):
        return failed(NAME, FormReason.MARKUP, markup=match.group().strip()[:_SHOWN_MARKUP])
    if finding := _wrapping_finding(text):
        return finding
    if not _is_english(text):
        return failed(NAME, FormReason.NOT_ENGLISH)
    if not _END.search(text):
        return failed(NAME, FormReason.CUT_OFF)
    return _length_finding(len(text.split()), tier)


def _wrapping_finding(text: str) -> Finding | None:
    """Fails what an answer of a model would have been freed of, or refused for, when it came (`llm.wrapping`)."""
    if mark := leftover(text):
        return failed(NAME, FormReason.UNREADABLE, wrapping=_shown(mark))
    bare = clean(text)
    if bare == text:
        return None
    before, _, after = text.partition(bare) if bare else ("", "", text)
    return failed(NAME, FormReason.WRAPPING, wrapping=_shown(before.strip(_BLANKS) or after.strip(_BLANKS)))


def _shown(wrapping: str) -> str:
    """A part of an answer, with what cannot be seen in it escaped."""
    return ascii(wrapping)[1:-1][:_SHOWN_MARKUP]


def _is_english(text: str) -> bool:
    words = _WORD.findall(text.lower())
    if sum(word in _OTHER_LANGUAGES for word in words) > _MOST_FOREIGN:
        return False
    return bool(words) and sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)


def _length_finding(words: int, tier: str) -> Finding:
    least, most = ANSWER_KINDS[tier].least, ANSWER_KINDS[tier].most
    if words < least:
        return failed(NAME, FormReason.TOO_SHORT, words=words, least=least)
    if words > most:
        return failed(NAME, FormReason.TOO_LONG, words=words, most=most)
    return passed(NAME)
