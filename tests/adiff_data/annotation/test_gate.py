"""The gate: who may send a request now."""

import asyncio

import pytest

from adiff_data.annotation import gate as gate_module
from adiff_data.annotation.gate import Gate, Stopped
from adiff_data.annotation.options import RunOptions


def run(coroutine):
    return asyncio.run(coroutine)


def test_concurrency_falls_once_a_burst_and_grows_back_with_answers(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(gate_module.time, "monotonic", lambda: now[0])

    async def play() -> None:
        gate = Gate(RunOptions(concurrency=10))
        for _ in range(5):
            gate.failed(None)
        assert gate.limit == pytest.approx(7)
        for _ in range(20):
            now[0] += 2
            gate.failed(None)
        assert gate.limit == 1
        for _ in range(100):
            gate.succeeded()
        assert gate.limit == 10

    run(play())


def test_no_more_are_let_in_than_the_limit_and_all_get_their_turn():
    async def play() -> int:
        gate, inside, most = Gate(RunOptions(concurrency=3)), 0, 0

        async def one() -> None:
            nonlocal inside, most
            async with gate.request(1, 0.0):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.001)
                inside -= 1

        await asyncio.gather(*(one() for _ in range(50)))
        assert gate.in_flight == 0
        return most

    assert run(play()) == 3


def test_those_who_wait_are_sent_home_when_the_run_stops():
    async def play() -> list[object]:
        gate = Gate(RunOptions(concurrency=1))

        async def one(seconds: float) -> None:
            async with gate.request(1, 0.0):
                await asyncio.sleep(seconds)

        tasks = [asyncio.create_task(one(0.05)) for _ in range(4)]
        await asyncio.sleep(0.01)
        gate.stop()
        return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 2)

    results = run(play())
    assert results[0] is None
    assert all(isinstance(result, Stopped) for result in results[1:])


def test_the_budget_waits_for_what_is_in_flight_and_never_passes():
    async def play() -> float:
        gate = Gate(RunOptions(concurrency=10, budget=1.0))

        async def one() -> None:
            async with gate.request(1, 0.3) as ticket:
                await asyncio.sleep(0.001)
                ticket.used_cost = 0.1

        results = await asyncio.gather(*(one() for _ in range(30)), return_exceptions=True)
        assert gate.over_budget
        assert sum(result is None for result in results) == 8  # 0.1 each; the ninth might have cost 0.3
        return gate.spent

    assert run(play()) == pytest.approx(0.8)
