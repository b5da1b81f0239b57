"""The three tiers of an explanation (tiers 1, 2 and 3 of the ADIFF paper) and the published prompt of each."""

from dataclasses import dataclass
from pathlib import Path

from adiff_data.core.errors import InputError


@dataclass(frozen=True)
class Tier:
    """One depth of explanation.

    Attributes:
        name: as used in file names and in the `tier` field.
        request: the prompt: the published `input` column, and what the model is trained on.
        words: the mean length of the published answers, in words, which annotators aim for.
        least, most: the fewest and most words that an answer may have. Between few words and a sentence, whose
            published answers overlap from 31 to 46 words, the bounds are the 99.5th percentile of the one and the
            0.5th of the other (7681 answers each, of Clotho and AudioCaps validation). The other bounds lie just
            outside all published answers.
        covers: what an answer of this tier is about.
    """

    name: str
    request: str
    words: int
    least: int
    most: int
    covers: str


FEWWORDS = Tier("fewwords", "explain the difference in few words", 28, 10, 39, "sound events and their sources")
SENTENCE = Tier(
    "sentence",
    "explain the difference in a sentence",
    52,
    38,
    90,
    "sound events and sources, the scene, and properties of the signal",
)
DETAIL = Tier(
    "detail",
    "explain the difference in detail",
    155,
    91,
    230,
    "events and sources, scene and signal properties, temporal order, semantics, and how it feels to listen",
)

TIERS = {tier.name: tier for tier in (FEWWORDS, SENTENCE, DETAIL)}
TIER_OF_REQUEST = {tier.request: tier.name for tier in TIERS.values()}


def require_tier(name: str, *, file: Path | str | None = None, row: int | None = None) -> None:
    """Lets only the name of a tier through.

    Args:
        file, row: where the name stands, for the message.

    Raises:
        InputError: there is no such tier.
    """
    if name not in TIERS:
        raise InputError(f"no tier '{name}'", file=file, row=row, mend=f"one of {', '.join(TIERS)}")
