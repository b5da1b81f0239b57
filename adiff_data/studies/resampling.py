"""Intervals of what raters say, where other rows and other raters could have been drawn."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUM_RESAMPLES = 1000
_CHUNK = 50  # resamples computed together; bounds the memory
_PERCENTILES = (2.5, 97.5)

FloatArray = NDArray[np.float64]
Statistic = Callable[[FloatArray], FloatArray]  # weights (resamples, answers) to values (resamples, …)


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def weights_of_resamples(rows: Sequence[Hashable], raters: Sequence[Hashable], seed: int = 0) -> list[FloatArray]:
    """How often each answer is in resamples in which rows and raters are drawn with replacement, each for itself.

    (The bootstrap of Owen, 2007: an answer counts as often as its row times as often as its rater.) The interval of a
    mean is rather too wide than too narrow.

    Args:
        rows, raters: of each answer.

    Returns:
        chunks of (resamples, answers).
    """
    random = np.random.default_rng(seed)
    places = [np.unique([repr(each) for each in of_answers], return_inverse=True)[1] for of_answers in (rows, raters)]
    chunks = []
    for start in range(0, NUM_RESAMPLES, _CHUNK):
        size = min(_CHUNK, NUM_RESAMPLES - start)
        drawn = []
        for place in places:
            count = int(place.max()) + 1
            drawn.append(random.multinomial(count, [1 / count] * count, size=size)[:, place])
        chunks.append((drawn[0] * drawn[1]).astype(float))
    return chunks


def resampled(statistic: Statistic, chunks: Sequence[FloatArray]) -> FloatArray:
    """A statistic of every resample, (resamples, …)."""
    return np.concatenate([statistic(weights) for weights in chunks])


def estimates(statistic: Statistic, chunks: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """The value of a statistic with all answers, (…), and of every resample, (resamples, …)."""
    num_answers = chunks[0].shape[1]
    return statistic(np.ones((1, num_answers)))[0], resampled(statistic, chunks)


def estimate(value: float, distribution: FloatArray) -> Estimate:
    """A value with its percentile interval; resamples without a value are left out."""
    known = distribution[np.isfinite(distribution)]
    low, high = np.percentile(known, _PERCENTILES) if known.size else (value, value)
    return Estimate(float(value), float(low), float(high))


def means_by(places: NDArray[np.int64], values: FloatArray, size: int) -> Statistic:
    """The weighted mean of the values at each place, NaN where there is none.

    Args:
        places: of each answer, from 0.
        size: how many places there are.
    """
    at = np.eye(size)[places]

    def statistic(weights: FloatArray) -> FloatArray:
        counts = weights @ at
        with np.errstate(invalid="ignore", divide="ignore"):
            return (weights * values) @ at / counts

    return statistic
