"""The check of invented measurements: a number with a unit that is neither in a caption nor among the facts."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from adiff_data.audio.differences import PairFacts
from adiff_data.checks.verdicts import Finding, Reason, failed, passed
from adiff_data.records import Annotation

NAME = "invented measurements"
KNOWN_AMOUNTS = "known_amounts"  # in `provenance.facts`: what is known since the pair was made so, as ["6 dB"]


class MeasurementReason(Reason):
    """What is wrong with a number."""

    INVENTED = "'{words}' stands in neither caption and was not measured"


_UP_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_VALUES = {word: float(value) for value, word in enumerate(_UP_TO_TWENTY.split())} | {
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "hundred": 100.0,
    "thousand": 1000.0,
}
# How each unit is written: its base unit, and how many of these it is.
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
_FACTS_OF_UNIT = {
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
    """Fails an answer with a number and unit that is in no caption, and not within a tenth of what was measured or is
    known."""
    claims = list(measurements(annotation.answer))
    if not claims:
        return passed(NAME)
    allowed = list(measurements(f"{annotation.caption1}. {annotation.caption2}."))
    for amount in (annotation.provenance.facts or {}).get(KNOWN_AMOUNTS, ()):
        allowed += measurements(amount)
    if facts:
        allowed += _facts_as_measurements(facts)
    for claim in claims:
        if not any(_agree(claim, measurement) for measurement in allowed):
            return failed(NAME, MeasurementReason.INVENTED, words=claim.words)
    return passed(NAME)


def measurements(text: str) -> Iterator[Measurement]:
    """Yields the numbers with units in a text; a range gives both its ends."""
    for match in _MEASUREMENT.finditer(text):
        unit, factor = next(base for pattern, base in _UNITS.items() if re.fullmatch(pattern, match["unit"], re.I))
        for number in (match["value"], match["second"]):
            if number:
                yield Measurement(_value(number) * factor, unit, match.group())


def _value(number: str) -> float:
    return _VALUES[number.lower()] if number.lower() in _VALUES else float(number.replace(",", ""))


def _facts_as_measurements(facts: PairFacts) -> list[Measurement]:
    measured = [
        Measurement(abs(value), unit, name)
        for unit, names in _FACTS_OF_UNIT.items()
        for name in names
        for clip_facts in (facts.first, facts.second)
        if (value := getattr(clip_facts, name)) is not None
    ]
    for difference in facts.differences:
        measured += measurements(difference.amount)
    return measured


def _agree(claim: Measurement, allowed: Measurement) -> bool:
    return claim.unit == allowed.unit and abs(claim.value - allowed.value) <= max(_TOLERANCE * allowed.value, 1e-9)
