"""The map of every engine: in order, few chunks ahead, and what ends its worker costs itself alone."""

import logging
import pickle
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, Protocol, TypeVar

from adiff_data.core.errors import WorkError, one_line

Item = TypeVar("Item")
Result = TypeVar("Result")
_TRIES_ALONE = 2  # of one item, after its chunk was tried twice: once it may have been the neighbours' memory
_MOST_IN_A_ROW = 5  # items that each ended their workers, before it is the machine's fault and not theirs
_log = logging.getLogger(__name__)


class WorkerEnded(Exception):
    """The process that had a chunk was ended, or its machine was."""


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """What a function made of a chunk: the results up to its end, or up to what the function raised."""

    results: list[Result]
    fault: Exception | None = None

    def each(self) -> Iterator[Result]:
        """Yields the results, and raises what the function raised."""
        yield from self.results
        if self.fault is not None:
            raise self.fault


class Attempt(Protocol[Result]):
    """A chunk that is with a worker."""

    def outcome(self) -> Outcome[Result]:
        """Waits for it.

        Raises:
            WorkerEnded: no outcome will come.
        """

    def has_ended(self) -> bool:
        """Whether it is known, without waiting, that its worker was ended, and that other chunks were not to blame."""

    def cancel(self) -> None:
        """Its outcome is not wanted any more."""


class Workers(Protocol[Item, Result]):
    """What an engine brings to a map of one function."""

    def room(self) -> int:
        """How many chunks may be with workers, or wait for one."""

    def start(self, chunk: list[Item]) -> Attempt[Result]:
        """Hands over a chunk."""

    def start_alone(self, chunk: list[Item]) -> Attempt[Result]:
        """Hands over a chunk to a worker whose end takes no other chunk along."""


def ordered_map(
    workers: Workers[Item, Result],
    items: Iterable[Item],
    *,
    chunk_size: int,
    lost: Callable[[Item], Result] | None,
) -> Iterator[Result]:
    """Yields as `Engine.map` does."""
    chunks = _chunks(items, chunk_size)
    losses = _Losses()
    window: deque[tuple[list[Item], Attempt[Result]]] = deque()
    try:
        while True:
            free = max(1, workers.room()) - len(window)  # below 0 where machines have gone
            for chunk in islice(chunks, max(0, free)):
                window.append((chunk, workers.start(chunk)))
            if not window:
                return
            chunk, attempt = window[0]
            try:
                outcomes = iter((attempt.outcome(),))
            except WorkerEnded:
                _log.warning("a worker was ended by the system; what it had is done again")
                _start_again(workers, window)
                outcomes = _again(workers, chunk, lost, losses)
            else:
                losses.none()
            for outcome in outcomes:
                yield from outcome.each()
            window.popleft()
    finally:
        for _, attempt in reversed(window):  # the last first: what has not begun does not begin meanwhile
            attempt.cancel()


def run_chunk(function: Callable[[Item], Result], chunk: list[Item]) -> Outcome[Result]:
    """What a worker does."""
    results: list[Result] = []
    for item in chunk:
        try:
            results.append(function(item))
        except Exception as fault:
            return Outcome(results, _as_it_travels(fault))
    return Outcome(results)


def run_batch(function: Callable[[list[Item]], list[Result]], batch: list[Item]) -> Outcome[Result]:
    """What a worker does where items are worked on together."""
    try:
        return Outcome(function(batch))
    except Exception as fault:
        return Outcome([], _as_it_travels(fault))


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _start_again(workers: Workers[Item, Result], window: deque[tuple[list[Item], Attempt[Result]]]) -> None:
    """Hands over once more what else ended with its workers: a machine takes many chunks along."""
    for place, (chunk, attempt) in enumerate(window):
        if place > 0 and attempt.has_ended():
            window[place] = chunk, workers.start(chunk)


class _Losses:
    """Counts the items in a row that ended their workers."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def none(self) -> None:
        self._in_a_row = 0

    def one(self) -> None:
        """Counts another one.

        Raises:
            WorkError: there are too many of them for it to be the items' fault.
        """
        self._in_a_row += 1
        if self._in_a_row > _MOST_IN_A_ROW:
            raise WorkError(
                f"the system ended every process that worked on the last {self._in_a_row} items",
                mend="it seems to be this machine: its memory, or a package that is installed in part",
            )


def _again(
    workers: Workers[Item, Result],
    chunk: list[Item],
    lost: Callable[[Item], Result] | None,
    losses: _Losses,
) -> Iterator[Outcome[Result]]:
    """A chunk whose worker was ended: the whole of it once more, then item by item."""
    for _ in range(_TRIES_ALONE if len(chunk) == 1 else 1):
        try:
            outcome = workers.start_alone(chunk).outcome()
        except WorkerEnded:
            continue
        losses.none()
        yield outcome
        return
    if len(chunk) > 1:
        for item in chunk:
            yield from _again(workers, [item], lost, losses)
    elif lost is not None:
        losses.one()
        yield Outcome([lost(chunk[0])])
    else:
        raise WorkError(
            "a worker process was ended by the system, and others that went on with the same item were, too",
            mend="mostly the memory was not enough",
        )


def _as_it_travels(fault: Exception) -> Exception:
    """An exception with its traceback as a note; one that cannot be pickled as a WorkError that tells it."""
    fault.add_note("".join(traceback.format_tb(fault.__traceback__)))
    try:
        pickle.loads(pickle.dumps(fault))
    except Exception:
        return WorkError(one_line(f"{type(fault).__name__}: {fault}"))
    return fault
