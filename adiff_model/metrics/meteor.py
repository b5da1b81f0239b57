"""METEOR 1.5 (Denkowski and Lavie, 2014), computed by its own program."""

import atexit
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Self

from adiff_data.core.errors import WorkError
from adiff_model.metrics.java import failure_cause, java_command, java_environment, java_options, program_folder

_JAR = "meteor-1.5.jar"
_OPTIONS = ("-Xmx2G", "-jar", _JAR, "-", "-", "-stdio", "-l", "en", "-norm")
_SEPARATOR = " ||| "
_SECONDS_TO_END = 10
_IDLE_SECONDS = 60  # it holds more than a gigabyte


class Meteor:
    """The program, which takes ten seconds to start. It starts with the first request, and anew after a failure.

    After the `with` block it waits a minute for the next one of this process.
    """

    def __init__(self) -> None:
        self._program: _Program | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._program:
            _keep_idle(self._program)
            self._program = None

    def score(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
        """The corpus score, which is not the mean of the row scores, and the row scores.

        Args:
            predictions, references: tokenized.

        Raises:
            MetricUnavailable: Java or METEOR is not installed.
            WorkError: METEOR failed.
        """
        try:
            self._program = self._program or _idle_program() or _Program()
            return _score(self._program, predictions, references)
        except BaseException:
            self._end()  # it may be in the middle of an answer
            raise

    def _end(self) -> None:
        if self._program:
            self._program.end()
            self._program = None


def _score(
    program: "_Program", predictions: Sequence[str], references: Sequence[Sequence[str]]
) -> tuple[float, list[float]]:
    statistics = []
    for prediction, texts in zip(predictions, references, strict=True):
        fields = ("SCORE", *map(_without_separator, texts), _without_separator(prediction))
        statistics.append(program.request(_SEPARATOR.join(fields)))
    first_row = program.request(_SEPARATOR.join(("EVAL", *statistics)))
    replies = [first_row, *(program.read_line() for _ in predictions)]
    try:
        *row_scores, score = map(float, replies)
    except ValueError as fault:
        raise WorkError(f"METEOR's answer is not a number ({fault})") from None
    return score, row_scores


class _Program:
    """The running program, which answers one line with one or more lines."""

    def __init__(self) -> None:
        command = java_command(_OPTIONS)
        folder = program_folder("meteor")
        self._options, self._owner = java_options(), os.getpid()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - `end` closes it
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=folder,
                env=java_environment(),
            )
        except OSError as fault:
            self._errors.close()
            raise WorkError(f"METEOR did not start ({fault.strerror})") from fault
        self._requests, self._replies = _pipes(self._process)

    @property
    def fits(self) -> bool:
        """Whether it runs, by this process, with the options that the user still sets for Java."""
        return self._owner == os.getpid() and self._options == java_options() and self._process.poll() is None

    def request(self, line: str) -> str:
        """Sends a line; returns the first line of the answer."""
        try:
            self._requests.write(f"{line}\n".encode(errors="replace"))
            self._requests.flush()
        except OSError:
            raise self._failure() from None
        return self.read_line()

    def read_line(self) -> str:
        """The next line of the answer."""
        line = self._replies.readline().decode(errors="replace").strip()
        if not line:
            raise self._failure()
        return line

    def end(self) -> None:
        """Ends the program, unless it is that of the process that this one was forked from."""
        if self._owner != os.getpid():
            return
        self._process.kill()
        self._process.wait()
        for file in (self._requests, self._replies, self._errors):
            try:
                file.close()
            except OSError:
                continue  # a request was not sent to its end

    def _failure(self) -> WorkError:
        try:
            status = self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return WorkError("METEOR answered with an empty line")
        self._errors.seek(0)
        return WorkError(f"METEOR failed ({failure_cause(self._errors.read().decode(errors='replace'), status)})")


_IDLE: dict[_Program, float] = {}  # programs that wait, and since when (`time.monotonic`)


def _keep_idle(program: _Program) -> None:
    _IDLE[program] = time.monotonic()
    timer = threading.Timer(_IDLE_SECONDS, _end_idle_programs, args=[_IDLE_SECONDS / 2])
    timer.daemon = True
    timer.start()


def _idle_program() -> _Program | None:
    """A program that waits, and waits no more."""
    while _IDLE:
        program, _ = _IDLE.popitem()
        if program.fits:
            return program
        program.end()
    return None


@atexit.register
def _end_idle_programs(after: float = 0.0) -> None:
    """Ends the programs that have waited for so many seconds."""
    for program, since in list(_IDLE.items()):
        if time.monotonic() - since >= after and _IDLE.pop(program, None) is not None:
            program.end()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise WorkError("METEOR did not start")
    return process.stdin, process.stdout


def _without_separator(text: str) -> str:
    return " ".join(text.replace("|||", "").split())
