"""Balancing: how often each clip is audio 2, and moving anchors until all clips are so equally often."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from adiff_data.core.seeded import Seeded


class Anchor(NamedTuple):
    """Audio 1 of a pair that has no audio 2 yet: the index of the clip, and the index of its caption in the clip."""

    clip: int
    caption: int


class Assignment:
    """The partner of each anchor, which may change. Anchors and clips are named by their indices.

    Attributes:
        partners: for each anchor, the clip that is audio 2.
        anchors_of: for each clip, the anchors whose partner it is.

    Args:
        clips: how many clips there are.
    """

    def __init__(self, anchors: Sequence[Anchor], partners: Sequence[int], clips: int) -> None:
        self.partners = list(partners)
        self.anchors_of: list[list[int]] = [[] for _ in range(clips)]
        self._clip_of = [anchor.clip for anchor in anchors]
        for anchor, partner in enumerate(self.partners):
            self.anchors_of[partner].append(anchor)

    def load(self, clip: int) -> int:
        """How often `clip` is audio 2."""
        return len(self.anchors_of[clip])

    def movable(self, giver: int, taker: int) -> list[int]:
        """The anchors of `giver` that may move to `taker`: no clip with itself, no ordered pair twice."""
        excluded = {self._clip_of[anchor] for anchor in self.anchors_of[taker]} | {taker}
        return [anchor for anchor in self.anchors_of[giver] if self._clip_of[anchor] not in excluded]

    def move(self, anchor: int, clip: int) -> None:
        """Makes `clip` the partner of `anchor`."""
        self.anchors_of[self.partners[anchor]].remove(anchor)
        self.anchors_of[clip].append(anchor)
        self.partners[anchor] = clip


def balance(assignment: Assignment, stream: Seeded, choose: Callable[[list[int], int], int] | None = None) -> list[int]:
    """Moves anchors from clips that are audio 2 too often to clips that are so too seldom.

    Afterwards no two clips differ by more than one. A move is always possible: let clip h have at least two anchors
    more than clip l. Then at least two anchors of h come from clips that are not paired with l yet. At most one of
    these is an anchor of l itself, and any other may move. So any assignment in which no clip has more anchors than
    there are other clips can be balanced.

    Args:
        assignment: is changed.
        choose: picks one of the anchors that may move to the given clip; at random by default.

    Returns:
        the partner of each anchor.
    """
    pick = choose or (lambda movable, taker: stream.choice(movable))
    clips = range(len(assignment.anchors_of))
    share = len(assignment.partners) // len(clips)
    givers = [clip for clip in clips for _ in range(assignment.load(clip) - share - 1)]
    takers = [clip for clip in clips for _ in range(share - assignment.load(clip))]
    could_give = [clip for clip in clips if assignment.load(clip) > share]
    could_take = [clip for clip in clips if assignment.load(clip) <= share]
    for candidates in (givers, takers, could_give, could_take):
        stream.shuffle(candidates)
    moves = max(len(givers), len(takers))
    for giver, taker in zip((givers + could_give)[:moves], (takers + could_take)[:moves], strict=True):
        assignment.move(pick(assignment.movable(giver, taker), taker), taker)
    return assignment.partners
