"""Hard pairs: the partner among the nearest captions, but never a paraphrase of the same scene."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import FirstRow, Loads, balance
from adiff_data.pairing.matching import Matching
from adiff_data.pairing.similarity import caption_vectors, similarities
from adiff_data.records import Clip

_log = logging.getLogger(__name__)
_NEAREST = 48  # candidates kept a row


class Partner(NamedTuple):
    """A row's clip as audio 2, the caption that is compared, and how near the captions are (cosine, 0 to 1)."""

    clip: int
    caption: int
    similarity: float


class Captions(NamedTuple):
    """All captions of a split as unit vectors, and the clip and the place in the clip of each."""

    vectors: sparse.csr_matrix
    clip: np.ndarray
    first: np.ndarray


def similar_partners(
    clips: Sequence[Clip], rows: Sequence[FirstRow], band: tuple[float, float], stream: Seeded
) -> list[Partner]:
    """The nearest partner of each row within the band, as far as the balance of the split allows.

    Pairs are taken from the nearest on, each row once, each clip up to its share; rows whose candidates are all
    taken make room for themselves by one exchange, or get what is left. How many stand outside of the band is
    said in the log, and every similarity is recorded.

    Args:
        band: two clips with captions nearer than `band[1]` are taken for the same scene and not paired; a
            partner is at least as near as `band[0]` where the balance allows.

    Raises:
        InputError: the band is not 0 <= low < high <= 1.
    """
    low, high = band
    if not 0 <= low < high <= 1:
        raise InputError(f"no similarity band {low} to {high}", mend="give 0 <= low < high <= 1")
    captions = _caption_table(clips)
    places = [int(captions.first[row.clip]) + row.caption for row in rows]
    candidates, same_scene = _candidates(captions, rows, places, band)
    matching = Matching(rows, candidates, len(clips))
    matching.take_nearest(stream)
    matching.exchange()
    _fill_gaps(matching, captions, places, same_scene)

    def movable_best(able: list[int], taker: int) -> int:
        """One of the rows that may move to `taker`: one of another scene, if there is any."""
        other = [row for row in able if taker not in same_scene[rows[row].clip]]
        return stream.choice(other or able)

    partners = balance(Loads(rows, matching.partners(), len(clips)), stream, movable_best)
    chosen = _nearest_captions(captions, places, partners)
    outside = sum(not low <= partner.similarity <= high for partner in chosen)
    if outside:
        _log.warning(
            "%d of %d pairs are outside of the similarity band %g to %g: nearer clips had their share already",
            outside,
            len(chosen),
            low,
            high,
        )
    return chosen


def _caption_table(clips: Sequence[Clip]) -> Captions:
    texts = [caption for clip in clips for caption in clip.captions]
    counts = [len(clip.captions) for clip in clips]
    return Captions(
        vectors=caption_vectors(texts),
        clip=np.repeat(np.arange(len(clips)), counts),
        first=np.concatenate([[0], np.cumsum(counts)]),
    )


def _candidates(
    captions: Captions, rows: Sequence[FirstRow], places: Sequence[int], band: tuple[float, float]
) -> tuple[list[list[tuple[float, int]]], list[set[int]]]:
    """For each row, (similarity, clip) of the nearest clips within the band, nearest first; and for each clip,
    itself and the clips of the same scene: those with any caption nearer to one of its own than the band."""
    low, high = band
    row_of = {place: row for row, place in enumerate(places)}
    same_scene = [{clip} for clip in range(len(captions.first) - 1)]
    nearest: list[list[tuple[float, int]]] = [[] for _ in rows]
    for place, near, similarity in similarities(captions.vectors, captions.vectors):
        same_scene[captions.clip[place]].update(captions.clip[near[similarity > high]].tolist())
        if place in row_of:
            inside = (similarity >= low) & (similarity <= high)
            nearest[row_of[place]] = _best_clips(captions.clip[near[inside]], similarity[inside])
    for row, found in enumerate(nearest):
        excluded = same_scene[rows[row].clip]
        nearest[row] = [(value, clip) for value, clip in found if clip not in excluded]
    return nearest, same_scene


def _best_clips(clips: np.ndarray, similarity: np.ndarray) -> list[tuple[float, int]]:
    """The `_NEAREST` nearest captions as (similarity, clip), each clip once with its nearest caption."""
    if len(clips) > _NEAREST:
        edge = np.partition(similarity, -_NEAREST)[-_NEAREST]
        clips, similarity = clips[similarity >= edge], similarity[similarity >= edge]
    order = np.lexsort((clips, -similarity))[: 2 * _NEAREST]
    kept: dict[int, float] = {}
    for clip, value in zip(clips[order].tolist(), similarity[order].tolist(), strict=True):
        kept.setdefault(clip, value)
    return [(value, clip) for clip, value in kept.items()]


def _fill_gaps(matching: Matching, captions: Captions, places: Sequence[int], same_scene: list[set[int]]) -> None:
    """Gives each row still without a partner the nearest clip that has room, whatever the band's lower end; where
    none has, the least loaded clip that it may be paired with, for the balance to sort out."""
    for row in matching.unmatched():
        values = (captions.vectors @ captions.vectors[places[row]].T).toarray().ravel()
        near = np.zeros(len(matching.rows_of), dtype=np.float32)
        np.maximum.at(near, captions.clip, values)
        excluded = same_scene[matching.rows[row].clip]
        free = [clip for clip in matching.with_room - excluded if matching.is_new(row, clip)]
        nearest = max(free, key=lambda clip: (near[clip], -clip), default=None)
        matching.put(row, matching.least_loaded_for(row, excluded) if nearest is None else nearest)


def _nearest_captions(captions: Captions, places: Sequence[int], partners: Sequence[int]) -> list[Partner]:
    """For each row, the caption of its partner that is nearest to its own."""
    counts = np.diff(captions.first)[partners]
    row = np.repeat(np.arange(len(places)), counts)
    start = np.repeat(captions.first[partners] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    place = start + np.arange(len(row))
    own = np.asarray(places)[row]
    values = np.asarray(captions.vectors[own].multiply(captions.vectors[place]).sum(axis=1)).ravel()
    best = np.lexsort((place, -values, row))[np.concatenate([[0], np.cumsum(counts)[:-1]])]
    return [
        Partner(clip, int(place[index] - captions.first[clip]), float(min(values[index], 1.0)))
        for clip, index in zip(partners, best.tolist(), strict=True)
    ]
