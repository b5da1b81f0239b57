"""The facts of many clips: measured in parallel, and kept by content so that nothing is measured twice."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from threadpoolctl import threadpool_limits

from adiff_data.audio.acoustics import content_key, measure_file
from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import FACT_NAMES, Facts
from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import AdiffError, WorkError
from adiff_data.core.json_lines import read_objects
from adiff_data.records import Annotation, Pair

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


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
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            with (
                self._cache.open("a", encoding="utf-8") as cache,
                ProcessPoolExecutor(initializer=use_one_thread) as pool,
            ):
                keys = pool.map(partial(_or_fault, content_key), found.values(), chunksize=8)
                by_path = dict(_without_faults(zip(found, keys, strict=True)))
                new = {key: found[filepath] for filepath, key in by_path.items() if key not in known}
                facts = pool.map(partial(_or_fault, measure_file), new.values(), chunksize=4)
                for key, own in _without_faults(zip(new, facts, strict=True)):
                    known[key] = own
                    cache.write(json.dumps({"key": key, **own.as_dict()}) + "\n")
                    advance()
        except OSError as fault:
            raise WorkError(f"cannot be written ({fault.strerror})", file=self._cache) from fault
        self._facts = {filepath: known[key] for filepath, key in by_path.items() if key in known}
        missing = len(wanted) - len(found)
        if missing:
            _log.warning("%d of %d clips have no recording in %s: no facts", missing, len(wanted), self._audio.root)

    def of(self, pair: Pair | Annotation) -> PairFacts | None:
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


def _without_faults(items: Iterable[tuple[str, Result | AdiffError]]) -> Iterator[tuple[str, Result]]:
    """Yields the items that are results; the others are said in the log."""
    for name, item in items:
        if isinstance(item, AdiffError):
            _log.warning("%s", item)
        else:
            yield name, item


def _or_fault(work: Callable[[Path], Result], path: Path) -> Result | AdiffError:
    """What `work` makes of a recording, or why it can make nothing of it."""
    try:
        return work(path)
    except AdiffError as fault:
        return fault
