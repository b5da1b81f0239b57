"""The records that the steps exchange: clip, pair, annotation.

What a row is, here and in every other module: one record of a table or file, that is a line of a JSON-lines file or a
record of a CSV. As a number, `row` is what an editor shows: it counts from 1, and the header of a CSV is row 1. A
position counted from 0 is an `index`, and what a row holds are its `values`, one for each of the `columns`. Two fields
that are stored in files keep an older meaning: `Provenance.row` is an index, and `Verdict.row` does not count the
header of a CSV.
"""

import hashlib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt

ID_HEX_DIGITS = 20  # 80 bits: a chance of 1e-12 of any collision in a million pairs


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clip(_Record):
    """One recording and its captions, in the corpus's order."""

    corpus: str
    split: str
    filepath: str = Field(min_length=1)
    captions: tuple[str, ...] = Field(min_length=1)


class Pair(_Record):
    """Two clips of one split, with one caption of each.

    `similarity` is the cosine similarity of the two captions (0 to 1); None if the strategy does not measure it.
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
    """How an answer was made: an annotator's, or that of a judge who was asked about one.

    Attributes:
        annotator: `llm`, `rules` or `published`.
        model: the language model's name, as it was requested.
        prompt_version, prompt_hash: the version of the prompt templates, and the SHA-256 of their content.
        request: the parameters of the request (temperature, seed, token limit …).
        attempts: how many requests were made for this row.
        finish_reason: as the server stated it.
        tokens_in, tokens_out: as the server counted them, summed over all attempts.
        cost: US dollars, summed over all attempts; None if no price is known.
        seconds: the time from the first request to the answer.
        row: the index of the pair in its file, from 0 in spite of its name: `adiff build` sorts by it.
        facts: what was measured on the audio; None if the annotator was given no measurements.
        failure: why there is no answer; None if there is one.
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
    """A pair, a tier and an answer. If there is none, `answer` is empty and `provenance.failure` says why."""

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
        """Whether annotating this row failed, so that it has no answer."""
        return self.provenance.failure is not None


def pair_id(corpus: str, split: str, filepath1: str, filepath2: str, caption1: str, caption2: str) -> str:
    """The id of a pair, derived from its content alone: the first 80 bits of a SHA-256, in hexadecimal.

    Each part is preceded by its length, so that different contents never hash the same text.
    """
    parts = (corpus, split, filepath1, filepath2, caption1, caption2)
    content = "".join([f"{len(part)}:{part}," for part in parts])
    return hashlib.sha256(content.encode()).hexdigest()[:ID_HEX_DIGITS]


def annotation_id(pair: str, tier: str) -> str:
    """The id of a pair's annotation in one tier, such as `3f2a…-detail`, from the pair's id."""
    return f"{pair}-{tier}"


def make_pair(
    first: Clip,
    second: Clip,
    caption1: str,
    caption2: str,
    *,
    strategy: str,
    similarity: float | None = None,
) -> Pair:
    """Makes a pair of two clips of one split; its id follows from its content."""
    content = {
        "corpus": first.corpus,
        "split": first.split,
        "filepath1": first.filepath,
        "filepath2": second.filepath,
        "caption1": caption1,
        "caption2": caption2,
    }
    return Pair(id=pair_id(**content), strategy=strategy, similarity=similarity, **content)
