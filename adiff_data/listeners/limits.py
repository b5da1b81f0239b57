"""How many requests one person may make."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

_MOST_KEPT = 10_000  # of whom it is remembered; the others begin anew


class RateLimit:
    """A bucket for each person, which fills steadily and from which every request takes one.

    Args:
        burst: how many requests at once.
        a_second: how many steadily.
        clock: seconds.
    """

    def __init__(self, burst: int, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._a_second, self._clock, self._lock = burst, a_second, clock, Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and since when

    def allows(self, person: str) -> bool:
        """Whether one more request is allowed; it is counted if it is."""
        with self._lock:
            now = self._clock()
            left, since = self._buckets.pop(person, (float(self._burst), now))
            left = min(float(self._burst), left + (now - since) * self._a_second)
            allowed = left >= 1
            self._buckets[person] = (left - allowed, now)
            while len(self._buckets) > _MOST_KEPT:
                self._buckets.popitem(last=False)
            return allowed
