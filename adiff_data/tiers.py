"""The three tiers of an explanation (the paper's tiers 1, 2, 3) and the published request of each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tier:
    """One depth of explanation.

    Attributes:
        name: as it stands in file names and in the `tier` field.
        request: the published `input` column, and the canonical prompt of the model.
        words: the mean length of the published answers, in words: the target of an annotation.
        least, most: the words that an answer may have. The bounds between few words and a sentence are the 99.5th
            and the 0.5th percentile of the published answers (7681 each, Clotho and AudioCaps validation; the two
            overlap from 31 to 46 words); the others lie just outside all of them.
        covers: what an answer of this tier speaks of.
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
