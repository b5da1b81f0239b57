"""Axes whose ticks are round numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from adiff_data.core.drawing import MaxNLocator

_STEPS = (1, 2, 2.5, 5, 10)
_SHORTEST = 0.01  # of scores x 100: a shorter axis would show rounding


@dataclass(frozen=True)
class Axis:
    """An axis from its first tick to its last."""

    ticks: Sequence[float]

    def position(self, value: float) -> float:
        """Where a value lies, in percent of the axis; values beyond an end lie at that end."""
        low, high = self.ticks[0], self.ticks[-1]
        return round(100 * min(1.0, max(0.0, (value - low) / (high - low))), 2)

    @property
    def labelled(self) -> list[tuple[float, str]]:
        """The position and the text of each tick."""
        return [(self.position(tick), f"{tick:,g}".replace("-", "−")) for tick in self.ticks]


PERCENT_AXIS = Axis((0, 25, 50, 75, 100))


def round_axis(low: float, high: float, *, intervals: int = 4, integer: bool = False) -> Axis:
    """An axis with room for all values from `low` to `high`, of at most about `intervals` intervals."""
    if high - low < _SHORTEST:
        high = low + 1
    ticks = MaxNLocator(intervals, steps=_STEPS, integer=integer).tick_values(low, high)
    return Axis(tuple(round(float(tick), 10) for tick in ticks))
