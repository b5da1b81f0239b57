"""The published rule: a partner drawn at random from the same split."""

from collections.abc import Sequence
from itertools import groupby

from adiff_data.core.seeded import Seeded
from adiff_data.pairing.balance import FirstRow, Loads, balance


def random_partners(rows: Sequence[FirstRow], clips: int, stream: Seeded) -> list[int]:
    """The clip that each row has as audio 2: another one for each row of a clip, balanced over the split.

    Args:
        rows: the rows by clip, at most `clips` - 1 of each.
        clips: how many clips the split has.
    """
    partners: list[int] = []
    others = range(clips - 1)
    for clip, own in groupby(rows, key=lambda row: row.clip):
        drawn = stream.sample(others, len(list(own)))
        partners += [place + (place >= clip) for place in drawn]
    return balance(Loads(rows, partners, clips), stream)
