"""How far people agree: Krippendorff's alpha."""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError


def alpha(
    said: Iterable[Sequence[str | int]], values: Sequence[str | int], level: Literal["nominal", "ordinal"] = "nominal"
) -> float | None:
    """Krippendorff's alpha of what was said of each thing; None where it is not defined.

    That is where nothing has two opinions, and where everybody said the same of everything.

    Args:
        said: for each thing, one value a person; things of one person count for nothing.
        values: those that there are; with `ordinal`, in their order.

    Raises:
        InputError: the package that computes it is not installed.
    """
    counts = np.array([[opinions.count(value) for value in values] for opinions in said if len(opinions) > 1])
    if counts.size == 0 or (counts.sum(axis=0) > 0).sum() < 2:
        return None
    try:
        import krippendorff  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        mend = install_hint("review")
        raise InputError("how far people agree is computed by a package that is not installed", mend=mend) from None
    numbers = list(range(len(values)))
    return float(krippendorff.alpha(value_counts=counts, value_domain=numbers, level_of_measurement=level))
