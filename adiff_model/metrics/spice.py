"""SPICE 1.0 (Anderson et al., 2016), computed by its own program, under a current Java.

Its parser takes seconds for a sentence, and minutes for a very long one. So parses are cached on disk (by the program
itself), and so are row scores: rows are scored in chunks, and an interrupted run resumes. Rows with a very long
sentence are scored one by one, each within a time limit.
"""

import copy
import hashlib
import json
import logging
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

from adiff_data.core.json_lines import read_intact_objects
from adiff_data.engines.engine import Engine
from adiff_model.metrics.java import MetricUnavailable, TimeLimitExceeded, program_folder
from adiff_model.metrics.spice_files import missing_files
from adiff_model.metrics.spice_program import Row, SpiceProgram
from adiff_model.metrics.spice_workers import score_on_workers

_log = logging.getLogger(__name__)
ROWS_PER_RUN = 100  # the program takes seconds to start, and an interruption loses the scores of one run
TIME_LIMIT = 120.0  # seconds a row
LONG_SENTENCE = 100  # tokens, which one published sentence in a thousand has; the parser takes half a minute
_EMPTY_SCORE = 0.0
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_TOKEN = re.compile(r"\w+|[^\w\s]")


class Spice:
    """Scores rows.

    Args:
        files: the folder of the program's files that pycocoevalcap does not contain.
        cache: the folder of cached parses and scores. If it cannot be written, they are kept for this object's life.
        advance: called with the number of rows that were scored since the last call.
        time_limit: seconds for a row with a sentence of more than `LONG_SENTENCE` tokens. Other rows are scored by the
            hundred, within a hundred times as long.
        engine: where rows are scored; None is one program in this machine. Scores are cached here in any case.
    """

    def __init__(
        self,
        files: Path,
        cache: Path,
        advance: Callable[[int], None] = lambda count: None,
        *,
        time_limit: float = TIME_LIMIT,
        engine: Engine | None = None,
    ) -> None:
        self.time_limit = time_limit
        self._files, self._advance, self._engine = files, advance, engine
        self._cache_file = cache / "scores.jsonl"
        self._program = SpiceProgram(files, cache / "parses")
        self._new_scores: dict[str, float] = {}
        self._slow_texts: set[str] = set()

    def reporting_to(self, advance: Callable[[int], None]) -> Self:
        """The same metric with the same caches, whose progress is reported to another function."""
        clone = copy.copy(self)
        clone._advance = advance
        return clone

    def __call__(self, predictions: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """The F-score of each row; 0 for an empty prediction, NaN for a row that takes longer than the time limit.

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
        scores |= {key: _EMPTY_SCORE for key, (prediction, _) in rows.items() if not prediction.strip()}
        missing_keys = [key for key in rows if key not in scores]
        self._advance(len(keys) - len(missing_keys))
        missing_rows = {key: rows[key] for key in missing_keys}
        if self._engine:
            scores |= self._score_on(self._engine, missing_rows)
            return [scores.get(key, math.nan) for key in keys]
        for chunk in _chunks(missing_rows):
            scores |= self._score(program, chunk)
            self._advance(len(chunk))
        return [scores.get(key, math.nan) for key in keys]

    def _score_on(self, engine: Engine, rows: dict[str, Row]) -> dict[str, float]:
        """The scores of rows on an engine's workers; none of a row that takes too long."""
        long_keys = {key for key, row in rows.items() if _is_long({key: row})}
        for key, score in score_on_workers(engine, self._files, rows, long_keys, self.time_limit):
            if not math.isnan(score):
                self._add_to_cache({key: score})
            self._advance(1)
        return dict(self._new_scores)

    def _score(self, program: Path, rows: dict[str, Row]) -> dict[str, float]:
        """The scores of rows that are run together; none if it is one row that takes too long."""
        hardest_texts = {_hardest_text(row) for row in rows.values()}
        if hardest_texts & self._slow_texts:
            return {}
        try:
            scores = self._run(program, rows)
        except TimeLimitExceeded:
            if not _is_long(rows):
                raise
            self._slow_texts |= hardest_texts  # other systems have the same references
            return {}
        self._add_to_cache(scores)
        return scores

    def _run(self, program: Path, rows: dict[str, Row]) -> dict[str, float]:
        return self._program.run(program, rows, self.time_limit * (1 if _is_long(rows) else ROWS_PER_RUN))

    def _cached_scores(self) -> dict[str, float]:
        if not self._cache_file.exists():
            return dict(self._new_scores)
        lines = read_intact_objects(self._cache_file)
        return {key: score for scores in lines for key, score in scores.items()} | self._new_scores

    def _add_to_cache(self, scores: dict[str, float]) -> None:
        """Begins with a line break, since a killed run may have left an incomplete line."""
        self._new_scores.update(scores)
        try:
            self._cache_file.parent.mkdir(parents=True, exist_ok=True)
            with self._cache_file.open("a", encoding="utf-8") as file:
                file.write(f"\n{json.dumps(scores)}\n")
        except OSError as fault:
            _log.debug("%s: scores are not kept (%s)", self._cache_file, fault.strerror)


def _chunks(rows: dict[str, Row]) -> Iterator[dict[str, Row]]:
    """The rows that are run together: ordinary ones by the hundred, those with a long sentence one by one."""
    long_keys = {key for key, row in rows.items() if _is_long({key: row})}
    ordinary = [key for key in rows if key not in long_keys]
    for start in range(0, len(ordinary), ROWS_PER_RUN):
        yield {key: rows[key] for key in ordinary[start : start + ROWS_PER_RUN]}
    for key, row in rows.items():
        if key in long_keys:
            yield {key: row}


def _is_long(rows: dict[str, Row]) -> bool:
    """Whether there is a row whose parse may take minutes."""
    return any(_longest_sentence(_hardest_text(row)) > LONG_SENTENCE for row in rows.values())


def _hardest_text(row: Row) -> str:
    """The text with the longest sentence."""
    prediction, references = row
    return max((prediction, *references), key=_longest_sentence)


def _longest_sentence(text: str) -> int:
    """The tokens of a text's longest sentence, about as the parser counts them."""
    return max(len(_TOKEN.findall(sentence)) for sentence in _SENTENCE_END.split(text))


def _cache_key(prediction: str, references: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([prediction, *references]).encode()).hexdigest()[:32]
