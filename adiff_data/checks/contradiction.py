"""The check of contradiction: does an answer make a comparison that contradicts what was measured?"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adiff_data.audio.differences import PairFacts, comparable
from adiff_data.checks.sides import side_markers
from adiff_data.checks.verdicts import Finding, Reason, failed, passed, undecided
from adiff_data.records import Annotation

NAME = "contradiction"


class ContradictionReason(Reason):
    """What the facts say against a comparison, or why they say nothing; `words` are the answer's."""

    CONTRADICTED = "it says '{words}', but {difference}"
    NOTHING_MEASURED = "it compares ('{words}'), and nothing was measured"
    TOO_SMALL = "it says '{words}', and the measured difference is too small to tell"
    NOT_ON_BOTH = "it says '{words}', which could not be measured on both"


# Comparatives by quality: what says that an audio has more of it, and what says that it has less.
_MORE = {
    "louder": r"louder|more (?:loud|powerful in volume)|higher (?:in )?(?:volume|loudness|level)|greater (?:volume|loudness)",
    "brighter": r"brighter|more (?:bright|treble|high[- ]frequency)|less (?:dull|dark|muffled)",
    "higher-pitched": r"higher[- ](?:in[- ])?pitch(?:ed)?|higher (?:fundamental|tones?|notes?)|shriller|less deep",
    "busier": r"busier|denser|faster|quicker|more (?:frequent|rapid|dense|eventful|busy)|less sparse",
    "longer": r"(?<!no )longer(?!-term| (?:hears?|heard|hearing|audible|there|has|is|in the (?:fore|back)ground))|less (?:brief|short)",
    "steadier": r"steadier|more (?:steady|constant|even|uniform|stable|consistent)|less (?:varied|variable|uneven|unsteady|fluctuating)",
    "more tonal": r"more (?:tonal|melodic|musical|harmonic)|less noisy",
}
_LESS = {
    "louder": r"quieter|softer|less loud|fainter|lower (?:in )?(?:volume|loudness|level)",
    "brighter": r"duller|darker|less bright|more (?:muffled|dull)",
    "higher-pitched": r"lower[- ](?:in[- ])?pitch(?:ed)?|lower (?:fundamental|tones?|notes?)|deeper|less (?:high-pitched|shrill)",
    "busier": r"sparser|slower|less (?:frequent|rapid|dense|eventful|busy)",
    "longer": r"shorter|briefer|less long",
    "steadier": r"less (?:steady|constant|even|uniform|stable|consistent)|more (?:varied|variable|uneven|unsteady|fluctuating)",
    "more tonal": r"noisier|less (?:tonal|melodic|musical|harmonic)",
}
_NAMES = {quality: quality.replace("-", "_").replace(" ", "_") for quality in _MORE}
_COMPARATIVE = re.compile(
    "|".join(
        rf"\b(?P<{sign}_{_NAMES[quality]}>{words})\b"
        for sign, table in (("more", _MORE), ("less", _LESS))
        for quality, words in table.items()
    ),
    re.IGNORECASE,
)
_QUALITY_OF = {name: quality for quality, name in _NAMES.items()}
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_DENIED = re.compile(r"\b(?:not|no|neither|nor|hardly|n't|equally|if|seems?|may|might)\s+(?:\w+\s+)?$", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?:than|compared (?:to|with)|relative to|unlike|in contrast to)\s+(?:that (?:in|of)\s+|in\s+)?$", re.IGNORECASE
)
_WITHIN = re.compile(r"\s*(?:(?!than\b)[\w-]+\s+){0,3}(?:in|on|for)\s+", re.IGNORECASE)


class Claim(NamedTuple):
    """A comparison that a text makes: the audio (1 or 2) that is said to have more of a quality, in which words, and where
    in the text they start."""

    quality: str
    audio: int
    words: str
    start: int


def contradiction(annotation: Annotation, facts: PairFacts | None) -> Finding:
    """Fails an answer that claims of one audio what was measured on the other."""
    compared = list(claims(annotation.answer))
    if not compared:
        return passed(NAME)
    if facts is None:
        return undecided(NAME, ContradictionReason.NOTHING_MEASURED, words=compared[0].words)
    measured = {difference.quality: difference for difference in facts.differences}
    for claim in compared:
        difference = measured.get(claim.quality)
        if difference and difference.audio != claim.audio:
            kind = ContradictionReason.CONTRADICTED
            return failed(NAME, kind, words=claim.words, difference=difference.words())
    for claim in compared:
        if claim.quality not in measured:
            both_measured = comparable(claim.quality, facts.first, facts.second)
            kind = ContradictionReason.TOO_SMALL if both_measured else ContradictionReason.NOT_ON_BOTH
            return undecided(NAME, kind, words=claim.words)
    return passed(NAME)


def claims(text: str) -> Iterator[Claim]:
    """Yields the comparisons of a text: "audio 2 is louder", "quieter in the first audio", "louder than audio 1".

    A comparison that is denied, or whose audio is not told, is no claim.
    """
    for start, sentence in _sentences(text):
        markers = side_markers(sentence)
        for match in _COMPARATIVE.finditer(sentence):
            if _DENIED.search(sentence[: match.start()]):
                continue
            side = _subject(sentence, match, markers)
            if side:
                sign, name = str(match.lastgroup).split("_", 1)
                audio = side if sign == "more" else 3 - side
                yield Claim(_QUALITY_OF[name], audio, match.group(), start + match.start())


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Where each sentence starts, and the sentence."""
    start = 0
    for match in _SENTENCE.finditer(text):
        yield start, text[start : match.start()]
        start = match.end()
    yield start, text[start:]


def _subject(sentence: str, comparative: re.Match[str], markers: list[tuple[int, int, int]]) -> int:
    """The audio that a comparative speaks of, or 0: the one named before it, or the one it is said to be in."""
    before = 0
    for start, end, side in markers:
        if start >= comparative.end():
            between = sentence[comparative.end() : start]
            if _WITHIN.fullmatch(between):
                return side
            if not before and _THAN.search(between):
                return 3 - side
            break
        if end <= comparative.start() and not _THAN.search(sentence[:start]):
            before = side
        elif end <= comparative.start() and not before:
            before = 3 - side
    return before
