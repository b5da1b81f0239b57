"""Bradley and Terry's model (1952): each system has a strength, and is preferred in proportion to it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 2000
_CLOSE = 1e-9
_PRIOR = 0.1  # wins each way that everybody begins with, so that who always wins has a strength too

FloatArray = NDArray[np.float64]


def log_strengths(wins: NDArray[Any]) -> FloatArray:
    """The natural logarithm of each system's strength, whose mean is 0; by Hunter's algorithm (2004).

    A system that is 1 above another is preferred to it 73 times of 100.

    Args:
        wins: (…, systems, systems), how often the one of the line was preferred to that of the column. Where neither
            was, half a time each.

    Returns:
        (…, systems).
    """
    size = wins.shape[-1]
    counted = np.asarray(wins, dtype=float) + _PRIOR * (1 - np.eye(size))
    met = counted + np.swapaxes(counted, -1, -2)
    won = counted.sum(axis=-1)
    strength = np.ones(won.shape)
    for _ in range(_ROUNDS):
        expected = met / (strength[..., :, None] + strength[..., None, :])
        after = won / expected.sum(axis=-1)
        after /= np.exp(np.log(after).mean(axis=-1, keepdims=True))
        if np.abs(np.log(after) - np.log(strength)).max() < _CLOSE:
            return np.log(after)
        strength = after
    return np.log(strength)
