"""What a map over clips or rows asks of whoever runs it."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar, runtime_checkable

Item = TypeVar("Item")
Result = TypeVar("Result")

_IS_WORKER = "ADIFF_IS_WORKER"

# What holds a process to one thread: workers share the cores, where threads of each would wait for the others'.
ENVIRONMENT_OF_WORKERS = {_IS_WORKER: "1"} | dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMBA_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)


def is_worker() -> bool:
    """Whether this process works for an engine: then it starts no workers of its own."""
    return _IS_WORKER in os.environ


@runtime_checkable
class Engine(Protocol):
    """Runs one function on many items: `LocalEngine` in processes of this machine, `RayEngine` on a Ray cluster."""

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        chunk_size: int = 1,
        lost: Callable[[Item], Result] | None = None,
    ) -> Iterator[Result]:
        """Yields what a function makes of each item, in their order; items are taken as workers become free.

        Args:
            function: of an importable module, or one that can be pickled.
            chunk_size: how many items a worker is handed at once.
            lost: makes what stands in the place of an item whose worker was ended again and again.

        Raises:
            WorkError: workers were ended again and again with one item, and there is no `lost`.
            Whatever the function raises.
        """

    def map_batches(
        self,
        function: Callable[[list[Item]], list[Result]],
        items: Iterable[Item],
        *,
        batch_size: int,
        on_gpu: bool = False,
        lost: Callable[[Item], Result] | None = None,
    ) -> Iterator[Result]:
        """As `map`, for work that is done on many items together; always in workers, which may keep what is heavy.

        Args:
            function: makes a result of each item of a batch.
            on_gpu: whether it is a network's, for which a worker takes what the engine grants it of GPUs. Processes of
                this machine see all its GPUs.
        """
