"""The plain data that passes between the steps: clip, pair, annotation."""

import hashlib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt

ID_HEX_DIGITS = 20  # 80 bits: a chance of 1e-12 of any collision in a million pairs


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clip(_Record):
    """One recording and its captions, in the corpus' order."""

    corpus: str
    split: str
    filepath: str = Field(min_length=1)
    captions: tuple[str, ...] = Field(min_length=1)


class Pair(_Record):
    """Two clips of one split, with one caption of each.

    `similarity` is the cosine similarity of the two captions (0 to 1) where the strategy measured it.
    """

    id: str
    corpus: str
    split: str
    filepath1: str
    filepath2: str
    caption1: str = Field(min_length=1)
    caption2: str = Field(min_length=1)
    strategy: str
    similarity: float | None = None


class Provenance(_Record):
    """How an answer came to be.

    Attributes:
        annotator: `llm`, `rules` or `published`.
        model: the language model's name, as it was asked for.
        prompt_version, prompt_hash: the template files' version and the SHA-256 of their content.
        request: the parameters of the request (temperature, seed, token limit …).
        attempts: requests made for this row, the last one included.
        finish_reason: as the server gave it.
        tokens_in, tokens_out: as the server counted them, over all attempts.
        cost: US dollars, over all attempts; None where no price is known.
        seconds: from the first request to the answer.
        row: the pair's place in its file, counted from 0: builds keep this order.
        facts: what was measured on the audio, where it was given to the annotator.
        failure: why there is no answer, where there is none.
    """

    annotator: str
    model: str | None = None
    prompt_version: str | None = None
    prompt_hash: str | None = None
    request: dict[str, Any] | None = None
    attempts: NonNegativeInt = 0
    finish_reason: str | None = None
    tokens_in: NonNegativeInt | None = None
    tokens_out: NonNegativeInt | None = None
    cost: NonNegativeFloat | None = None
    seconds: NonNegativeFloat | None = None
    row: NonNegativeInt | None = None
    facts: dict[str, Any] | None = None
    failure: str | None = None


class Annotation(_Record):
    """A pair, a tier and an answer. `answer` is empty exactly where `provenance.failure` says why."""

    id: str
    corpus: str
    split: str
    filepath1: str
    filepath2: str
    caption1: str
    caption2: str
    strategy: str
    similarity: float | None = None
    taskname: str
    tier: str
    input: str
    answer: str
    provenance: Provenance

    @property
    def failed(self) -> bool:
        """Whether the row was kept as failed, with no answer."""
        return self.provenance.failure is not None


def pair_id(corpus: str, split: str, filepath1: str, filepath2: str, caption1: str, caption2: str) -> str:
    """The id of a pair, from its content alone: the first 80 bits of a SHA-256 in hexadecimal.

    Each part goes in behind its length, so that no two contents look the same.
    """
    parts = (corpus, split, filepath1, filepath2, caption1, caption2)
    content = "".join([f"{len(part)}:{part}," for part in parts])
    return hashlib.sha256(content.encode()).hexdigest()[:ID_HEX_DIGITS]


def annotation_id(id_of_pair: str, tier: str) -> str:
    """The id of one tier of a pair, such as `3f2a…-detail`."""
    return f"{id_of_pair}-{tier}"


def make_pair(
    first: Clip,
    second: Clip,
    caption1: str,
    caption2: str,
    *,
    strategy: str,
    similarity: float | None = None,
) -> Pair:
    """The pair of two clips of one split, under its content's id."""
    fields = {
        "corpus": first.corpus,
        "split": first.split,
        "filepath1": first.filepath,
        "filepath2": second.filepath,
        "caption1": caption1,
        "caption2": caption2,
    }
    return Pair(id=pair_id(**fields), strategy=strategy, similarity=similarity, **fields)
