"""METEOR 1.5 (Denkowski and Lavie, 2014), computed by its own program."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from adiff_data.core.errors import WorkError
from adiff_model.metrics.java import java, program_folder

_JAR = "meteor-1.5.jar"
_SEPARATOR = " ||| "


class Meteor:
    """The program, which takes seconds to start. It starts with the first request and ends with the `with` block."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.communicate()

    def score(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
        """The corpus score, which is not the mean of the row scores, and the row scores.

        Args:
            predictions, references: tokenized.

        Raises:
            MetricUnavailable: Java or METEOR is not installed.
            WorkError: METEOR failed.
        """
        requests, replies = self._pipes()
        statistics = []
        for prediction, texts in zip(predictions, references, strict=True):
            fields = ("SCORE", *map(_without_separator, texts), _without_separator(prediction))
            statistics.append(_request(requests, replies, _SEPARATOR.join(fields)))
        first_row = _request(requests, replies, _SEPARATOR.join(("EVAL", *statistics)))
        row_scores = [float(first_row), *(float(_read_line(replies)) for _ in predictions[1:])]
        return float(_read_line(replies)), row_scores

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            jar = program_folder("meteor") / _JAR
            command: list[str | Path] = [
                java(),
                "-Dfile.encoding=UTF-8",
                "-Xmx2G",
                "-jar",
                jar,
                "-",
                "-",
                "-stdio",
                "-l",
                "en",
                "-norm",
            ]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=jar.parent
            )
        requests, replies = self._process.stdin, self._process.stdout
        if requests is None or replies is None:
            raise WorkError("METEOR did not start")
        return requests, replies


def _without_separator(text: str) -> str:
    return " ".join(text.replace("|||", "").split())


def _request(requests: IO[bytes], replies: IO[bytes], line: str) -> str:
    try:
        requests.write(f"{line}\n".encode())
        requests.flush()
    except BrokenPipeError:
        raise WorkError("METEOR ended unexpectedly") from None
    return _read_line(replies)


def _read_line(replies: IO[bytes]) -> str:
    line = replies.readline().decode("utf-8").strip()
    if not line:
        raise WorkError("METEOR ended unexpectedly")
    return line
