"""The comparisons that a text makes: which audio is said to have more of a quality that can be measured."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adiff_data.claims.sides import side_markers

# Comparatives by quality: what says that an audio has more of it, and what says that it has less.
_MORE = {
    "louder": r"louder|more (?:loud|powerful in volume)|higher (?:in )?(?:volume|loudness|level)|greater (?:volume|loudness)",
    "brighter": r"brighter|more (?:bright|treble|high[- ]frequency)|less (?:dull|dark|muffled)",
    "higher-pitched": r"higher[- ](?:in[- ])?pitch(?:ed)?|higher (?:fundamental|tones?|notes?)|shriller|less deep",
    "busier": r"busier|denser|faster|quicker|more (?:frequent|rapid|dense|eventful|busy)|less sparse",
    "longer": r"(?<!no )longer(?!-term| (?:hears?|heard|hearing|audible|there|has|is|in the (?:fore|back)ground))|less (?:brief|short)|(?:ends?|stops?) (?:\w+ ){0,3}later|goes on (?:\w+ ){0,3}longer",
    "steadier": r"steadier|more (?:steady|constant|even|uniform|stable|consistent)|less (?:varied|variable|uneven|unsteady|fluctuating)",
    "more tonal": r"more (?:tonal|melodic|musical|harmonic)|less noisy",
}
_LESS = {
    "louder": r"quieter|softer|less loud|fainter|lower (?:in )?(?:volume|loudness|level)",
    "brighter": r"duller|darker|less bright|more (?:muffled|dull)",
    "higher-pitched": r"lower[- ](?:in[- ])?pitch(?:ed)?|lower (?:fundamental|tones?|notes?)|deeper|less (?:high-pitched|shrill)",
    "busier": r"sparser|slower|less (?:frequent|rapid|dense|eventful|busy)",
    "longer": r"shorter|briefer|less long|(?:ends?|stops?|breaks? off) (?:\w+ ){0,3}(?:earlier|sooner)",
    "steadier": r"less (?:steady|constant|even|uniform|stable|consistent)|more (?:varied|variable|uneven|unsteady|fluctuating)",
    "more tonal": r"noisier|less (?:tonal|melodic|musical|harmonic)",
}
_NAMES = {quality: quality.replace("-", "_").replace(" ", "_") for quality in _MORE}
COMPARATIVE = re.compile(
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
_BECOMES = re.compile(  # of one audio in itself: "the engine gets louder"
    r"\b(?:gets?|getting|got|gotten|grows?|growing|grew|becom(?:es?|ing)|became|turn(?:s|ing|ed)?)\s+"
    r"(?:(?:\w+\s+and|ever|much|slowly|gradually|a (?:bit|little))\s+)*$",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"\b(?:than|compared (?:to|with)|relative to|unlike|in contrast to)\s+(?:that (?:in|of)\s+|in\s+)?$", re.IGNORECASE
)
_THAN_ANOTHER = re.compile(r"\s+than\b", re.IGNORECASE)
_NAMES_ONE = re.compile(r"\s+(?:one|of the two)\b", re.IGNORECASE)  # "the shorter one"
_WITHIN = re.compile(r"\s*(?:(?!than\b)[\w-]+\s+){0,3}(?:in|on|for)\s+", re.IGNORECASE)


class Comparison(NamedTuple):
    """A comparison that a text makes: the audio (1 or 2) that is said to have more of a quality, in which words, and
    where in the text they start."""

    quality: str
    audio: int
    words: str
    start: int


def comparisons(text: str) -> Iterator[Comparison]:
    """Yields the comparisons of a text: "audio 2 is louder", "quieter in the first audio", "louder than audio 1".

    A comparison that is denied, or whose audio is not told, is no claim, and neither is what gets louder in itself.
    """
    for start, sentence in _sentences(text):
        markers = side_markers(sentence)
        for match in COMPARATIVE.finditer(sentence):
            before = sentence[: match.start()]
            if before.lower().endswith("the ") and _NAMES_ONE.match(sentence, match.end()):
                continue
            if _DENIED.search(before) or (_BECOMES.search(before) and not _THAN_ANOTHER.match(sentence, match.end())):
                continue
            side = _subject(sentence, match, markers)
            if side:
                sign, name = str(match.lastgroup).split("_", 1)
                audio = side if sign == "more" else 3 - side
                yield Comparison(_QUALITY_OF[name], audio, match.group(), start + match.start())


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
