"""The facts of many clips: measured in parallel, and kept by content so that nothing is measured twice."""

import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import FACT_NAMES, Facts
from adiff_data.audio.files import AudioFolder
from adiff_data.audio.missing import warn_of_missing
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import AdiffError, InputError, WorkError
from adiff_data.core.json_lines import read_intact_objects
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.engines.engine import Engine
from adiff_data.engines.local import LOCAL
from adiff_data.records import Annotation, Pair

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


class FactsBook:
    """The facts of clips by published path.

    Args:
        audio: where the recordings are.
        cache: a JSON-lines file of facts by content, which grows; None keeps nothing.
    """

    def __init__(self, audio: AudioFolder, cache: Path | None = None) -> None:
        self._audio, self._cache = audio, cache
        self._facts: dict[str, Facts] = {}

    def measure(
        self, filepaths: Iterable[str], progress: ProgressCallback | None = None, engine: Engine = LOCAL
    ) -> None:
        """Measures every clip that has a recording; says in the log how many have none or cannot be read.

        Raises:
            InputError, WorkError: the cache cannot be written, or the engine cannot be reached.
        """
        from adiff_data.audio.acoustics import content_key, measure_file  # noqa: PLC0415 - SciPy takes a second

        wanted = list(dict.fromkeys(filepaths))
        recordings, missing = self._audio.find_all(wanted)
        counter = ProgressCounter(progress, "measure", len(wanted), unit="clips", done=len(wanted) - len(recordings))
        by_content = self._read_cache()
        try:
            with self._open_cache() as cache:
                keys = _map(engine, content_key, recordings.values(), chunk_size=8)
                key_of = dict(_without_faults(zip(recordings, keys, strict=True)))
                new = {key: recordings[filepath] for filepath, key in key_of.items() if key not in by_content}
                counter.advance(len(recordings) - len(new))
                measured = _map(engine, measure_file, new.values(), chunk_size=4)
                for key, facts in zip(new, measured, strict=True):
                    counter.advance()
                    if isinstance(facts, AdiffError):
                        _warn_of_all(facts, [recordings[path] for path, its_key in key_of.items() if its_key == key])
                        continue
                    by_content[key] = facts
                    cache.write(json.dumps({"key": key, **facts.as_dict()}) + "\n")
        except OSError as fault:
            raise WorkError(f"cannot be written ({fault.strerror})", file=self._cache) from fault
        self._facts |= {filepath: by_content[key] for filepath, key in key_of.items() if key in by_content}
        what = f"{len(missing):,} of {len(wanted):,} clips have no recording in {self._audio.root}, so no facts"
        warn_of_missing(_log, what, missing, self._missing_file)

    def of(self, pair: Pair | Annotation) -> PairFacts | None:
        """The facts of both clips, or None where one has none."""
        first, second = self._facts.get(pair.filepath1), self._facts.get(pair.filepath2)
        return PairFacts(first, second) if first and second else None

    @property
    def _missing_file(self) -> Path | None:
        return self._cache.with_name(f"{self._cache.stem}.missing.jsonl") if self._cache else None

    def _open_cache(self) -> IO[str]:
        if self._cache is None:
            return io.StringIO()
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        file = self._cache.open("a", encoding="utf-8", buffering=1)  # line by line: a kill takes none that is done
        if _is_cut(self._cache):
            file.write("\n")
        return file

    def _read_cache(self) -> dict[str, Facts]:
        if self._cache is None or not self._cache.exists():
            return {}
        return {
            str(line["key"]): Facts(**{name: line[name] for name in FACT_NAMES})
            for line in read_intact_objects(self._cache)
            if line.keys() >= {"key", *FACT_NAMES}
        }


@checks_arguments
def measure(
    pairs: Iterable[Pair | Annotation],
    audio_root: str | Path,
    *,
    cache: str | Path | None = None,
    engine: Engine | None = None,
    progress: ProgressCallback | None = None,
) -> FactsBook:
    """Measures the recordings of all clips of some pairs, in parallel, each content once.

    Args:
        audio_root: the folder of the recordings.
        cache: a JSON-lines file that keeps what was measured, for later runs.
        engine: where the recordings are measured; None is this machine.
        progress: told how many clips are done.

    Returns:
        what `annotate` and `check` take as `facts`; its `of(pair)` gives both clips' facts and their differences.

    Raises:
        InputError: there is no such folder.
        WorkError: the cache cannot be written, or the engine's workers cannot be reached.
    """
    book = FactsBook(AudioFolder(Path(audio_root)), Path(cache) if cache else None)
    book.measure(
        (filepath for pair in pairs for filepath in (pair.filepath1, pair.filepath2)), progress, engine or LOCAL
    )
    return book


def _is_cut(path: Path) -> bool:
    """Whether a file ends in the middle of a line, as a process that was killed leaves it."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - 1))
        return file.read() not in (b"", b"\n")


def _without_faults(items: Iterable[tuple[str, Result | AdiffError]]) -> Iterator[tuple[str, Result]]:
    """Yields the items that are results; the others are said in the log."""
    for name, item in items:
        if isinstance(item, AdiffError):
            _log.warning("%s", item)
        else:
            yield name, item


def _warn_of_all(fault: AdiffError, recordings: list[Path]) -> None:
    """Says the fault of a content of each recording that has it."""
    for recording in recordings:
        _log.warning("%s", InputError(fault.message, file=recording, mend=fault.mend))


def _map(
    engine: Engine, work: Callable[[Path], Result], paths: Iterable[Path], *, chunk_size: int
) -> Iterator[Result | AdiffError]:
    """What `work` makes of each recording, or why it can make nothing of it."""
    return engine.map(partial(_or_fault, work), paths, chunk_size=chunk_size, lost=_lost)


def _or_fault(work: Callable[[Path], Result], path: Path) -> Result | AdiffError:
    try:
        return work(path)
    except AdiffError as fault:
        return fault


def _lost(path: Path) -> AdiffError:
    """What stands in the place of a recording whose worker was ended again and again."""
    return WorkError("the system ended each process that read it", file=path, mend="mostly the memory was not enough")
