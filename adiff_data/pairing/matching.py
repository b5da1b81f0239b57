"""Rows matched to the clips they would rather have, no clip over its share and no ordered pair of clips twice."""

from collections.abc import Sequence

from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import FirstRow


class Matching:
    """Which clip each row has as audio 2 so far; `with_room` holds the clips that have less than their share.

    Args:
        rows: the rows to be matched.
        candidates: for each row, (how much it is wanted, clip), the best first.
        clips: how many clips there are; each takes its even share of the rows, rounded up.
    """

    def __init__(self, rows: Sequence[FirstRow], candidates: list[list[tuple[float, int]]], clips: int) -> None:
        self.rows, self.candidates = rows, candidates
        self.share = -(-len(rows) // clips)
        self.rows_of: list[list[int]] = [[] for _ in range(clips)]
        self._partner: list[int | None] = [None] * len(rows)
        self._paired: set[tuple[int, int]] = set()
        self.with_room = set(range(clips))

    def take_nearest(self, stream: Seeded) -> None:
        """Takes the candidates of all rows from the best wanted on, ties in random order."""
        edges = [(-wanted, row, clip) for row, near in enumerate(self.candidates) for wanted, clip in near]
        stream.shuffle(edges)
        edges.sort(key=lambda edge: edge[0])
        for _, row, clip in edges:
            if self._partner[row] is None and clip in self.with_room and self.is_new(row, clip):
                self.put(row, clip)

    def exchange(self) -> None:
        """Gives each unmatched row the place of one that can go elsewhere."""
        for row in self.unmatched():
            self._exchange_for(row)

    def unmatched(self) -> list[int]:
        """The rows without a partner."""
        return [row for row, partner in enumerate(self._partner) if partner is None]

    def partners(self) -> list[int]:
        """Each row's clip; only once all are matched."""
        return [partner for partner in self._partner if partner is not None]

    def is_new(self, row: int, clip: int) -> bool:
        """Whether the row's clip and `clip` are not paired yet."""
        return (self.rows[row].clip, clip) not in self._paired

    def least_loaded_for(self, row: int, unwanted: set[int]) -> int:
        """The clip with the fewest rows that the row may still be paired with, an unwanted one only if no other is
        left."""
        own = self.rows[row].clip
        free = [clip for clip in range(len(self.rows_of)) if clip != own and self.is_new(row, clip)]
        return min(free, key=lambda clip: (clip in unwanted, len(self.rows_of[clip])))

    def put(self, row: int, clip: int) -> None:
        """Matches `row` to `clip`."""
        self._partner[row] = clip
        self.rows_of[clip].append(row)
        self._paired.add((self.rows[row].clip, clip))
        if len(self.rows_of[clip]) >= self.share:
            self.with_room.discard(clip)

    def _take_away(self, row: int, clip: int) -> None:
        self._partner[row] = None
        self.rows_of[clip].remove(row)
        self._paired.discard((self.rows[row].clip, clip))
        self.with_room.add(clip)

    def _exchange_for(self, row: int) -> None:
        for _, clip in self.candidates[row]:
            if not self.is_new(row, clip):
                continue
            for other in self.rows_of[clip]:
                elsewhere = self._room_elsewhere(other)
                if elsewhere is not None:
                    self._take_away(other, clip)
                    self.put(other, elsewhere)
                    self.put(row, clip)
                    return

    def _room_elsewhere(self, row: int) -> int | None:
        places = (clip for _, clip in self.candidates[row] if clip in self.with_room and self.is_new(row, clip))
        return next(places, None)
