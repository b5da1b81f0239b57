"""Worker processes that a script may start as it stands."""

import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor


def worker_processes(initializer: Callable[[], None] | None = None) -> ProcessPoolExecutor:
    """A process for each core, for work that is a function of an importable module.

    On Linux they are forks on every Python. What Python starts by itself since 3.14 runs the caller's script once more
    in each worker, and a script that does not ask whether its `__name__` is `"__main__"` would fail.
    """
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    return ProcessPoolExecutor(mp_context=context, initializer=initializer)
