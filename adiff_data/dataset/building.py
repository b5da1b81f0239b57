"""From annotations to the published CSV files: the same annotations give the same bytes."""

import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from adiff_data.checks.verdicts import read_verdicts, require_verdicts
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file, unsafe_reason
from adiff_data.published_csv import Row, file_name, published_row, read_annotations, write_rows
from adiff_data.records import Annotation
from adiff_data.sources import CORPORA

_log = logging.getLogger(__name__)
Table = tuple[str, str, str]


@dataclass(frozen=True)
class Built:
    """One file that was built: its path, its rows, and whether it was `written` or `unchanged`."""

    path: Path
    rows: int
    outcome: str


def build(sources: Sequence[Path], out: Path, *, verdicts: Sequence[Path] = (), force: bool = False) -> list[Built]:
    """Writes one CSV a split and tier into `out`, rows in the order of the files and, within one, of the pairs.

    One table is held in memory at a time. Rows with no answer, and those that `verdicts` turn down, are left out and
    counted in the log.

    Raises:
        InputError: an input is wrong, no row is left, a row stands in two inputs or has no verdict, or a file of
            other content stands in `out` and `force` is not given.
    """
    turned_down = _turned_down(sources, verdicts)
    tables = _tables(sources, turned_down)
    if not tables:
        raise InputError("no answered row to build from", file=sources[0])
    built = []
    for table in tables:
        rows = _rows(sources, table, turned_down)
        path = out / file_name(*table)
        with replace_file(path, force=force) as output:
            write_rows(output.text, rows)
        built.append(Built(path, len(rows), output.outcome))
    return built


def _turned_down(sources: Sequence[Path], verdicts: Sequence[Path]) -> Set[str]:
    """The ids of the rows that did not pass their checks."""
    if not verdicts:
        return frozenset()
    failed = {verdict.id: verdict.failed for path in verdicts for verdict in read_verdicts(path)}
    for source in sources:
        require_verdicts(failed.keys(), (row.id for row in read_annotations(source)), source)
    return {annotation for annotation, turned_down in failed.items() if turned_down}


def _tables(sources: Sequence[Path], turned_down: Set[str]) -> list[Table]:
    """The corpus, split and tier of every table that has an answered row."""
    tables: set[Table] = set()
    for source in sources:
        failed = unfit = 0
        for annotation in read_annotations(source):
            if annotation.corpus not in CORPORA:
                raise InputError(f"no corpus '{annotation.corpus}'", file=source)
            if unsafe_reason(annotation.split) or "/" in annotation.split:
                raise InputError(f"'{annotation.split}' is no name of a split", file=source)
            failed += annotation.failed
            unfit += not annotation.failed and annotation.id in turned_down
            if not annotation.failed and annotation.id not in turned_down:
                tables.add(_table_of(annotation))
        if failed:
            _log.warning("%s: %d failed rows left out; adiff annotate --retry-failed asks them again", source, failed)
        if unfit:
            _log.warning("%s: %d rows left out that did not pass their checks", source, unfit)
    return sorted(tables)


def _rows(sources: Sequence[Path], table: Table, turned_down: Set[str]) -> list[Row]:
    """The published columns of a table's rows, in their order."""
    placed: list[tuple[int, int, Row]] = []
    source_of: dict[str, int] = {}
    for place, source in enumerate(sources):
        for annotation in read_annotations(source):
            if annotation.failed or annotation.id in turned_down or _table_of(annotation) != table:
                continue
            if source_of.setdefault(annotation.id, place) != place:
                other = sources[source_of[annotation.id]]
                raise InputError(f"the row '{annotation.id}' stands in {other} too", file=source)
            placed.append((place, annotation.provenance.row or 0, published_row(annotation)))
    placed.sort(key=lambda item: item[:2])
    return [row for _, _, row in placed]


def _table_of(annotation: Annotation) -> Table:
    return annotation.corpus, annotation.split, annotation.tier
