"""Who stands how often as audio 2, and moving rows until everyone does equally often."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from adiff_data.core.seeded import Seeded


class FirstRow(NamedTuple):
    """A row before it has a partner: the places of the clip and of its caption as audio 1."""

    clip: int
    caption: int


class Loads:
    """The rows that point to each clip as audio 2."""

    def __init__(self, rows: Sequence[FirstRow], partners: Sequence[int], clips: int) -> None:
        self.first = [row.clip for row in rows]
        self.partners = list(partners)
        self.rows_of: list[list[int]] = [[] for _ in range(clips)]
        for row, partner in enumerate(self.partners):
            self.rows_of[partner].append(row)

    def of(self, clip: int) -> int:
        """How many rows have `clip` as audio 2."""
        return len(self.rows_of[clip])

    def movable(self, heavy: int, light: int) -> list[int]:
        """The rows of `heavy` that could point to `light`: no clip with itself, no ordered pair twice."""
        taken = {self.first[row] for row in self.rows_of[light]} | {light}
        return [row for row in self.rows_of[heavy] if self.first[row] not in taken]

    def move(self, row: int, clip: int) -> None:
        """Points `row` to `clip`."""
        self.rows_of[self.partners[row]].remove(row)
        self.rows_of[clip].append(row)
        self.partners[row] = clip


def balance(loads: Loads, stream: Seeded, choose: Callable[[list[int], int], int] | None = None) -> list[int]:
    """Moves rows from clips that stand too often as audio 2 to clips that stand too seldom, until no two differ
    by more than one; returns each row's partner.

    A move always exists. Let clip h have at least two rows more than clip l. Then at least two rows of h come from
    clips that do not point to l yet; at most one of them is a row of l itself; any other may move. So any
    assignment in which no clip has more rows than there are other clips can be balanced.

    Args:
        choose: picks one of the rows that may move to the given clip; at random by default.
    """
    pick = choose or (lambda rows, taker: stream.choice(rows))
    clips = range(len(loads.rows_of))
    share = len(loads.partners) // len(loads.rows_of)
    givers = [clip for clip in clips for _ in range(loads.of(clip) - share - 1)]
    takers = [clip for clip in clips for _ in range(share - loads.of(clip))]
    could_give = [clip for clip in clips if loads.of(clip) > share]
    could_take = [clip for clip in clips if loads.of(clip) <= share]
    for places in (givers, takers, could_give, could_take):
        stream.shuffle(places)
    moves = max(len(givers), len(takers))
    for giver, taker in zip((givers + could_give)[:moves], (takers + could_take)[:moves], strict=True):
        loads.move(pick(loads.movable(giver, taker), taker), taker)
    return loads.partners
