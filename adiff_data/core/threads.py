"""Work in threads, ahead of the one who takes its results: for what waits for files, or lets go of Python's lock."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def work_ahead(
    work: Callable[[Item], Result], items: Iterable[Item], *, threads: int, ahead: int
) -> Iterator[Iterator[Result]]:
    """Yields an iterator over `work` of each item, in the items' order, as `map` gives it.

    When the block is left, for whatever reason, what was not begun is not done, and no thread is left.

    Args:
        threads: how many work at once; 0 works in this thread, when a result is taken.
        ahead: the results that may wait to be taken, beside those that are being made.
    """
    if threads < 1:
        yield map(work, items)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="adiff")
    try:
        yield _in_order(pool, work, items, ahead + threads)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[Item], Result], items: Iterable[Item], most: int
) -> Iterator[Result]:
    pending: deque[Future[Result]] = deque()
    for item in items:
        pending.append(pool.submit(work, item))
        if len(pending) > most:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
