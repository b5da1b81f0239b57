"""Running asynchronous work from ordinary code: to its end, and stopping in good order when it is interrupted."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_to_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs a coroutine to its end, also where an event loop is running already (in a notebook, say).

    There it runs in a thread with a loop of its own; the running loop waits meanwhile, as for any ordinary call.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = Future()

    async def announced() -> Result:
        task = asyncio.current_task()
        assert task is not None
        started.set_result((asyncio.get_running_loop(), task))
        return await work

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="adiff") as pool:
        future = pool.submit(asyncio.run, announced())
        try:
            return future.result()
        except KeyboardInterrupt:  # reaches this thread alone: the other one is told, and waited for
            loop, task = started.result()
            if not future.done():
                loop.call_soon_threadsafe(task.cancel)
            raise


@contextmanager
def stop_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Calls `stop` at the first Ctrl-C or SIGTERM; a second one acts as it did before the block.

    Where the loop cannot handle signals (on Windows, or outside the main thread), they act as they always do.
    """
    loop = asyncio.get_running_loop()
    earlier = {each: signal.getsignal(each) for each in _SIGNALS}

    def restore() -> None:
        for each, handler in earlier.items():
            if loop.remove_signal_handler(each) and handler is not None:
                signal.signal(each, handler)

    def stop_once() -> None:
        restore()
        stop()

    try:
        for each in _SIGNALS:
            loop.add_signal_handler(each, stop_once)
    except (NotImplementedError, RuntimeError, ValueError):
        yield
        return
    try:
        yield
    finally:
        restore()
