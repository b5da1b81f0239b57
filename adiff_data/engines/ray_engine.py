"""Work shared out among the machines of a Ray cluster. Ray is imported when it is first used."""

import logging
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, Self, TypeVar

from adiff_data.core.distribution import PACKAGES, install_hint
from adiff_data.core.errors import InputError, WorkError, one_line
from adiff_data.engines.engine import ENVIRONMENT_OF_WORKERS
from adiff_data.engines.ordered_map import Outcome, WorkerEnded, ordered_map, run_batch, run_chunk

Item = TypeVar("Item")
Result = TypeVar("Result")
_CONNECT_SECONDS = 10
_BEGIN = "`ray start --head` begins one"


class RayEngine:
    """The machines of a Ray cluster, which see the recordings under the same paths; a context manager.

    A worker is one CPU of the cluster, with one thread. The project's code goes along; the packages that it needs are
    installed on each machine. A program that is connected to a cluster already stays with that one.

    Args:
        address: of the cluster: `HOST:PORT`, or `auto` for the one that this machine is in; None takes the variable
            RAY_ADDRESS, or starts one on this machine.
        workers: the most that work at once; None is every CPU of the cluster, as machines come and go.
        gpus_per_worker: how many GPUs, or what share of one, a worker takes that runs a network.
    """

    def __init__(self, address: str | None = None, *, workers: int | None = None, gpus_per_worker: float = 0.0) -> None:
        self._address, self._workers, self._gpus_per_worker = address, workers, gpus_per_worker
        self._connected_here = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leaves the cluster, if this engine has joined it."""
        if self._connected_here:
            _ray().shutdown()
            self._connected_here = False

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        chunk_size: int = 1,
        lost: Callable[[Item], Result] | None = None,
    ) -> Iterator[Result]:
        """Yields what a function makes of each item, as `Engine` says.

        Raises:
            InputError: Ray is not installed, or there is no such cluster.
        """
        return ordered_map(self._started(run_chunk, function, 0.0), items, chunk_size=chunk_size, lost=lost)

    def map_batches(
        self,
        function: Callable[[list[Item]], list[Result]],
        items: Iterable[Item],
        *,
        batch_size: int,
        on_gpu: bool = False,
        lost: Callable[[Item], Result] | None = None,
    ) -> Iterator[Result]:
        """Yields what a function makes of batches, as `Engine` says.

        Raises:
            InputError: Ray is not installed, there is no such cluster, or it has no GPU for a worker.
        """
        gpus = self._gpus_per_worker if on_gpu else 0.0
        return ordered_map(self._started(run_batch, function, gpus), items, chunk_size=batch_size, lost=lost)

    def _started(self, work: Callable[..., Outcome[Result]], function: object, gpus: float) -> "_RayWorkers[Any, Any]":
        ray = self._connected()
        if gpus > ray.cluster_resources().get("GPU", 0):
            reason = f"the Ray cluster has {ray.cluster_resources().get('GPU', 0):g} GPUs, and a worker needs {gpus:g}"
            raise InputError(reason, mend="give `gpus_per_worker=0` to work on CPUs")
        # Ray would try again itself, and without an end where memory is short: the map counts, item by item.
        task = ray.remote(work).options(num_cpus=1, num_gpus=gpus, max_retries=0)
        return _RayWorkers(ray, task, ray.put(function), self._workers, gpus)

    def _connected(self) -> ModuleType:
        ray = _ray()
        if ray.is_initialized():
            return ray
        _require_listener(self._address or os.environ.get("RAY_ADDRESS", ""))
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a Ray that starts here reports to nobody
        try:
            ray.init(
                address=self._address or os.environ.get("RAY_ADDRESS") or "local",  # None might be one long gone
                runtime_env={"env_vars": ENVIRONMENT_OF_WORKERS, "py_modules": _package_folders()},
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (ConnectionError, ValueError, RuntimeError) as fault:
            reason = one_line(str(fault), limit=200)
            raise InputError(f"no Ray cluster ({reason})", mend=_BEGIN) from fault
        self._connected_here = True
        return ray


@dataclass(frozen=True)
class _RayAttempt(Generic[Result]):
    ray: ModuleType
    reference: Any

    def outcome(self) -> Outcome[Result]:
        ends = self.ray.exceptions
        try:
            outcome: Outcome[Result] = self.ray.get(self.reference)
        except (ends.WorkerCrashedError, ends.OutOfMemoryError, ends.NodeDiedError, ends.ObjectLostError) as fault:
            raise WorkerEnded from fault
        except ends.RayError as fault:
            reason = str(fault).strip().splitlines()[-1]
            mend = "each machine needs the packages that are installed on this one"
            raise WorkError(f"a Ray worker failed ({one_line(reason, limit=200)})", mend=mend) from fault
        return outcome

    def has_ended(self) -> bool:
        if not self.ray.wait([self.reference], timeout=0)[0]:
            return False
        try:
            self.outcome()
        except WorkerEnded:
            return True
        except WorkError:
            return False  # it is told in its turn
        return False

    def cancel(self) -> None:
        """Lets it come to its end: Ray 2.60 ends the whole program where it cancels a task that is about to end."""


@dataclass(frozen=True)
class _RayWorkers(Generic[Item, Result]):
    ray: ModuleType
    task: Any
    function: Any
    most: int | None
    gpus: float

    def room(self) -> int:
        if self.most is not None:
            return self.most
        resources = self.ray.cluster_resources()
        workers = resources.get("CPU", 1)
        if self.gpus:
            workers = min(workers, resources.get("GPU", 0) / self.gpus)
        return max(1, 2 * int(workers))

    def start(self, chunk: list[Item]) -> _RayAttempt[Result]:
        return _RayAttempt(self.ray, self.task.remote(self.function, chunk))

    def start_alone(self, chunk: list[Item]) -> _RayAttempt[Result]:
        return self.start(chunk)  # each chunk has a process of its own


def _ray() -> ModuleType:
    try:
        import ray  # noqa: PLC0415 - an extra, which takes half a second
    except ImportError:
        raise InputError("Ray is not installed", mend=install_hint("ray")) from None
    return ray


def _require_listener(address: str) -> None:
    """Makes sure that somebody listens at HOST:PORT, for which Ray would wait many minutes."""
    host, _, port = address.rpartition(":")
    if not (host and port.isdecimal()) or "/" in host:
        return
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
    except (OSError, OverflowError) as fault:
        raise InputError(f"no Ray cluster at {address} ({fault})", mend=_BEGIN) from fault


def _package_folders() -> list[str]:
    """The project's code as it is here: on workers it makes the same bytes."""
    specs = (find_spec(package) for package in PACKAGES)
    return [str(Path(spec.origin).parent) for spec in specs if spec and spec.origin]
