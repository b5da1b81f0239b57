"""SPICE 1.0 (Anderson et al., 2016), by its own program, under today's Java.

Its parser takes seconds for a sentence. So what was parsed is kept on disk (the program's own cache), and so is each
row's score: rows are scored some at a time, and a run that was stopped goes on.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_model.metrics.java import MetricMissing, run_java, wheel_folder
from adiff_model.metrics.spice_parts import missing_parts

ROWS_A_RUN = 100  # the program takes seconds to start, and a stop loses the scores of one run
_MEMORY = "-Xmx4G"
_OPENED = ("lang", "math", "util", "util.concurrent", "net", "text", "io")  # what the cache's serializer reaches into
_PROGRAM = "edu.anu.spice.SpiceScorer"


class Spice:
    """Scores rows.

    Args:
        parts: the folder of what no wheel holds.
        cache: the folder that keeps parses and scores.
        advance: told how many more rows are scored.
    """

    def __init__(self, parts: Path, cache: Path, advance: Callable[[int], None] = lambda count: None) -> None:
        self._parts, self._cache, self._advance = parts, cache, advance

    def __call__(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """The F-score of each row; an empty prediction has 0.

        Raises:
            MetricMissing: Java, SPICE or a part of it is not here.
            WorkError: it failed; what was scored is kept.
        """
        if missing := missing_parts(self._parts):
            raise MetricMissing(f"needs {missing[0].name}: adiff metrics install")
        program = wheel_folder("spice")
        scores = self._kept()
        keys = [_key(prediction, own) for prediction, own in zip(predictions, references, strict=True)]
        rows = dict(zip(keys, zip(predictions, references, strict=True), strict=True))
        wanted = [key for key, (prediction, _) in rows.items() if key not in scores and prediction.strip()]
        self._advance(len(keys) - len(wanted))
        for start in range(0, len(wanted), ROWS_A_RUN):
            part = wanted[start : start + ROWS_A_RUN]
            found = self._run(program, {key: rows[key] for key in part})
            self._keep(found)
            scores |= found
            self._advance(len(part))
        return [scores.get(key, 0.0) for key in keys]

    def _run(self, program: Path, rows: dict[str, tuple[str, Sequence[str]]]) -> dict[str, float]:
        parses = self._cache / "parses"
        parses.mkdir(parents=True, exist_ok=True)
        jars = os.pathsep.join(map(str, (program / "spice-1.0.jar", program / "lib" / "*", self._parts / "*")))
        opened = [word for name in _OPENED for word in ("--add-opens", f"java.base/java.{name}=ALL-UNNAMED")]
        with tempfile.TemporaryDirectory() as folder:
            asked, told = Path(folder) / "in.json", Path(folder) / "out.json"
            lines = [
                {"image_id": key, "test": _one_line(test), "refs": [_one_line(own) for own in refs]}
                for key, (test, refs) in rows.items()
            ]
            asked.write_text(json.dumps(lines), encoding="utf-8")
            arguments = (asked, "-out", told, "-subset", "-silent", "-cache", parses)
            run_java((_MEMORY, "-Dfile.encoding=UTF-8", *opened, "-cp", jars, _PROGRAM, *arguments), "SPICE")
            if not told.exists():
                raise WorkError("SPICE wrote no scores")
            scored = json.loads(told.read_text(encoding="utf-8"))
        return {row["image_id"]: float(row["scores"]["All"]["f"] or 0.0) for row in scored}

    def _kept(self) -> dict[str, float]:
        path = self._cache / "scores.jsonl"
        if not path.exists():
            return {}
        found = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                found |= json.loads(line)
            except ValueError:  # nothing, or what a kill cut
                continue
        return found

    def _keep(self, scores: dict[str, float]) -> None:
        with (self._cache / "scores.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(scores)}\n")


def _key(prediction: str, references: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([prediction, *references]).encode()).hexdigest()[:32]


def _one_line(text: str) -> str:
    return " ".join(text.split())
