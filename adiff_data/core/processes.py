"""Work shared out among processes, started alike on every system."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice, starmap
from typing import TypeVar

from joblib import Parallel, delayed

from adiff_data.core.errors import WorkError

Result = TypeVar("Result")
_FEW = 24


def map_in_processes(
    function: Callable[..., Result], *arguments: Iterable[object], chunk_size: int = 1
) -> Iterator[Result]:
    """Yields what a function makes of each item, in order, from a process for each core with one thread each.

    The processes are fresh: none inherits a lock that another thread held, and none runs the caller's script again, so
    that the script needs no `if __name__ == "__main__"`. They stay for the next call. A few items are done before a
    process has started, so they are done here.

    Args:
        function: of an importable module, or one that can be pickled.
        arguments: as for `map`: an item of each is one call.
        chunk_size: how many calls a process is handed at once.

    Raises:
        WorkError: the system ended a process.
        Whatever the function raises.
    """
    calls = zip(*arguments, strict=True)
    first = list(islice(calls, _FEW))
    if len(first) < _FEW:
        yield from starmap(function, first)
        return
    parallel = Parallel(
        n_jobs=-1, backend="loky", inner_max_num_threads=1, return_as="generator", batch_size=chunk_size
    )
    results = parallel(delayed(function)(*items) for items in chain(first, calls))
    try:
        for result in results:  # noqa: UP028 - `yield from` would close them before joblib is quiet
            yield result
    except BrokenProcessPool as fault:
        raise WorkError(
            "a worker process was ended by the system",
            mend="mostly the memory was not enough; LOKY_MAX_CPU_COUNT=1 uses one process",
        ) from fault
    finally:
        with warnings.catch_warnings():  # of what was begun in vain, where the caller wants no more
            warnings.simplefilter("ignore")
            results.close()
