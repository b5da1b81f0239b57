"""The annotations file while it grows: appended to by one process, readable after any kill.

Each row is one `write` of one line, so a killed process leaves at most one cut line, at the end; opening the file
again cuts that line off.
"""

import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout
from pydantic import ValidationError

from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.files import replace_file
from adiff_data.core.json_lines import read_records
from adiff_data.records import Annotation

_log = logging.getLogger(__name__)
_TAIL_BYTES = 1 << 16


class Journal:
    """An annotations file opened for appending; a context manager.

    Raises:
        InputError: another process has the file open, or a line before the last is broken.
        WorkError: the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._size = 0
        self._lock = FileLock(f"{path}.lock")

    def __enter__(self) -> "Journal":
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise InputError(
                "another process is writing this file", file=self.path, mend="wait for it, or stop it"
            ) from None
        except OSError as fault:
            raise WorkError(f"cannot be written ({fault.strerror})", file=self.path) from fault
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
            self._size = _mend_tail(self._descriptor, self.path)
        except OSError as fault:
            self._lock.release()
            raise WorkError(f"cannot be written ({fault.strerror})", file=self.path) from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
        self._lock.release()

    def rows(self) -> Iterator[Annotation]:
        """Yields what stands in the file."""
        return read_records(self.path, Annotation)

    def rows_exist(self) -> bool:
        """Whether anything stands in the file."""
        return self._size > 0

    def set_aside(self) -> None:
        """Keeps the file's content as `.bak` and begins an empty one."""
        shutil.copyfile(self.path, self.path.with_name(self.path.name + ".bak"))
        os.ftruncate(self._descriptor, 0)
        self._size = 0

    def append(self, annotation: Annotation) -> None:
        """Writes one row, whole or not at all.

        Raises:
            WorkError: the disk is full. What was written before stays readable.
        """
        line = (annotation.model_dump_json() + "\n").encode()
        try:
            written = os.pwrite(self._descriptor, line, self._size)
            if written < len(line):
                written += os.pwrite(self._descriptor, line[written:], self._size + written)
            if written < len(line):
                raise OSError(0, "only a part of the row could be written")
        except OSError as fault:
            os.ftruncate(self._descriptor, self._size)
            raise WorkError(
                f"cannot be written ({fault.strerror})",
                file=self.path,
                mend="what was written stays readable",
            ) from fault
        self._size += len(line)

    def drop_failed(self) -> None:
        """Takes the failed rows out of the file."""
        self.rewrite(row for row in self.rows() if not row.failed)

    def rewrite(self, rows: Iterable[Annotation]) -> None:
        """Puts other rows in place of those in the file; on a kill the file is as before or after."""
        with replace_file(self.path, force=True) as output:
            for annotation in rows:
                output.text.write(annotation.model_dump_json() + "\n")
        os.close(self._descriptor)
        self._descriptor = os.open(self.path, os.O_RDWR)
        self._size = os.fstat(self._descriptor).st_size


def _mend_tail(descriptor: int, path: Path) -> int:
    """Ends the file at the end of its last whole line; returns its size in bytes."""
    size = os.fstat(descriptor).st_size
    start, tail = size, b""
    while start > 0 and b"\n" not in tail:
        step = min(_TAIL_BYTES, start)
        start -= step
        tail = os.pread(descriptor, step, start) + tail
    last = tail[tail.rfind(b"\n") + 1 :]
    if not last:
        return size
    if _is_whole(last):
        os.pwrite(descriptor, b"\n", size)
        return size + 1
    _log.warning("%s: the last line was cut by a kill; its row is made again", path)
    os.ftruncate(descriptor, size - len(last))
    return size - len(last)


def _is_whole(line: bytes) -> bool:
    try:
        Annotation.model_validate_json(line)
    except ValidationError:
        return False
    return True
