"""The published rule: a partner drawn at random from the same split."""

from collections.abc import Sequence
from itertools import groupby

from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import Anchor, Assignment, balance


def random_partners(anchors: Sequence[Anchor], clips: int, stream: Seeded) -> list[int]:
    """The partner of each anchor: a different clip for each anchor of one clip, balanced over the split.

    Args:
        anchors: those of one clip together, at most `clips` - 1 of each clip.
        clips: how many clips the split has.
    """
    partners: list[int] = []
    for clip, of_clip in groupby(anchors, key=lambda anchor: anchor.clip):
        drawn = stream.sample(range(clips - 1), len(list(of_clip)))
        partners += [index + (index >= clip) for index in drawn]  # the indices of all clips but this one
    return balance(Assignment(anchors, partners, clips), stream)
