"""Asynchronous work runs to its end from anywhere, and leaves no trace."""

import asyncio
import os
import signal
import threading

import pytest

from adiff_data.llm import run_to_end, stop_on_signals


async def answer() -> tuple[int, str]:
    await asyncio.sleep(0.001)
    return 42, threading.current_thread().name


def test_work_runs_where_no_loop_is_running():
    assert run_to_end(answer())[0] == 42


def test_work_runs_in_a_thread_of_its_own_where_a_loop_is_running():
    async def notebook() -> tuple[int, str]:
        return run_to_end(answer())

    result, thread = asyncio.run(notebook())
    assert result == 42
    assert thread.startswith("adiff")


def test_its_errors_are_raised_there_too():
    async def fails() -> None:
        raise LookupError("of the work")

    async def notebook() -> None:
        run_to_end(fails())

    with pytest.raises(LookupError, match="of the work"):
        asyncio.run(notebook())


def test_ctrl_c_in_a_notebook_ends_the_work_too():
    """A notebook's kernel raises KeyboardInterrupt in its main thread, whatever the loop is doing there."""
    cancelled = threading.Event()

    async def long_work() -> None:
        threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGINT]).start()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async def notebook() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run_to_end(long_work())

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(notebook())
    assert cancelled.is_set()


def test_the_first_signal_stops_and_earlier_handlers_come_back():
    earlier = signal.getsignal(signal.SIGTERM)
    stopped = []

    async def work() -> None:
        with stop_on_signals(lambda: stopped.append(True)):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.05)
            assert signal.getsignal(signal.SIGTERM) is earlier

    asyncio.run(work())
    assert stopped == [True]
    assert signal.getsignal(signal.SIGTERM) is earlier


def test_signals_are_left_alone_outside_the_main_thread():
    async def work() -> str:
        with stop_on_signals(lambda: None):
            return "done"

    results = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(work())))
    thread.start()
    thread.join()
    assert results == ["done"]
