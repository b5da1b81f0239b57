"""Writing files and folders atomically, and never overwriting a different result unless told to."""

import filecmp
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TextIO

from adiff_data.core.errors import InputError, WorkError

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")  # on any system: also C:\\ on Unix
_SEPARATOR = re.compile(r"[/\\]")
WRITTEN, UNCHANGED = "written", "unchanged"


@dataclass
class Output:
    """A file being written: write to `text`; `outcome` is final once the file is in place."""

    text: TextIO
    outcome: str = WRITTEN


@contextmanager
def replace_file(path: Path, *, force: bool = False) -> Iterator[Output]:
    """Opens a temporary file beside `path`, which replaces `path` when the block ends without an exception.

    A file that already holds the same bytes is left alone (`outcome` is then `unchanged`).

    Raises:
        InputError: `path` holds different content and `force` is not given.
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
    """A folder being written: fill `path`; `outcome` is final once the folder is in place.

    Attributes:
        kept: the folder that it must not differ from; None where it may replace whatever is there.
    """

    path: Path
    outcome: str = WRITTEN
    kept: Path | None = None

    def require_same(self, *names: str) -> None:
        """Compares files that were written with those in place, so that long work is refused while it begins.

        Raises:
            InputError: the folder in place holds something, but not these files.
        """
        if self.kept and _holds_files(self.kept) and not _are_same(self.path, self.kept, names):
            raise _other_data(self.kept)


@contextmanager
def replace_folder(path: Path, *, force: bool = False) -> Iterator[OutputFolder]:
    """Yields a temporary folder beside `path`, which replaces `path` when the block ends without an exception.

    A folder that already holds the same files is left alone (`outcome` is then `unchanged`). A process killed at any
    moment leaves either the old folder or the new one. If it was killed after the old one was moved away and before
    the new one was in place, `restore_folder`, or the next call, brings the old one back.

    Raises:
        InputError: `path` is a file, or holds different files and `force` is not given.
        WorkError: the disk is full, or the folder cannot be written. `path` is then as it was.
    """
    if path.exists() and not path.is_dir():
        raise InputError("is a file, but a folder is needed", file=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        restore_folder(path)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    try:
        output = OutputFolder(temporary, kept=None if force else path)
        yield output
        output.outcome = _put_folder_in_place(temporary, path, force)
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=path) from fault
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def keep_backup(path: Path) -> Path:
    """Copies a file to `PATH.bak`, or to `.bak2`, `.bak3` … so that no earlier backup is lost; returns the copy's path.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    number = 1
    while True:
        backup = path.with_name(f"{path.name}.bak{number if number > 1 else ''}")
        if not backup.exists():
            shutil.copyfile(path, backup)
            return backup
        if filecmp.cmp(path, backup, shallow=False):
            return backup
        number += 1


def require_output_folder(path: Path) -> None:
    """Makes sure that a folder can be filled, before work is done for it. It is not made yet.

    Raises:
        InputError: it is a file, or is below a file.
        WorkError: it cannot be written.
    """
    existing = next(folder for folder in (path.absolute(), *path.absolute().parents) if os.path.lexists(folder))
    if not existing.is_dir():
        raise InputError("is a file, but a folder is needed", file=path if existing == path.absolute() else existing)
    if not os.access(existing, os.W_OK | os.X_OK):
        raise WorkError("cannot be written (Permission denied)", file=existing)


def can_hold_files(folder: Path) -> bool:
    """Whether a file can be made in the folder, which is made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def restore_folder(path: Path) -> None:
    """Brings back the folder that a killed `replace_folder` had moved away, unless the new one is in place."""
    previous = _previous(path)
    if not previous.exists():
        return
    if path.exists():
        shutil.rmtree(previous, ignore_errors=True)
    else:
        previous.rename(path)


def files_in(folder: Path) -> Iterator[tuple[str, int]]:
    """Yields the relative path (with `/`) and the size (bytes) of every file below a folder, sorted by path."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.stat().st_size


def _previous(path: Path) -> Path:
    return path.with_name(f".{path.name}.previous")


def _put_folder_in_place(temporary: Path, path: Path, force: bool) -> str:
    if _holds_files(path):
        if _same_files(temporary, path):
            return UNCHANGED
        if not force:
            raise _other_data(path)
    temporary.chmod(0o777 & ~_umask())
    if path.exists():
        path.rename(_previous(path))
    temporary.rename(path)
    shutil.rmtree(_previous(path), ignore_errors=True)
    return WRITTEN


def _holds_files(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


def _other_data(folder: Path) -> InputError:
    return InputError("exists and holds other data", file=folder, mend="`force=True` overwrites it")


def _same_files(first: Path, second: Path) -> bool:
    files = list(files_in(first))
    return files == list(files_in(second)) and _are_same(first, second, [name for name, _ in files])


def _are_same(first: Path, second: Path, names: Sequence[str]) -> bool:
    _, different, unreadable = filecmp.cmpfiles(first, second, names, shallow=False)
    return not different and not unreadable


def _put_in_place(temporary: Path, path: Path, force: bool) -> str:
    if path.exists():
        if filecmp.cmp(temporary, path, shallow=False):
            return UNCHANGED
        if not force:
            raise InputError(
                "exists and was made with other settings or from other input",
                file=path,
                mend="`force=True` overwrites it, another `out` keeps it",
            )
    temporary.chmod(0o666 & ~_umask())
    temporary.replace(path)
    return WRITTEN


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def plain_path(path: str) -> str:
    """A relative path in the one spelling that all of its spellings share: slashes, no `.`, no empty parts."""
    return PurePosixPath(path.replace("\\", "/")).as_posix()


def unsafe_reason(path: str) -> str | None:
    """Why the relative `path` is not safe to join to a folder; None if it is safe."""
    if not path.strip():
        return "the path is empty"
    if _ABSOLUTE.match(path):
        return "the path is absolute"
    if ".." in _SEPARATOR.split(path):
        return "the path contains '..'"
    if not path.isprintable():
        return "the path contains control characters"
    return None
