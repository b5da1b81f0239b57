"""The facts of many clips: measured in parallel, and kept by content so that nothing is measured twice."""

import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from threadpoolctl import threadpool_limits

from adiff_data.acoustics import content_key, measure_file
from adiff_data.audio_files import AudioFolder
from adiff_data.differences import PairFacts
from adiff_data.errors import AdiffError, WorkError
from adiff_data.facts import FACT_NAMES, Facts
from adiff_data.json_lines import read_objects
from adiff_data.records import Pair

_log = logging.getLogger(__name__)


class FactsBook:
    """The facts of clips by published path.

    Args:
        audio: where the recordings are.
        cache: a JSON-lines file of facts by content, which grows.
    """

    def __init__(self, audio: AudioFolder, cache: Path) -> None:
        self._audio, self._cache = audio, cache
        self._facts: dict[str, Facts] = {}

    def measure(self, filepaths: Iterable[str], advance: Callable[[], None] = lambda: None) -> None:
        """Measures every clip that has a recording; says in the log how many have none or cannot be read.

        Raises:
            WorkError: the cache cannot be written.
        """
        wanted = dict.fromkeys(filepaths)
        found = {filepath: path for filepath in wanted if (path := self._audio.find(filepath))}
        known = self._read_cache()
        unreadable = 0
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            with (
                self._cache.open("a", encoding="utf-8") as cache,
                ProcessPoolExecutor(initializer=use_one_thread) as pool,
            ):
                keys = pool.map(content_key, found.values(), chunksize=8)
                by_path = dict(zip(found, keys, strict=True))
                new = {key: found[filepath] for filepath, key in by_path.items() if key not in known}
                for key, measured in zip(new, pool.map(_try_measure, new.values(), chunksize=4), strict=True):
                    advance()
                    if isinstance(measured, str):
                        unreadable += 1
                        _log.warning("%s", measured)
                        continue
                    known[key] = measured
                    cache.write(json.dumps({"key": key, **measured.as_dict()}) + "\n")
        except OSError as fault:
            raise WorkError(f"cannot be written ({fault.strerror})", file=self._cache) from fault
        self._facts = {filepath: known[key] for filepath, key in by_path.items() if key in known}
        missing = len(wanted) - len(found)
        if missing:
            _log.warning("%d of %d clips have no recording in %s: no facts", missing, len(wanted), self._audio.root)

    def of(self, pair: Pair) -> PairFacts | None:
        """The facts of both clips, or None where one has none."""
        first, second = self._facts.get(pair.filepath1), self._facts.get(pair.filepath2)
        return PairFacts(first, second) if first and second else None

    def _read_cache(self) -> dict[str, Facts]:
        if not self._cache.exists():
            return {}
        return {
            str(line["key"]): Facts(**{name: line[name] for name in FACT_NAMES})
            for _, line in read_objects(self._cache)
            if line.keys() >= {"key", *FACT_NAMES}
        }


def use_one_thread() -> None:
    """Keeps this process to one thread: the small transforms here only wait for each other on several."""
    threadpool_limits(1)


def _try_measure(path: Path) -> Facts | str:
    try:
        return measure_file(path)
    except AdiffError as fault:
        return str(fault)
