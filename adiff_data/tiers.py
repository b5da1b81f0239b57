"""The kinds of answer and the published prompt of each: the three tiers of an explanation of how two recordings differ
(tiers 1, 2 and 3 of the ADIFF paper), and the answer that says what they have in common.

`TIERS` are what is made where nothing else is asked for; `ANSWER_KINDS` are all that there are. A further kind is one
more entry here: files, options and columns call it by its name, as the `tier` of a row.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from adiff_data.core.errors import InputError

TierName = Literal["fewwords", "sentence", "detail", "similarity"]
Question = Literal["difference", "similarity"]


@dataclass(frozen=True)
class Tier:
    """One kind of answer.

    Attributes:
        name: as used in file names and in the `tier` field.
        label: as people call it.
        request: the prompt: the published `input` column, and what the model is trained on.
        words: the mean length of the published answers, in words, which annotators aim for.
        least, most: the fewest and most words that an answer may have. Between few words and a sentence, whose
            published answers overlap from 31 to 46 words, the bounds are the 99.5th percentile of the one and the
            0.5th of the other (7681 answers each, of Clotho and AudioCaps validation). The other bounds lie just
            outside all published answers. Of similarities nothing is published; theirs are chosen here.
        covers: what an answer of this kind is about.
        question: what it answers: how the two recordings differ, or what they have in common.
    """

    name: TierName
    label: str
    request: str
    words: int
    least: int
    most: int
    covers: str
    question: Question = "difference"


FEWWORDS = Tier(
    "fewwords", "few words", "explain the difference in few words", 28, 10, 39, "sound events and their sources"
)
SENTENCE = Tier(
    "sentence",
    "a sentence",
    "explain the difference in a sentence",
    52,
    38,
    90,
    "sound events and sources, the scene, and properties of the signal",
)
DETAIL = Tier(
    "detail",
    "detail",
    "explain the difference in detail",
    155,
    91,
    230,
    "events and sources, scene and signal properties, temporal order, semantics, and how it feels to listen",
)
SIMILARITY = Tier(
    "similarity",
    "similarity",
    "explain the similarity of the two audios",
    40,
    10,
    80,
    "what is in both: sound events and sources, the scene, and properties of the signal; or that nothing differs",
    "similarity",
)

TIERS: dict[str, Tier] = {tier.name: tier for tier in (FEWWORDS, SENTENCE, DETAIL)}
ANSWER_KINDS: dict[str, Tier] = {**TIERS, SIMILARITY.name: SIMILARITY}
TIER_OF_REQUEST = {tier.request: tier.name for tier in ANSWER_KINDS.values()}


def is_about_similarity(name: str) -> bool:
    """Whether a kind of answer says what two audios have in common, and not how they differ."""
    return name in ANSWER_KINDS and ANSWER_KINDS[name].question == "similarity"


def require_tier(name: str, *, file: Path | str | None = None, row: int | None = None) -> None:
    """Lets only the name of a kind of answer through.

    Args:
        file, row: where the name stands, for the message.

    Raises:
        InputError: there is no such kind.
    """
    if name not in ANSWER_KINDS:
        raise InputError(f"no tier '{name}'", file=file, row=row, mend=f"one of {', '.join(ANSWER_KINDS)}")
