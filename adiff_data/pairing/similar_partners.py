"""Hard pairs: the partner has one of the most similar captions, but is never a paraphrase of the same scene."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import Anchor, Assignment, balance
from adiff_data.pairing.matching import Matching
from adiff_data.pairing.similarity import caption_vectors, similarities
from adiff_data.records import Clip

_log = logging.getLogger(__name__)
_NEAREST = 48  # candidates kept for each anchor


class Partner(NamedTuple):
    """Audio 2 of a pair: the clip, its caption (both as indices), and how similar the captions are (cosine, 0 to 1)."""

    clip: int
    caption: int
    similarity: float


class Captions(NamedTuple):
    """All n captions of a split.

    Attributes:
        vectors: their unit vectors, of shape (n, stems).
        clip: for each caption, the index of its clip; shape (n,).
        first: for each clip, the index of its first caption; at the end, n. Shape (clips + 1,).
    """

    vectors: sparse.csr_matrix
    clip: np.ndarray
    first: np.ndarray


def similar_partners(
    clips: Sequence[Clip], anchors: Sequence[Anchor], band: tuple[float, float], stream: Seeded
) -> list[Partner]:
    """The nearest partner of each anchor within the band, as far as the balance of the split allows.

    The most similar pairs are taken first, each anchor once, each clip up to its share. An anchor whose candidates are
    all taken gets one by an exchange, or else what is left. How many pairs are outside of the band is said in the log,
    and every similarity is recorded.

    Args:
        band: two clips with captions more similar than `band[1]` are taken for the same scene and not paired; a
            partner is at least as similar as `band[0]` where the balance allows.
    """
    low, high = band
    captions = _caption_table(clips)
    caption_of = [int(captions.first[anchor.clip]) + anchor.caption for anchor in anchors]
    candidates, same_scene = _candidates(captions, anchors, caption_of, band)
    matching = Matching(anchors, candidates, len(clips))
    matching.take_nearest(stream)
    matching.exchange()
    _fill_gaps(matching, captions, caption_of, same_scene)

    def another_scene_first(movable: list[int], taker: int) -> int:
        """An anchor that may move to `taker`: one of another scene, if there is any."""
        another_scene = [anchor for anchor in movable if taker not in same_scene[anchors[anchor].clip]]
        return stream.choice(another_scene or movable)

    clips_of_partners = balance(Assignment(anchors, matching.partners(), len(clips)), stream, another_scene_first)
    partners = _nearest_captions(captions, caption_of, clips_of_partners)
    outside = sum(not low <= partner.similarity <= high for partner in partners)
    if outside:
        _log.warning(
            "%d of %d pairs are outside of the similarity band %g to %g: nearer clips had their share already",
            outside,
            len(partners),
            low,
            high,
        )
    return partners


def _caption_table(clips: Sequence[Clip]) -> Captions:
    texts = [caption for clip in clips for caption in clip.captions]
    counts = [len(clip.captions) for clip in clips]
    return Captions(
        vectors=caption_vectors(texts),
        clip=np.repeat(np.arange(len(clips)), counts),
        first=np.concatenate([[0], np.cumsum(counts)]),
    )


def _candidates(
    captions: Captions, anchors: Sequence[Anchor], caption_of: Sequence[int], band: tuple[float, float]
) -> tuple[list[list[tuple[float, int]]], list[set[int]]]:
    """Which partners each anchor may get, and which clips are of one scene.

    Args:
        caption_of: for each anchor, the index of its caption among all captions.

    Returns:
        for each anchor, (similarity, clip) of the nearest clips within the band, the nearest first; and for each clip,
        itself and the clips of the same scene: those that have a caption too similar to one of its captions.
    """
    low, high = band
    anchor_of = {caption: anchor for anchor, caption in enumerate(caption_of)}
    same_scene = [{clip} for clip in range(len(captions.first) - 1)]
    nearest: list[list[tuple[float, int]]] = [[] for _ in anchors]
    for caption, near, similarity in similarities(captions.vectors):
        same_scene[captions.clip[caption]].update(captions.clip[near[similarity > high]].tolist())
        if caption in anchor_of:
            inside = (similarity >= low) & (similarity <= high)
            nearest[anchor_of[caption]] = _nearest_clips(captions.clip[near[inside]], similarity[inside])
    candidates = [
        [(similarity, clip) for similarity, clip in nearest_clips if clip not in same_scene[anchor.clip]]
        for anchor, nearest_clips in zip(anchors, nearest, strict=True)
    ]
    return candidates, same_scene


def _nearest_clips(clips: np.ndarray, similarity: np.ndarray) -> list[tuple[float, int]]:
    """The clips of the `_NEAREST` most similar captions as (similarity, clip), each with its most similar caption."""
    if len(clips) > _NEAREST:
        least = np.partition(similarity, -_NEAREST)[-_NEAREST]
        clips, similarity = clips[similarity >= least], similarity[similarity >= least]
    order = np.lexsort((clips, -similarity))[: 2 * _NEAREST]
    best: dict[int, float] = {}
    for clip, value in zip(clips[order].tolist(), similarity[order].tolist(), strict=True):
        best.setdefault(clip, value)
    return [(value, clip) for clip, value in best.items()]


def _fill_gaps(matching: Matching, captions: Captions, caption_of: Sequence[int], same_scene: list[set[int]]) -> None:
    """Gives each anchor that has no partner yet the nearest clip with room, however far it is.

    If none has room, the anchor gets the clip that is audio 2 least often, and balancing makes it right.
    """
    for anchor in matching.unmatched():
        values = (captions.vectors @ captions.vectors[caption_of[anchor]].T).toarray().ravel()
        similarity = np.zeros(matching.clips, dtype=np.float32)
        np.maximum.at(similarity, captions.clip, values)
        excluded = same_scene[matching.anchors[anchor].clip]
        free = [clip for clip in matching.with_room - excluded if matching.is_new(anchor, clip)]
        nearest = min(free, key=lambda clip: (-similarity[clip], clip), default=None)
        matching.put(anchor, matching.least_loaded_for(anchor, excluded) if nearest is None else nearest)


def _nearest_captions(captions: Captions, caption_of: Sequence[int], clips: Sequence[int]) -> list[Partner]:
    """For each anchor, the caption of its partner that is most similar to its own.

    Args:
        caption_of: for each anchor, the index of its caption among all captions.
        clips: for each anchor, the clip that is its partner.
    """
    counts = np.diff(captions.first)[clips]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])  # where the captions of each partner begin in what follows
    anchor = np.repeat(np.arange(len(caption_of)), counts)
    caption = np.repeat(captions.first[clips] - starts, counts) + np.arange(len(anchor))
    anchor_vectors = captions.vectors[np.asarray(caption_of)[anchor]]
    similarity = np.asarray(anchor_vectors.multiply(captions.vectors[caption]).sum(axis=1)).ravel()
    best = np.lexsort((caption, -similarity, anchor))[starts]
    return [
        Partner(clip, int(caption[index] - captions.first[clip]), float(min(similarity[index], 1.0)))
        for clip, index in zip(clips, best.tolist(), strict=True)
    ]
