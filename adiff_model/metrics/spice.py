"""SPICE 1.0 (Anderson et al., 2016), computed by its own program, under a current Java.

Its parser takes seconds for a sentence. So parses are cached on disk (by the program itself), and so are row scores:
rows are scored in chunks, and an interrupted run resumes.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_data.core.json_lines import read_intact_objects
from adiff_model.metrics.java import MetricUnavailable, program_folder, run_java
from adiff_model.metrics.spice_files import missing_files

ROWS_PER_RUN = 100  # the program takes seconds to start, and an interruption loses the scores of one run
_MAX_HEAP = "-Xmx4G"
_OPENED_PACKAGES = ("lang", "math", "util", "util.concurrent", "net", "text", "io")  # the cache's serializer needs them
_MAIN_CLASS = "edu.anu.spice.SpiceScorer"
_EMPTY_SCORE = 0.0


class Spice:
    """Scores rows.

    Args:
        files: the folder of the program's files that pycocoevalcap does not contain.
        cache: the folder of cached parses and scores.
        advance: called with the number of rows that were scored since the last call.
    """

    def __init__(self, files: Path, cache: Path, advance: Callable[[int], None] = lambda count: None) -> None:
        self._files, self._cache, self._advance = files, cache, advance

    def __call__(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """The F-score of each row; an empty prediction scores 0.

        Raises:
            MetricUnavailable: Java, SPICE or a file that it needs is not installed.
            WorkError: it failed; scores up to then are cached.
        """
        if missing := missing_files(self._files):
            raise MetricUnavailable(f"needs {missing[0].name}: adiff metrics install")
        program = program_folder("spice")
        scores = self._cached_scores()
        keys = [_cache_key(prediction, texts) for prediction, texts in zip(predictions, references, strict=True)]
        rows = dict(zip(keys, zip(predictions, references, strict=True), strict=True))
        missing_keys = [key for key, (prediction, _) in rows.items() if key not in scores and prediction.strip()]
        self._advance(len(keys) - len(missing_keys))
        for start in range(0, len(missing_keys), ROWS_PER_RUN):
            chunk = missing_keys[start : start + ROWS_PER_RUN]
            new_scores = self._run(program, {key: rows[key] for key in chunk})
            self._add_to_cache(new_scores)
            scores |= new_scores
            self._advance(len(chunk))
        return [scores.get(key, _EMPTY_SCORE) for key in keys]

    def _run(self, program: Path, rows: dict[str, tuple[str, Sequence[str]]]) -> dict[str, float]:
        parses = self._cache / "parses"
        parses.mkdir(parents=True, exist_ok=True)
        jars = os.pathsep.join(map(str, (program / "spice-1.0.jar", program / "lib" / "*", self._files / "*")))
        opened = [word for name in _OPENED_PACKAGES for word in ("--add-opens", f"java.base/java.{name}=ALL-UNNAMED")]
        with tempfile.TemporaryDirectory() as folder:
            input_file, output_file = Path(folder) / "in.json", Path(folder) / "out.json"
            items = [
                {"image_id": key, "test": _on_one_line(prediction), "refs": [_on_one_line(text) for text in texts]}
                for key, (prediction, texts) in rows.items()
            ]
            input_file.write_text(json.dumps(items), encoding="utf-8")
            arguments = (input_file, "-out", output_file, "-subset", "-silent", "-cache", parses)
            run_java((_MAX_HEAP, "-Dfile.encoding=UTF-8", *opened, "-cp", jars, _MAIN_CLASS, *arguments), "SPICE")
            if not output_file.exists():
                raise WorkError("SPICE wrote no scores")
            results = json.loads(output_file.read_text(encoding="utf-8"))
        return {result["image_id"]: float(result["scores"]["All"]["f"] or 0.0) for result in results}

    @property
    def _cache_file(self) -> Path:
        return self._cache / "scores.jsonl"

    def _cached_scores(self) -> dict[str, float]:
        if not self._cache_file.exists():
            return {}
        return {key: score for scores in read_intact_objects(self._cache_file) for key, score in scores.items()}

    def _add_to_cache(self, scores: dict[str, float]) -> None:
        """Begins with a line break, since a killed run may have left an incomplete line."""
        with self._cache_file.open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(scores)}\n")


def _cache_key(prediction: str, references: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([prediction, *references]).encode()).hexdigest()[:32]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
