"""SPICE on an engine's workers: each runs the program on some rows, with one thread and parses of its own."""

import math
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from adiff_data.engines.engine import Engine
from adiff_model.metrics.java import TimeLimitExceeded, program_folder
from adiff_model.metrics.spice_program import Row, SpiceProgram

_ROWS_TOGETHER = 25  # the program takes seconds to start, and each row takes seconds
_Item = tuple[str, Row]


def score_on_workers(
    engine: Engine, files: Path, rows: Mapping[str, Row], long_keys: set[str], time_limit: float
) -> Iterator[tuple[str, float]]:
    """Yields each row's key and F-score; NaN for a row with a long sentence that takes too long.

    Args:
        files: the folder of the program's files that pycocoevalcap does not contain, which the workers see, too.
        long_keys: the rows whose parse may take minutes, which are scored one by one.
        time_limit: seconds a row.

    Raises:
        MetricUnavailable: Java or SPICE is not installed where a worker is.
        WorkError: the program failed, or took longer than the time limit of all rows that it was given.
    """
    ordinary = [(key, row) for key, row in rows.items() if key not in long_keys]
    long = [(key, row) for key, row in rows.items() if key in long_keys]
    for items, rows_together in ((ordinary, _ROWS_TOGETHER), (long, 1)):
        work = partial(_score, files, time_limit, rows_together == 1)
        scores = engine.map_batches(work, items, batch_size=rows_together)
        yield from zip((key for key, _ in items), scores, strict=True)


def _score(files: Path, time_limit: float, may_take_too_long: bool, items: list[_Item]) -> list[float]:
    program, _ = _program_of_worker(files)
    try:
        scores = program.run(program_folder("spice"), dict(items), time_limit * len(items))
    except TimeLimitExceeded:
        if not may_take_too_long:
            raise
        return [math.nan]
    return [scores[key] for key, _ in items]


@lru_cache(maxsize=1)
def _program_of_worker(files: Path) -> tuple[SpiceProgram, "tempfile.TemporaryDirectory[str]"]:
    """The program, and the folder of its parses, which is there while the worker is."""
    parses = tempfile.TemporaryDirectory(prefix="adiff-spice-")
    return SpiceProgram(files, Path(parses.name), threads=1), parses
