"""What makes a row hard: how similar its two captions are; of an edited pair, what was edited and how much of it."""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from adiff_data.claims.edit_truth import EditTruth
from adiff_data.pairing.similarity import caption_vectors, cosines
from adiff_model.evaluation.ground_truth import GroundTruth
from adiff_model.prediction_file import Prediction

SIMILARITY, EDIT, EDIT_SIZE = "similarity of captions", "edit", "size of edit"
_BOUNDS = (0.0, 0.25, 0.5, 1.0)  # of the cosine of TF-IDF vectors; `pair --strategy similar` begins at 0.25
_SIMILARITIES = ("no word in common", *(f"{low:g} to {high:g}" for low, high in pairwise(_BOUNDS)))
_SIZES = {0.5: "half a threshold", 1.0: "one threshold", 2.0: "two thresholds", 4.0: "four thresholds"}
_GRADED = (*_SIMILARITIES, *_SIZES.values())
_WITHOUT_SIZE = ("nothing", "order")  # qualities of edits

Bands = Mapping[str, Sequence[str]]  # by difficulty, the band of each row; empty where it has none


def bands_of_rows(rows: Sequence[Prediction], ground_truth: GroundTruth) -> Bands:
    """The bands of rows, by each difficulty that any of them has.

    Args:
        ground_truth: what is known of edited pairs.
    """
    edits = [ground_truth.edit_of(row) for row in rows]
    bands = {
        SIMILARITY: _similarities(rows),
        EDIT: [edit.quality if edit else "" for edit in edits],
        EDIT_SIZE: [_size(edit) if edit else "" for edit in edits],
    }
    return {difficulty: of_rows for difficulty, of_rows in bands.items() if any(of_rows)}


def in_order(bands: Iterable[str]) -> list[str]:
    """Each band once: those that are graded from low to high, others by name."""
    return sorted(set(bands) - {""}, key=lambda band: (_GRADED.index(band) if band in _GRADED else -1, band))


def _similarities(rows: Sequence[Prediction]) -> list[str]:
    """The band of each row with two captions, by their words (`pairing.similarity`)."""
    bands = [""] * len(rows)
    known = [index for index, row in enumerate(rows) if row.caption1 and row.caption2]
    if known:
        captions = [caption for index in known for caption in (rows[index].caption1, rows[index].caption2)]
        places = range(len(captions))
        similarities = cosines(caption_vectors(captions), places[0::2], places[1::2])
        for index, similarity in zip(known, similarities, strict=True):
            bands[index] = _SIMILARITIES[bisect.bisect_left(_BOUNDS[:-1], similarity)]
    return bands


def _size(edit: EditTruth) -> str:
    return "" if edit.quality in _WITHOUT_SIZE else _SIZES[edit.size]
