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


@dataclass(frozen=True)
class Resamples:
    """Some resamples in which rows and raters are drawn with replacement, each for itself.

    (The bootstrap of Owen, 2007: an answer counts as often as its row times as often as its rater.) The interval of a
    mean is rather too wide than too narrow.

    Attributes:
        rows: how often each answer's row was drawn, (resamples, answers).
        raters: how often each answer's rater was.
    """

    rows: FloatArray
    raters: FloatArray

    @property
    def weights(self) -> FloatArray:
        """How often each answer is in each resample."""
        return self.rows * self.raters


def all_once(num_answers: int) -> Resamples:
    """The answers as they are, as one resample."""
    ones = np.ones((1, num_answers))
    return Resamples(ones, ones)


def resamples_of(rows: Sequence[Hashable], raters: Sequence[Hashable], seed: int = 0) -> list[Resamples]:
    """`NUM_RESAMPLES` resamples, in chunks.

    Args:
        rows, raters: of each answer.
    """
    random = np.random.default_rng(seed)
    places = [np.unique([repr(each) for each in of_answers], return_inverse=True)[1] for of_answers in (rows, raters)]
    chunks = []
    for start in range(0, NUM_RESAMPLES, _CHUNK):
        size = min(_CHUNK, NUM_RESAMPLES - start)
        counts = [int(place.max()) + 1 for place in places]
        drawn = [
            random.multinomial(count, [1 / count] * count, size=size)[:, place].astype(float)
            for count, place in zip(counts, places, strict=True)
        ]
        chunks.append(Resamples(*drawn))
    return chunks


def estimates(statistic: Statistic, chunks: Sequence[Resamples]) -> tuple[FloatArray, FloatArray]:
    """The value of a statistic with all answers, (…), and of every resample, (resamples, …)."""
    num_answers = chunks[0].rows.shape[1]
    distribution = np.concatenate([statistic(chunk.weights) for chunk in chunks])
    return statistic(all_once(num_answers).weights)[0], distribution


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
