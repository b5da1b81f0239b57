"""Pairing: which two clips of a split, and which caption of each, a row compares.

Both strategies keep the same promises: every (clip, caption) once as audio 1, never a clip with itself, no ordered
pair of clips twice, and every clip as audio 2 equally often, give or take one.
"""

from collections.abc import Sequence

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import FirstRow
from adiff_data.pairing.random_partners import random_partners
from adiff_data.records import Clip, Pair, make_pair

STRATEGIES = ("random", "similar")
DEFAULT_BAND = (0.25, 0.75)


def make_pairs(
    clips: Sequence[Clip],
    *,
    strategy: str = "random",
    seed: int = 0,
    limit: int | None = None,
    band: tuple[float, float] = DEFAULT_BAND,
) -> list[Pair]:
    """Pairs the clips of one split.

    Args:
        clips: one split's clips.
        strategy: `random` (the published rule) or `similar` (hard pairs: near captions, no paraphrases).
        seed: another seed gives other pairs; the same seed gives the same on every machine.
        limit: pair this many of the (clip, caption) rows, drawn evenly at random.
        band: for `similar`, the lowest and highest similarity of the captions of two clips (0 to 1).

    Raises:
        InputError: the split is too small to keep the promises, or the strategy or the band does not exist.
    """
    if strategy not in STRATEGIES:
        raise InputError(f"no strategy '{strategy}'", mend=f"strategies: {', '.join(STRATEGIES)}")
    _require_partners(clips)
    corpus, split = clips[0].corpus, clips[0].split
    stream = Seeded(seed, corpus, split, strategy)
    rows = _first_rows(clips, limit, stream)
    if strategy == "random":
        partners = random_partners(rows, len(clips), stream)
        return [_with_drawn_caption(clips, row, partner, stream) for row, partner in zip(rows, partners, strict=True)]

    from adiff_data.pairing.similar_partners import similar_partners  # noqa: PLC0415 - scikit-learn takes a second

    chosen = similar_partners(clips, rows, band, stream)
    return [
        make_pair(
            clips[row.clip],
            clips[partner.clip],
            clips[row.clip].captions[row.caption],
            clips[partner.clip].captions[partner.caption],
            strategy="similar",
            similarity=round(partner.similarity, 4),
        )
        for row, partner in zip(rows, chosen, strict=True)
    ]


def _require_partners(clips: Sequence[Clip]) -> None:
    if len(clips) < 2:
        raise InputError(
            f"{len(clips)} clip in the split, and a pair needs two", mend="take another split or more clips"
        )
    fullest = max(clips, key=lambda clip: len(clip.captions))
    if len(fullest.captions) >= len(clips):
        raise InputError(
            f"'{fullest.filepath}' has {len(fullest.captions)} captions and only {len(clips) - 1} other clips to be "
            "paired with, each once",
            mend="give it fewer captions or the split more clips",
        )


def _first_rows(clips: Sequence[Clip], limit: int | None, stream: Seeded) -> list[FirstRow]:
    rows = [FirstRow(clip, caption) for clip, each in enumerate(clips) for caption in range(len(each.captions))]
    if limit is None or limit >= len(rows):
        return rows
    return sorted(stream.sample(rows, limit))


def _with_drawn_caption(clips: Sequence[Clip], row: FirstRow, partner: int, stream: Seeded) -> Pair:
    first, second = clips[row.clip], clips[partner]
    return make_pair(first, second, first.captions[row.caption], stream.choice(second.captions), strategy="random")
