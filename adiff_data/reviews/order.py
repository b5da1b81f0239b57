"""Which answers are reviewed, and which come first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest
from math import ceil
from typing import Literal

from adiff_data.checks.verdicts import Verdict
from adiff_data.core.seeded import Seeded
from adiff_data.records import Annotation

Order = Literal["random", "failed", "strata"]
_Stratum = tuple[str, str]


def in_order(
    rows: Sequence[Annotation],
    verdicts: Mapping[str, Verdict],
    *,
    order: Order = "random",
    share: float = 1.0,
    seed: int = 0,
) -> list[Annotation]:
    """The rows to review, in the order in which they are given.

    A stratum is the rows of one tier that passed their checks, or that failed them.

    Args:
        verdicts: what the checks say of each row, by id.
        order: `random`; `failed`: those that failed their checks first, then those that a check could not decide on;
            `strata`: one of each stratum in turn, as long as it lasts.
        share: of each stratum so much is reviewed, 0 to 1, and one row at least; drawn by the seed.
    """
    shuffled = list(rows)
    Seeded("review", seed).shuffle(shuffled)
    strata: dict[_Stratum, list[Annotation]] = defaultdict(list)
    for row in shuffled:
        strata[row.tier, verdicts[row.id].verdict].append(row)
    drawn = [own[: ceil(share * len(own))] for _, own in sorted(strata.items())]
    if order == "strata":
        return [row for row in chain.from_iterable(zip_longest(*drawn)) if row is not None]
    chosen = {row.id for row in chain.from_iterable(drawn)}
    kept = [row for row in shuffled if row.id in chosen]
    return sorted(kept, key=lambda row: _urgency(verdicts[row.id])) if order == "failed" else kept


def _urgency(verdict: Verdict) -> int:
    return 0 if verdict.failed else 1 if verdict.reasons else 2
