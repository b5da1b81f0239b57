"""Pairs of a recording and its edit, of clips that `adiff edit` made."""

from collections.abc import Sequence

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.records import Clip, Pair, make_pair
from adiff_data.sources.edited import STRATEGY, other_file


def edited_pairs(clips: Sequence[Clip], *, seed: int, limit: int | None) -> list[Pair]:
    """Pairs the two audios of each edited pair of a split, in the order in which they were made.

    Args:
        seed: of the choice, where there is a limit.
        limit: make this many pairs, drawn evenly at random.

    Raises:
        InputError: a clip is no recording that `adiff edit` made, or lacks the other one.
    """
    clip_of = {clip.filepath: clip for clip in clips}
    pairs = []
    for clip in clips:
        other = other_file(clip.filepath)
        if other not in clip_of:
            raise InputError(
                f"'{clip.filepath}' has no edit among the clips",
                mend='`strategy="edited"` is for recordings that adiff edit made',
            )
        if clip.filepath < other:
            second = clip_of[other]
            pairs.append(make_pair(clip, second, clip.captions[0], second.captions[0], strategy=STRATEGY))
    if limit is None or limit >= len(pairs):
        return pairs
    chosen = Seeded(seed, clips[0].corpus, clips[0].split, STRATEGY).sample(range(len(pairs)), limit)
    return [pairs[index] for index in sorted(chosen)]
