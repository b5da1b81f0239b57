"""How sure a score is, and whether two systems differ on the same rows: the bootstrap (Efron and Tibshirani, 1993)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 1000
_AT_ONCE = 50  # resamples that are reckoned at once, for the memory they take
_TAILS = (2.5, 97.5)

Statistic = Callable[[np.ndarray], np.ndarray]  # (resamples, rows) places to (resamples,) scores


@dataclass(frozen=True)
class Interval:
    """The 95 % interval of a score."""

    low: float
    high: float


def resampled(statistic: Statistic, rows: int, seed: int = 0) -> np.ndarray:
    """The statistic of `RESAMPLES` draws of as many rows, with replacement; the same draws for all statistics."""
    random = np.random.default_rng((seed, rows))
    parts = []
    for start in range(0, RESAMPLES, _AT_ONCE):
        places = random.integers(rows, size=(min(_AT_ONCE, RESAMPLES - start), rows))
        parts.append(statistic(places))
    return np.concatenate(parts)


def interval(draws: np.ndarray) -> Interval:
    """The percentile interval of resampled scores."""
    low, high = np.percentile(draws, _TAILS)
    return Interval(float(low), float(high))


def mean_of(rows: Sequence[float]) -> Statistic:
    """The mean of rows' scores, as a statistic."""
    values = np.asarray(rows, dtype=float)
    return lambda places: values[places].mean(axis=-1)


def difference_p(one: np.ndarray, other: np.ndarray) -> float:
    """The two-sided p of a difference between two systems, from resamples of the same rows (paired bootstrap).

    The share of resamples in which the difference has the other sign or is none, doubled; never 0, since a thousand
    resamples cannot show less than one in a thousand.
    """
    gap = one - other
    against = min(int((gap <= 0).sum()), int((gap >= 0).sum()))
    return min(1.0, 2 * (against + 1) / (len(gap) + 1))
