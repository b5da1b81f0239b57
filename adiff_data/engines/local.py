"""Work shared out among processes of this machine, started alike on every system."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from threading import Lock
from typing import Any, Generic, TypeVar

from joblib import cpu_count
from joblib.externals.loky import ProcessPoolExecutor
from joblib.externals.loky.backend import get_context

from adiff_data.engines.engine import ENVIRONMENT_OF_WORKERS, Engine, is_worker
from adiff_data.engines.ordered_map import Outcome, WorkerEnded, ordered_map, run_batch, run_chunk

Item = TypeVar("Item")
Result = TypeVar("Result")
_FEW = 24
_IDLE_SECONDS = 300


class LocalEngine:
    """Processes of this machine, with one thread each.

    They are fresh: none inherits a lock that another thread held, and none runs the caller's script again, so that the
    script needs no `if __name__ == "__main__"`. They stay for the next call. A few items are done before a process has
    started, so they are done in the caller's.

    Args:
        workers: how many processes; None is one a core.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._count = workers
        self._together = _Processes(workers)
        self._alone = _Processes(1)

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        chunk_size: int = 1,
        lost: Callable[[Item], Result] | None = None,
    ) -> Iterator[Result]:
        """Yields what a function makes of each item, as `Engine` says."""
        if is_worker():
            return map(function, items)
        items = iter(items)
        first = list(islice(items, _FEW))
        if len(first) < _FEW:
            return map(function, first)
        workers = self._workers(partial(run_chunk, function))
        return ordered_map(workers, chain(first, items), chunk_size=chunk_size, lost=lost)

    def map_batches(
        self,
        function: Callable[[list[Item]], list[Result]],
        items: Iterable[Item],
        *,
        batch_size: int,
        on_gpu: bool = False,
        lost: Callable[[Item], Result] | None = None,
    ) -> Iterator[Result]:
        """Yields what a function makes of batches, as `Engine` says."""
        return ordered_map(self._workers(partial(run_batch, function)), items, chunk_size=batch_size, lost=lost)

    def _workers(self, work: Callable[[list[Item]], Outcome[Result]]) -> "_LocalWorkers[Item, Result]":
        return _LocalWorkers(self._together, self._alone, work, 2 * (self._count or cpu_count()))


class _Processes:
    """Processes that start when they are needed, and anew after the system ended one, which ends them all."""

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._lock = Lock()
        self._executor: Any = None

    def submit(self, work: Callable[[list[Item]], Result], chunk: list[Item]) -> Future[Result]:
        with self._lock:
            if self._executor is not None:
                try:
                    return self._executor.submit(work, chunk)
                except BrokenProcessPool:
                    self._executor = None
            self._executor = ProcessPoolExecutor(
                self._count or cpu_count(),
                timeout=_IDLE_SECONDS,
                context=get_context("loky"),
                env=ENVIRONMENT_OF_WORKERS,
            )
            return self._executor.submit(work, chunk)


@dataclass(frozen=True)
class _LocalAttempt(Generic[Result]):
    future: Future[Outcome[Result]]

    def outcome(self) -> Outcome[Result]:
        try:
            return self.future.result()
        except BrokenProcessPool as fault:
            raise WorkerEnded from fault

    def has_ended(self) -> bool:
        return False  # processes end together, so that nobody knows which chunk was to blame

    def cancel(self) -> None:
        """Waits for what has begun, so that nothing writes into a folder that the caller removes then."""
        if not self.future.cancel():
            wait([self.future])


@dataclass(frozen=True)
class _LocalWorkers(Generic[Item, Result]):
    together: _Processes
    alone: _Processes
    work: Callable[[list[Item]], Outcome[Result]]
    most: int

    def room(self) -> int:
        return self.most

    def start(self, chunk: list[Item]) -> _LocalAttempt[Result]:
        return _LocalAttempt(self.together.submit(self.work, chunk))

    def start_alone(self, chunk: list[Item]) -> _LocalAttempt[Result]:
        return _LocalAttempt(self.alone.submit(self.work, chunk))


LOCAL = LocalEngine()


def engine_elsewhere(engine: Engine | None) -> Engine | None:
    """The engine that was asked for; None for this machine's own, where one network or program has all the cores."""
    return None if engine is LOCAL else engine
