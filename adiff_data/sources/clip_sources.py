"""The author and licence of each clip that may go into a dataset as audio, looked up by published path.

They are in the corpora's own files (Clotho's metadata CSVs, WavCaps' JSON) and in tables with the columns `path,
licence, author, title, link`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.files import plain_path
from adiff_data.core.json_lines import read_objects
from adiff_data.core.tables import read_table
from adiff_data.sources import CORPORA, ClipSource, corpus_of_path
from adiff_data.sources.corpus import SourceReader
from adiff_data.sources.licences import UNKNOWN, clip_source, forbidden


class ClipSources:
    """The sources of clips.

    Args:
        files: files that state authors and licences, or folders, of which the corpora's own files are read.

    Raises:
        InputError: a file states no licences, or has a wrong row, or a clip has two licences.
    """

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._sources: dict[str, ClipSource] = {}
        for file in files:
            if file.is_dir():
                for path in sorted(file.iterdir()):
                    if reader := _reader_of(path):
                        self._add(reader(path), path)
            else:
                self._add((_reader_of(file) or _read_table)(file), file)

    @property
    def filepaths(self) -> Iterator[str]:
        """The published paths of all clips that a file tells of."""
        return iter(self._sources)

    def source_of(self, filepath: str) -> ClipSource | None:
        """Where a clip comes from; None if nothing is known about it."""
        corpus = corpus_of_path(filepath)
        return (corpus.source_of(filepath) if corpus else None) or self._sources.get(plain_path(filepath))

    def why_not(self, filepath: str) -> str | None:
        """Why a clip must not be published; None if it may be."""
        corpus, source = corpus_of_path(filepath), self.source_of(filepath)
        if corpus:
            return corpus.why_not_published(filepath, source)
        return forbidden(source.licence) if source else UNKNOWN

    def _add(self, sources: Iterable[tuple[str, ClipSource]], file: Path) -> None:
        for filepath, source in sources:
            known = self._sources.get(filepath)
            if known and known.licence and source.licence and known.licence != source.licence:
                reason = f"'{filepath}' has the licence {source.licence}, and before it had {known.licence}"
                raise InputError(reason, file=file, mend="give each clip one licence")
            self._sources[filepath] = source


def _reader_of(path: Path) -> SourceReader | None:
    """The reader of the corpus that a file belongs to; None for other files."""
    return next((reader for corpus in CORPORA.values() if (reader := corpus.source_reader(path))), None)


def _read_table(path: Path) -> Iterator[tuple[str, ClipSource]]:
    """Yields the rows of a table that the user made."""
    if path.suffix not in (".csv", ".jsonl"):
        raise InputError(
            "tells of no licences",
            file=path,
            mend="give clotho_metadata_*.csv, WavCaps' JSON, or a CSV with path, licence",
        )
    rows = read_table(path, ("path",)) if path.suffix == ".csv" else read_objects(path)
    for row, fields in rows:
        filepath = fields.get("path")
        if not filepath or not isinstance(filepath, str):
            raise InputError("no path", file=path, row=row)
        if fields.keys() >= {"license", "licence"}:
            raise InputError("has both columns, license and licence", file=path, row=row, mend="keep one of them")
        spelling = "license" if "license" in fields else "licence"
        yield plain_path(filepath), clip_source(fields, title="title", author="author", licence=spelling, link="link")
