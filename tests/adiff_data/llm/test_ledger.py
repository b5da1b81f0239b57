"""The ledger: no sum drifts, no budget is passed, and nobody waits for money that cannot come."""

import asyncio
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.llm import BudgetExhausted, Ledger

DOLLARS = st.integers(0, 10**6).map(lambda millionths: millionths / 10**6)


def test_a_reservation_is_settled_released_or_possibly_billed():
    ledger = Ledger(1.0)
    with ledger.reserve(0.3) as answered:
        assert (ledger.in_flight, ledger.left) == (1, 0.7)
        answered.answered(0.1)
    with ledger.reserve(0.3) as refused:
        refused.not_billed()
    with pytest.raises(ConnectionError), ledger.reserve(0.3):
        raise ConnectionError
    assert (ledger.spent, ledger.possibly_billed, ledger.left) == (0.1, 0.3, 0.6)
    assert (ledger.in_flight, ledger.requests) == (0, 3)


def test_what_earlier_runs_spent_counts_against_the_budget():
    ledger = Ledger(1.0, spent=0.5, possibly_billed=0.25, requests=7)
    assert ledger.left == 0.25
    with pytest.raises(BudgetExhausted, match="budget of 1 USD holds no further request"):
        ledger.reserve(0.26)
    assert ledger.requests == 7


def test_without_a_budget_everything_is_allowed_and_still_counted():
    ledger = Ledger()
    with ledger.reserve(1e6) as reservation:
        reservation.answered(12.5)
    assert (ledger.left, ledger.spent) == (None, 12.5)


def test_money_waits_for_what_is_in_flight_only_as_long_as_something_is():
    """0.1 + 0.2 + 0.3 - 0.3 - 0.2 - 0.1 leaves a rest in floats: a run that waited for it waited for ever."""
    ledger = Ledger(0.6)
    reservations = [ledger.reserve(amount) for amount in (0.1, 0.2, 0.3)]
    assert ledger.reserve(0.7) is None
    for reservation in reservations:
        with reservation:
            reservation.not_billed()
    with pytest.raises(BudgetExhausted):
        ledger.reserve(0.7)
    assert ledger.reserve(0.6) is not None


@given(st.lists(DOLLARS, max_size=50), st.integers(0, 2**32))
def test_sums_are_exact_in_any_order(amounts, seed):
    ledger = Ledger()
    random.Random(seed).shuffle(amounts)
    for amount in amounts:
        ledger.record(amount)
    assert ledger.spent == pytest.approx(math.fsum(amounts), abs=1e-12)
    assert round(ledger.spent * 10**6) == sum(round(amount * 10**6) for amount in amounts)


@given(budget=DOLLARS, most=st.lists(DOLLARS, min_size=1, max_size=30), seed=st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_many_at_once_never_pass_the_budget_and_all_come_to_an_end(budget, most, seed):
    stream = random.Random(seed)

    async def spend(ledger: Ledger, amount: float) -> None:
        while (reservation := ledger.reserve(amount)) is None:
            await ledger.wait_for_settlement()
        with reservation:
            assert ledger.left >= 0
            for _ in range(stream.randint(0, 3)):
                await asyncio.sleep(0)
            if stream.random() < 0.7:
                reservation.answered(amount * stream.random())

    async def play() -> Ledger:
        ledger = Ledger(budget)
        tasks = (spend(ledger, amount) for amount in most)
        results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
        assert all(result is None or isinstance(result, BudgetExhausted) for result in results)
        return ledger

    ledger = asyncio.run(play())
    assert ledger.in_flight == 0
    assert ledger.spent + ledger.possibly_billed <= budget + 1e-12
