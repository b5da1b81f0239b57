"""A file of records while it grows: appended to by one process, readable after any kill.

Each record is one `write` of one line, so a killed process leaves at most one cut line, at the end; opening the file
again cuts that line off.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel

from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.files import keep_backup
from adiff_data.core.json_lines import is_cut, read_records, without_cut_line, write_records

_log = logging.getLogger(__name__)
_TAIL_BYTES = 1 << 16
Record = TypeVar("Record", bound=BaseModel)


class Journal(Protocol[Record]):
    """Records that are kept as they come; a context manager. On disk a `FileJournal`, or a `MemoryJournal`."""

    def __enter__(self) -> Self:
        """Opens it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""

    def records(self) -> Iterator[Record]:
        """Yields the records, in the order they came."""

    def is_empty(self) -> bool:
        """Whether there is no record."""

    def append(self, record: Record) -> None:
        """Keeps one more record."""

    def rewrite(self, records: Iterable[Record]) -> None:
        """Puts other records in place of these."""

    def set_aside(self) -> None:
        """Begins anew without any record."""


def read_journal(path: Path, kind: type[Record]) -> Iterator[Record]:
    """Yields what a file holds that adiff appends to; a last line that a kill cut is left out, with a warning.

    Raises:
        InputError: the file is missing, or a whole line of it is not a `kind`.
    """
    return without_cut_line(read_records(path, kind))


class MemoryJournal(Generic[Record]):
    """A journal that nothing outlives."""

    def __init__(self) -> None:
        self._records: list[Record] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def records(self) -> Iterator[Record]:
        """Yields the records, in the order they came."""
        return iter(self._records)

    def is_empty(self) -> bool:
        """Whether there is no record."""
        return not self._records

    def append(self, record: Record) -> None:
        """Keeps one more record."""
        self._records.append(record)

    def rewrite(self, records: Iterable[Record]) -> None:
        """Puts other records in place of these."""
        self._records = list(records)

    def set_aside(self) -> None:
        """Begins anew without any record."""
        self._records = []


class FileJournal(Generic[Record]):
    """A JSON-lines file opened for appending.

    Args:
        path: the file; it is made where there is none.
        kind: what a line is.

    Raises:
        InputError: another process has the file open, or a line before the last is broken.
        WorkError: the file cannot be written.
    """

    def __init__(self, path: Path, kind: type[Record]) -> None:
        self.path = path
        self._kind = kind
        self._descriptor = -1
        self._size = 0
        self._lock = FileLock(f"{path}.lock")

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise InputError(
                "another process is writing this file", file=self.path, mend="wait for it, or stop it"
            ) from None
        except OSError as error:
            raise WorkError(f"cannot be written ({error.strerror})", file=self.path) from error
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
            self._size = self._mend_tail()
        except OSError as error:
            self._lock.release()
            raise WorkError(f"cannot be written ({error.strerror})", file=self.path) from error
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
        self._lock.release()

    def records(self) -> Iterator[Record]:
        """Yields what is in the file."""
        return read_journal(self.path, self._kind)

    def is_empty(self) -> bool:
        """Whether nothing is in the file."""
        return self._size == 0

    def append(self, record: Record) -> None:
        """Writes one record, whole or not at all.

        Raises:
            WorkError: the disk is full. What was written before stays readable.
        """
        line = (record.model_dump_json() + "\n").encode()
        try:
            written = os.pwrite(self._descriptor, line, self._size)
            if written < len(line):
                written += os.pwrite(self._descriptor, line[written:], self._size + written)
            if written < len(line):
                raise OSError(0, "only a part of the row could be written")
        except OSError as error:
            os.ftruncate(self._descriptor, self._size)
            raise WorkError(
                f"cannot be written ({error.strerror})",
                file=self.path,
                mend="what was written stays readable",
            ) from error
        self._size += len(line)

    def rewrite(self, records: Iterable[Record]) -> None:
        """Puts other records in place of those in the file; after a kill the file is as before or as afterwards."""
        write_records(self.path, records, force=True)
        os.close(self._descriptor)
        self._descriptor = os.open(self.path, os.O_RDWR)
        self._size = os.fstat(self._descriptor).st_size

    def set_aside(self) -> None:
        """Keeps the file's content as `.bak` (`.bak2` … if there is one) and begins an empty one."""
        try:
            keep_backup(self.path)
        except OSError as error:
            raise WorkError(f"cannot be kept as .bak ({error.strerror})", file=self.path) from error
        os.ftruncate(self._descriptor, 0)
        self._size = 0

    def _mend_tail(self) -> int:
        """Ends the file at the end of its last whole line; returns its size in bytes."""
        size = os.fstat(self._descriptor).st_size
        start, tail = size, b""
        while start > 0 and b"\n" not in tail:
            step = min(_TAIL_BYTES, start)
            start -= step
            tail = os.pread(self._descriptor, step, start) + tail
        last = tail[tail.rfind(b"\n") + 1 :]
        if not last:
            return size
        if not is_cut(last):
            os.pwrite(self._descriptor, b"\n", size)
            return size + 1
        _log.warning("%s: the last line was cut by a kill; its row is made again", self.path)
        os.ftruncate(self._descriptor, size - len(last))
        return size - len(last)
