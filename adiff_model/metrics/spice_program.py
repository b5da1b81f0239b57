"""Running SPICE's Java program, with its cache of parses where that works, and without it elsewhere."""

import json
import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_data.core.files import can_hold_files
from adiff_model.metrics.java import TimeLimitExceeded, run_java

_log = logging.getLogger(__name__)
_MAX_HEAP = "-Xmx4G"
_OPENED_PACKAGES = ("lang", "math", "util", "util.concurrent", "net", "text", "io")  # the cache's serializer needs them
_MAIN_CLASS = "edu.anu.spice.SpiceScorer"
_INPUT, _OUTPUT = "in.json", "out.json"

Row = tuple[str, Sequence[str]]  # a prediction and its references


class SpiceProgram:
    """The program.

    Its cache needs a native library, which exists for few processors and must be unpacked where files may be
    executed, and a folder that can be written. Scores are the same without it.

    Args:
        files: the folder of the program's files that pycocoevalcap does not contain.
        parses: the folder of cached parses. If it cannot be written, they are kept for this object's life.
        threads: how many sentences are parsed at once; None is one a core.
    """

    def __init__(self, files: Path, parses: Path, *, threads: int | None = None) -> None:
        self._files, self._parses, self._threads = files, parses, threads
        self._temporary_parses: tempfile.TemporaryDirectory[str] | None = None
        self._uses_cache = True

    def run(self, program: Path, rows: Mapping[str, Row], time_limit: float) -> dict[str, float]:
        """The F-score of each row, by its key.

        Args:
            program: the folder `spice` of pycocoevalcap.

        Raises:
            MetricUnavailable: Java is not installed.
            TimeLimitExceeded: it took more than `time_limit` seconds.
            WorkError: it failed without its cache, too.
        """
        if not self._uses_cache:
            return self._run(program, rows, time_limit)
        try:
            return self._run(program, rows, time_limit, self._parses_folder())
        except TimeLimitExceeded:
            raise
        except WorkError as fault:
            scores = self._run(program, rows, time_limit)
            self._uses_cache = False
            _log.warning("%s; with its cache of parses. It goes on without: slower, with the same scores", fault)
            return scores

    def _run(
        self, program: Path, rows: Mapping[str, Row], time_limit: float, parses: Path | None = None
    ) -> dict[str, float]:
        jars = os.pathsep.join(map(str, (program / "spice-1.0.jar", program / "lib" / "*", self._files / "*")))
        opened = [word for name in _OPENED_PACKAGES for word in ("--add-opens", f"java.base/java.{name}=ALL-UNNAMED")]
        items = [
            {"image_id": key, "test": _on_one_line(prediction), "refs": [_on_one_line(text) for text in texts]}
            for key, (prediction, texts) in rows.items()
        ]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / _INPUT).write_text(json.dumps(items), encoding="utf-8")
            options = (_MAX_HEAP, f"-Djava.io.tmpdir={folder}", *opened, "-cp", jars)
            arguments = (
                _INPUT,
                "-out",
                _OUTPUT,
                "-subset",
                "-silent",
                *(("-cache", parses.resolve()) if parses else ()),
                *(("-threads", str(self._threads)) if self._threads else ()),
            )
            run_java((*options, _MAIN_CLASS, *arguments), "SPICE", folder=folder, time_limit=time_limit)
            if not (folder / _OUTPUT).exists():
                raise WorkError("SPICE wrote no scores")
            results = json.loads((folder / _OUTPUT).read_text(encoding="utf-8"))
        return {result["image_id"]: float(result["scores"]["All"]["f"] or 0.0) for result in results}

    def _parses_folder(self) -> Path:
        """The folder of cached parses, or a temporary one."""
        if self._temporary_parses is None and not can_hold_files(self._parses):
            self._temporary_parses = tempfile.TemporaryDirectory()
        return Path(self._temporary_parses.name) if self._temporary_parses else self._parses


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
