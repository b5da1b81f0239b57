"""Writing a whole file or nothing, and never over another result unasked."""

import filecmp
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from adiff_data.core.errors import InputError, WorkError

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")  # on Windows too
_SEPARATOR = re.compile(r"[/\\]")
WRITTEN, UNCHANGED = "written", "unchanged"


@dataclass
class Output:
    """A file on its way: write to `text`; `outcome` is set when it stands."""

    text: TextIO
    outcome: str = WRITTEN


@contextmanager
def replace_file(path: Path, *, force: bool = False) -> Iterator[Output]:
    """Opens a temporary file beside `path` that takes its place when the block ends well.

    A file of the same bytes is left as it is (`outcome` is then `unchanged`).

    Raises:
        InputError: `path` holds other content and `force` is not given.
        WorkError: the disk is full, or the folder cannot be written. `path` is then as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            output = Output(file)
            yield output
        output.outcome = _put_in_place(temporary, path, force)
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """A temporary folder on the disk of `path`, to be renamed to it when it is whole; gone behind the block.

    Raises:
        WorkError: the disk is full, or the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    try:
        yield temporary
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, path: Path, force: bool) -> str:
    if path.exists():
        if filecmp.cmp(temporary, path, shallow=False):
            return UNCHANGED
        if not force:
            raise InputError(
                "exists and was made with other settings or from other input",
                file=path,
                mend="--force overwrites it, another --out keeps it",
            )
    temporary.chmod(0o666 & ~_umask())
    temporary.replace(path)
    return WRITTEN


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def unsafe_reason(path: str) -> str | None:
    """Why `path` must not be followed below a folder, or None where it may."""
    if not path.strip():
        return "the path is empty"
    if _ABSOLUTE.match(path):
        return "the path is absolute"
    if ".." in _SEPARATOR.split(path):
        return "the path has '..'"
    if not path.isprintable():
        return "the path has control characters"
    return None
