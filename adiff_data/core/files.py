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


@dataclass
class OutputFolder:
    """A folder on its way: fill `path`; `outcome` is set when it stands."""

    path: Path
    outcome: str = WRITTEN


@contextmanager
def replace_folder(path: Path, *, force: bool = False) -> Iterator[OutputFolder]:
    """Yields a temporary folder beside `path` that takes its place when the block ends well.

    A folder of the same files is left as it is (`outcome` is then `unchanged`). A kill at any moment leaves the old
    folder or the new one; where it came between moving the one away and the other in, `restore_folder` brings the old
    one back, and so does the next call.

    Raises:
        InputError: `path` is a file, or holds other files and `force` is not given.
        WorkError: the disk is full, or the folder cannot be written. `path` is then as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        restore_folder(path)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    try:
        output = OutputFolder(temporary)
        yield output
        output.outcome = _put_folder_in_place(temporary, path, force)
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def restore_folder(path: Path) -> None:
    """Brings back the folder that a killed `replace_folder` had moved away, where no new one took its place."""
    previous = _previous(path)
    if not previous.exists():
        return
    if path.exists():
        shutil.rmtree(previous, ignore_errors=True)
    else:
        previous.rename(path)


def files_in(folder: Path) -> Iterator[tuple[str, int]]:
    """Yields the name (with `/`) and size (bytes) of every file below a folder, by name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.stat().st_size


def _previous(path: Path) -> Path:
    return path.with_name(f".{path.name}.previous")


def _put_folder_in_place(temporary: Path, path: Path, force: bool) -> str:
    if path.exists() and not path.is_dir():
        raise InputError("is a file, and a folder is wanted", file=path)
    if path.exists() and any(path.iterdir()):
        if _same_files(temporary, path):
            return UNCHANGED
        if not force:
            raise InputError("exists and holds other data", file=path, mend="--force overwrites it")
    temporary.chmod(0o777 & ~_umask())
    if path.exists():
        path.rename(_previous(path))
    temporary.rename(path)
    shutil.rmtree(_previous(path), ignore_errors=True)
    return WRITTEN


def _same_files(first: Path, second: Path) -> bool:
    files = list(files_in(first))
    if files != list(files_in(second)):
        return False
    _, different, unread = filecmp.cmpfiles(first, second, [name for name, _ in files], shallow=False)
    return not different and not unread


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
