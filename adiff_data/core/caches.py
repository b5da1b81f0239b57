"""Folders that libraries keep caches in: where none of their own can be written to, a temporary one takes its place."""

import atexit
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from adiff_data.core.files import can_hold_files


def prepare_numba_cache() -> None:
    """Lets librosa be imported where neither its own folder nor home can be written to.

    It compiles functions when it is imported, and numba ends that with an error where it finds no folder for them.
    """
    librosa = find_spec("librosa")
    installed = Path(librosa.origin).parent if librosa and librosa.origin else Path()
    _ensure_cache("NUMBA_CACHE_DIR", installed / "util" / "__pycache__", _home("XDG_CACHE_HOME", ".cache") / "numba")


def prepare_matplotlib_cache() -> None:
    """Keeps matplotlib from two lines of warning where home cannot be written to."""
    _ensure_cache("MPLCONFIGDIR", _home("XDG_CONFIG_HOME", ".config") / "matplotlib")


def _home(variable: str, name: str) -> Path:
    return Path(os.environ.get(variable) or Path(os.path.expanduser("~")) / name)  # noqa: PTH111 - never an error


def _ensure_cache(variable: str, *defaults: Path) -> None:
    """Points a variable at a folder of this process and its children, unless a default, or what it says, will do.

    Args:
        defaults: the folders that the library itself tries.
    """
    if os.environ.get(variable) or any(map(can_hold_files, defaults)):
        return
    folder = tempfile.mkdtemp(prefix="adiff-")  # private: what lies in caches is executed
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[variable] = folder
