"""Axes: room for everything, between round ticks."""

from hypothesis import example, given
from hypothesis import strategies as st

from adiff_model.evaluation.report.axes import Axis, round_axis

numbers = st.floats(-1e4, 1e4, allow_nan=False)


@given(numbers, numbers)
@example(0.0, 0.0)
@example(0.0, 139.1)
def test_all_values_lie_on_the_axis(first, second):
    low, high = sorted((first, second))
    axis = round_axis(low, high)
    assert 2 <= len(axis.ticks) <= 8
    tolerance = 1e-6 * max(1.0, abs(low), abs(high))
    assert axis.ticks[0] <= low + tolerance
    assert axis.ticks[-1] >= high - tolerance
    assert 0 <= axis.position(low) <= axis.position(high) <= 100


def test_positions_are_percent_and_ticks_short():
    axis = round_axis(-20, 40)
    assert axis.labelled == [(0.0, "−20"), (33.33, "0"), (66.67, "20"), (100.0, "40")]
    assert Axis((0, 2000)).labelled == [(0.0, "0"), (100.0, "2,000")]
    assert axis.position(99) == 100
