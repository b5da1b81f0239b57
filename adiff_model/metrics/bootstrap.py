"""The bootstrap (Efron and Tibshirani, 1993): confidence intervals of scores, p-values of differences of systems."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUM_RESAMPLES = 1000
_RESAMPLES_PER_CHUNK = 50  # computed together; bounds the memory
_PERCENTILES = (2.5, 97.5)
_SMALLEST = 1e-9

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.int64]
Statistic = Callable[[IndexArray], FloatArray]  # row indices (resamples, rows) to scores (resamples, …)


@dataclass(frozen=True)
class ConfidenceInterval:
    """The 95 % confidence interval of a score."""

    low: float
    high: float


def bootstrap(statistic: Statistic, num_rows: int, seed: int = 0) -> FloatArray:
    """A statistic of `NUM_RESAMPLES` resamples of the rows, drawn with replacement.

    The resamples depend on `num_rows` and `seed` alone. So the distributions of two systems that answer the same rows
    are paired: resample i has the same rows in both.

    Returns:
        (resamples, …), as the statistic returns its scores.
    """
    random = np.random.default_rng((seed, num_rows))
    chunks = []
    for start in range(0, NUM_RESAMPLES, _RESAMPLES_PER_CHUNK):
        indices = random.integers(num_rows, size=(min(_RESAMPLES_PER_CHUNK, NUM_RESAMPLES - start), num_rows))
        chunks.append(statistic(indices))
    return np.concatenate(chunks)


def confidence_interval(distribution: FloatArray) -> ConfidenceInterval:
    """The percentile interval of a bootstrap distribution (resamples,)."""
    low, high = np.percentile(distribution, _PERCENTILES)
    return ConfidenceInterval(float(low), float(high))


def mean_statistic(row_scores: Sequence[float]) -> Statistic:
    """The mean of the rows' scores, as a statistic."""
    values = np.asarray(row_scores, dtype=float)
    return lambda indices: values[indices].mean(axis=-1)


def ratio_of_sums(numerators: Sequence[float], denominators: Sequence[float]) -> Statistic:
    """The sum of the rows' numerators over that of their denominators, as a statistic; 0 where nothing is counted."""
    over, under = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    return lambda indices: over[indices].sum(axis=-1) / np.maximum(under[indices].sum(axis=-1), _SMALLEST)


def mean_of_known(values: FloatArray) -> FloatArray:
    """The mean over the last axis of all values but NaN; 0 where all are NaN."""
    count = (~np.isnan(values)).sum(axis=-1)
    return np.nansum(values, axis=-1) / np.maximum(count, 1)


def paired_bootstrap_p_value(first: FloatArray, second: FloatArray) -> float:
    """The two-sided p-value of the difference between two systems (paired bootstrap).

    Twice the share of resamples in which the difference is zero or has the opposite sign. It is never 0: a thousand
    resamples cannot show less than one in a thousand.

    Args:
        first, second: (resamples,), bootstrap distributions over the same rows.
    """
    differences = first - second
    opposite = min(int((differences <= 0).sum()), int((differences >= 0).sum()))
    return min(1.0, 2 * (opposite + 1) / (len(differences) + 1))
