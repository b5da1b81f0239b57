"""Pairing: which two clips of a split are compared, and by which caption of each.

The strategies `random` and `similar` keep the same promises: every caption of every clip once as audio 1, never a clip
with itself, no ordered pair of clips twice, and every clip equally often as audio 2, give or take one.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import PositiveInt

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import Anchor
from adiff_data.pairing.edited_pairs import edited_pairs
from adiff_data.pairing.random_partners import random_partners
from adiff_data.records import Clip, Pair, make_pair

Strategy = Literal["random", "similar", "edited"]
DEFAULT_BAND = (0.25, 0.75)


@checks_arguments
def make_pairs(
    clips: Iterable[Clip],
    *,
    strategy: Strategy = "random",
    seed: int = 0,
    limit: PositiveInt | None = None,
    band: tuple[float, float] = DEFAULT_BAND,
) -> list[Pair]:
    """Pairs the clips of one split.

    Args:
        clips: the clips of one split.
        strategy: `random` (the published rule), `similar` (hard pairs: similar captions, no paraphrases), or `edited`
            (of clips that `adiff edit` made: each recording with its edit).
        seed: another seed gives other pairs; the same seed gives the same pairs on every machine.
        limit: make this many pairs; their captions of audio 1 are drawn evenly at random.
        band: for `similar`, the lowest and the highest similarity of the captions of two clips (0 to 1).

    Raises:
        InputError: the split is too small to keep the promises, there is no such strategy, or the band is none.
    """
    if not 0 <= band[0] < band[1] <= 1:
        raise InputError(f"`band` should be two numbers from 0 to 1, the lower one first, not {tuple(band)}")
    clips = list(clips)
    if strategy == "edited":
        return edited_pairs(clips, seed=seed, limit=limit)
    _require_partners(clips)
    corpus, split = clips[0].corpus, clips[0].split
    stream = Seeded(seed, corpus, split, strategy)
    anchors = _anchors(clips, limit, stream)
    if strategy == "random":
        partners = random_partners(anchors, len(clips), stream)
        return [_random_pair(clips, anchor, partner, stream) for anchor, partner in zip(anchors, partners, strict=True)]

    from adiff_data.pairing.similar_partners import similar_partners  # noqa: PLC0415 - scikit-learn takes a second

    return [
        make_pair(
            clips[anchor.clip],
            clips[partner.clip],
            clips[anchor.clip].captions[anchor.caption],
            clips[partner.clip].captions[partner.caption],
            strategy="similar",
            similarity=round(partner.similarity, 4),
        )
        for anchor, partner in zip(anchors, similar_partners(clips, anchors, band, stream), strict=True)
    ]


def _require_partners(clips: Sequence[Clip]) -> None:
    if len(clips) < 2:
        have = "1 clip" if clips else "no clips"
        raise InputError(f"{have} in the split, and a pair needs two", mend="take another split or more clips")
    fullest = max(clips, key=lambda clip: len(clip.captions))
    if len(fullest.captions) >= len(clips):
        raise InputError(
            f"'{fullest.filepath}' has {len(fullest.captions)} captions and only {len(clips) - 1} other clips to be "
            "paired with, each once",
            mend="give it fewer captions or the split more clips",
        )


def _anchors(clips: Sequence[Clip], limit: int | None, stream: Seeded) -> list[Anchor]:
    anchors = [Anchor(index, caption) for index, clip in enumerate(clips) for caption in range(len(clip.captions))]
    if limit is None or limit >= len(anchors):
        return anchors
    return sorted(stream.sample(anchors, limit))


def _random_pair(clips: Sequence[Clip], anchor: Anchor, partner: int, stream: Seeded) -> Pair:
    """A pair whose second caption is drawn from those of the partner."""
    first, second = clips[anchor.clip], clips[partner]
    return make_pair(first, second, first.captions[anchor.caption], stream.choice(second.captions), strategy="random")
