"""The check of invented measurements: a number with a unit that neither captions nor facts hold."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adiff_data.audio.differences import PairFacts
from adiff_data.checks.verdicts import Finding, failed, passed
from adiff_data.records import Annotation

NAME = "invented measurements"

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_VALUES = {word: float(value) for value, word in enumerate(_WORDS)} | {
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "hundred": 100.0,
    "thousand": 1000.0,
}
# Each unit as it is written: its base unit, and how many of them it is.
_UNITS = {
    r"dB(?:FS|A|\(A\))?|decibels?|LUFS|LKFS|LU": ("dB", 1.0),
    r"kHz|kilohertz": ("Hz", 1000.0),
    r"Hz|hertz": ("Hz", 1.0),
    r"milliseconds?|msecs?|ms": ("s", 0.001),
    r"seconds?|secs?|s": ("s", 1.0),
    r"minutes?|mins?": ("s", 60.0),
    r"BPM|beats per minute": ("bpm", 1.0),
    r"semitones?": ("semitones", 1.0),
    r"octaves?": ("semitones", 12.0),
    r"percent|%": ("%", 1.0),
    r"met(?:er|re)s?|feet|yards?|miles?|km/h|mph": ("m", 1.0),
}
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_VALUES)})\b)"
_BARE_LETTER = r"(?<=\d)\s?(?=s\b)|(?<=\d|[a-z])[\s-]*(?!s\b)"  # "3 s" is seconds, "two s" is nothing
_MEASUREMENT = re.compile(
    rf"(?<![\d.,])(?P<value>(?!(?:19|20)\d0s\b){_NUMBER})(?:\s*(?:-|–|to|and)\s*(?P<second>{_NUMBER}))?(?:{_BARE_LETTER})"
    rf"(?P<unit>{'|'.join(f'(?:{unit})' for unit in _UNITS)})(?![\w])",
    re.IGNORECASE,
)
_TOLERANCE = 0.1
_MEASURED = {
    "dB": ("loudness", "loudness_range", "peak", "crest", "unsteadiness", "snr"),
    "Hz": ("centroid", "bandwidth", "rolloff", "pitch", "pitch_low", "pitch_high"),
    "s": ("duration", "longest_silence"),
}


class Measurement(NamedTuple):
    """A number with a unit in a text: its value in the base unit, and the words that say it."""

    value: float
    unit: str
    words: str


def invented_measurements(annotation: Annotation, facts: PairFacts | None = None) -> Finding:
    """Whether every number with a unit stands in a caption, or is within a tenth of what was measured."""
    claimed = list(measurements(annotation.answer))
    if not claimed:
        return passed(NAME)
    known = list(measurements(f"{annotation.caption1}. {annotation.caption2}."))
    if facts:
        known += _measured(facts)
    for claim in claimed:
        if not any(_same(claim, held) for held in known):
            return failed(NAME, f"'{claim.words}' stands in neither caption and was not measured")
    return passed(NAME)


def measurements(text: str) -> Iterator[Measurement]:
    """Yields the numbers with units in a text; a range gives both its ends."""
    for match in _MEASUREMENT.finditer(text):
        unit, factor = next(known for written, known in _UNITS.items() if re.fullmatch(written, match["unit"], re.I))
        for number in (match["value"], match["second"]):
            if number:
                yield Measurement(_value(number) * factor, unit, match.group())


def _value(number: str) -> float:
    return _VALUES[number.lower()] if number.lower() in _VALUES else float(number.replace(",", ""))


def _measured(facts: PairFacts) -> list[Measurement]:
    found = [
        Measurement(abs(value), unit, name)
        for unit, names in _MEASURED.items()
        for name in names
        for side in (facts.first, facts.second)
        if (value := getattr(side, name)) is not None
    ]
    for difference in facts.differences:
        found += measurements(difference.amount)
    return found


def _same(claim: Measurement, held: Measurement) -> bool:
    return claim.unit == held.unit and abs(claim.value - held.value) <= max(_TOLERANCE * held.value, 1e-9)
