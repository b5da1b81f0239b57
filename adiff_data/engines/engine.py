"""What a map over clips or rows asks of whoever runs it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar, runtime_checkable

Item = TypeVar("Item")
Result = TypeVar("Result")

# What holds a process to one thread: workers share the cores, where threads of each would wait for the others'.
ONE_THREAD = dict.fromkeys(
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
