"""Matching: anchors get the partners they fit best, no clip more than its share, and no ordered pair twice."""

from collections.abc import Sequence

from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import Anchor


class Matching:
    """The partner of each anchor so far. Anchors and clips are named by their indices.

    Attributes:
        share: how often a clip may be audio 2: an even share of the anchors, rounded up.
        with_room: the clips that are so less often.

    Args:
        candidates: for each anchor, the similarity and the clip of each partner it may get, the nearest first.
        clips: how many clips there are.
    """

    def __init__(self, anchors: Sequence[Anchor], candidates: list[list[tuple[float, int]]], clips: int) -> None:
        self.anchors, self.candidates, self.clips = anchors, candidates, clips
        self.share = -(-len(anchors) // clips)
        self.with_room = set(range(clips))
        self._anchors_of: list[list[int]] = [[] for _ in range(clips)]
        self._partner: list[int | None] = [None] * len(anchors)
        self._paired: set[tuple[int, int]] = set()

    def take_nearest(self, stream: Seeded) -> None:
        """Matches the most similar pairs first; equally similar ones come in random order."""
        edges = [
            (-similarity, anchor, clip)
            for anchor, nearest in enumerate(self.candidates)
            for similarity, clip in nearest
        ]
        stream.shuffle(edges)
        edges.sort(key=lambda edge: edge[0])
        for _, anchor, clip in edges:
            if self._partner[anchor] is None and clip in self.with_room and self.is_new(anchor, clip):
                self.put(anchor, clip)

    def exchange(self) -> None:
        """Gives each unmatched anchor the partner of an anchor that can take another one."""
        for anchor in self.unmatched():
            self._exchange_for(anchor)

    def unmatched(self) -> list[int]:
        """The anchors without a partner."""
        return [anchor for anchor, partner in enumerate(self._partner) if partner is None]

    def partners(self) -> list[int]:
        """The partner of each anchor, once all are matched."""
        return [partner for partner in self._partner if partner is not None]

    def is_new(self, anchor: int, clip: int) -> bool:
        """Whether the clip of `anchor` and `clip` are not paired yet."""
        return (self.anchors[anchor].clip, clip) not in self._paired

    def least_loaded_for(self, anchor: int, unwanted: set[int]) -> int:
        """Of the clips that `anchor` may still be paired with, the one that is audio 2 least often.

        An unwanted clip is taken only if there is no other.
        """
        free = [clip for clip in range(self.clips) if clip != self.anchors[anchor].clip and self.is_new(anchor, clip)]
        return min(free, key=lambda clip: (clip in unwanted, len(self._anchors_of[clip])))

    def put(self, anchor: int, clip: int) -> None:
        """Matches `anchor` with `clip`."""
        self._partner[anchor] = clip
        self._anchors_of[clip].append(anchor)
        self._paired.add((self.anchors[anchor].clip, clip))
        if len(self._anchors_of[clip]) >= self.share:
            self.with_room.discard(clip)

    def _take_away(self, anchor: int, clip: int) -> None:
        self._partner[anchor] = None
        self._anchors_of[clip].remove(anchor)
        self._paired.discard((self.anchors[anchor].clip, clip))
        self.with_room.add(clip)

    def _exchange_for(self, anchor: int) -> None:
        for _, clip in self.candidates[anchor]:
            if not self.is_new(anchor, clip):
                continue
            for matched in self._anchors_of[clip]:
                elsewhere = self._room_elsewhere(matched)
                if elsewhere is not None:
                    self._take_away(matched, clip)
                    self.put(matched, elsewhere)
                    self.put(anchor, clip)
                    return

    def _room_elsewhere(self, anchor: int) -> int | None:
        """The nearest clip with room that `anchor` may be paired with."""
        near = (clip for _, clip in self.candidates[anchor])
        return next((clip for clip in near if clip in self.with_room and self.is_new(anchor, clip)), None)
