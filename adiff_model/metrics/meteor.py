"""METEOR 1.5 (Denkowski and Lavie, 2014), by its own program."""

import subprocess
from collections.abc import Sequence
from typing import IO

from adiff_data.core.errors import WorkError
from adiff_model.metrics.java import java, wheel_folder

_JAR = "meteor-1.5.jar"
_BETWEEN = " ||| "


class Meteor:
    """The program, which takes seconds to start: it is started when it is first asked, and ends with the block."""

    def __init__(self) -> None:
        self._program: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Meteor":
        return self

    def __exit__(self, *_: object) -> None:
        if self._program is not None:
            self._program.communicate()

    def score(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> tuple[float, list[float]]:
        """The score of the whole, which is not the mean of the rows', and each row's.

        Args:
            predictions, references: tokenized.

        Raises:
            MetricMissing: Java or METEOR is not here.
            WorkError: METEOR failed.
        """
        asked, told = self._pipes()
        statistics = []
        for prediction, own in zip(predictions, references, strict=True):
            parts = ("SCORE", *map(_one_part, own), _one_part(prediction))
            statistics.append(_ask(asked, told, _BETWEEN.join(parts)))
        first = _ask(asked, told, _BETWEEN.join(("EVAL", *statistics)))
        rows = [float(first), *(float(_line(told)) for _ in predictions[1:])]
        return float(_line(told)), rows

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._program is None:
            jar = wheel_folder("meteor") / _JAR
            command = [java(), "-Dfile.encoding=UTF-8", "-Xmx2G", "-jar", jar, "-", "-", "-stdio", "-l", "en", "-norm"]
            self._program = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=jar.parent
            )
        asked, told = self._program.stdin, self._program.stdout
        if asked is None or told is None:
            raise WorkError("METEOR did not start")
        return asked, told


def _one_part(text: str) -> str:
    return " ".join(text.replace("|||", "").split())


def _ask(asked: IO[bytes], told: IO[bytes], line: str) -> str:
    try:
        asked.write(f"{line}\n".encode())
        asked.flush()
    except BrokenPipeError:
        raise WorkError("METEOR ended on its own") from None
    return _line(told)


def _line(told: IO[bytes]) -> str:
    line = told.readline().decode("utf-8").strip()
    if not line:
        raise WorkError("METEOR ended on its own")
    return line
