"""The rate limiter: who may send a request now."""

import asyncio

import pytest

from adiff_data.llm import RateLimiter, TokenBucket
from adiff_data.llm import rate_limiter as module
from adiff_data.llm.rate_limiter import Stopped


def run(coroutine):
    return asyncio.run(coroutine)


def test_concurrency_falls_once_a_burst_and_grows_back_with_answers(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    async def play() -> None:
        limiter = RateLimiter(10)
        for _ in range(5):
            limiter.failed(None)
        assert limiter.limit == pytest.approx(7)
        for _ in range(20):
            now[0] += 2
            limiter.failed(None)
        assert limiter.limit == 1
        for _ in range(100):
            limiter.succeeded()
        assert limiter.limit == 10

    run(play())


def test_no_more_are_let_in_than_the_limit_and_all_get_their_turn():
    async def play() -> int:
        limiter, inside, most = RateLimiter(3), 0, 0

        async def one() -> None:
            nonlocal inside, most
            async with limiter.slot(1):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.001)
                inside -= 1

        await asyncio.gather(*(one() for _ in range(50)))
        assert limiter.in_flight == 0
        return most

    assert run(play()) == 3


def test_those_who_wait_are_sent_home_when_the_run_stops():
    async def play() -> list[object]:
        limiter = RateLimiter(1)

        async def one(seconds: float) -> None:
            async with limiter.slot(1):
                await asyncio.sleep(seconds)

        tasks = [asyncio.create_task(one(0.05)) for _ in range(4)]
        await asyncio.sleep(0.01)
        limiter.stop()
        return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 2)

    results = run(play())
    assert results[0] is None
    assert all(isinstance(result, Stopped) for result in results[1:])


def test_a_token_bucket_pays_off_its_debt_and_saves_nothing_up(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    bucket = TokenBucket(60)
    now[0] += 3600
    bucket.take(5)
    assert bucket.wait() == pytest.approx(5)
    now[0] += 4
    assert bucket.wait() == pytest.approx(1)
    bucket.take(-1)
    assert bucket.wait() == 0


def test_tokens_that_were_not_used_are_given_back():
    async def play() -> float:
        limiter = RateLimiter(1, tpm=60)
        async with limiter.slot(1000) as slot:
            slot.used_tokens = 1
        return limiter._tokens.wait()

    assert run(play()) <= 1
