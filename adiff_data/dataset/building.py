"""Building: annotations become the published CSV files, and the same annotations give the same bytes."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from adiff_data.checks.checking import Report
from adiff_data.checks.verdicts import Verdict, read_verdicts, require_verdicts
from adiff_data.core.arguments import as_list, checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file, unsafe_reason
from adiff_data.core.wording import counted
from adiff_data.published_csv import Row, file_name, published_row, read_annotations, write_rows
from adiff_data.records import Annotation
from adiff_data.reviews.results import Reviews, read_reviews
from adiff_data.sources import CORPORA

_log = logging.getLogger(__name__)
Table = tuple[str, str, str]  # what one file holds: a corpus, a split and a tier
Rows = Iterable[Annotation | str | Path] | str | Path


@dataclass(frozen=True)
class Built:
    """One file that was built: its path, the number of its rows, and whether it was `written` or is `unchanged`."""

    path: Path
    rows: int
    outcome: str


@checks_arguments
def build(
    annotations: Rows,
    out: str | Path,
    *,
    verdicts: Report | str | Path | Sequence[str | Path] | None = None,
    reviews: str | Path | Sequence[str | Path] | None = None,
    force: bool = False,
) -> list[Built]:
    """Writes one published CSV file for each split and tier into `out`.

    Rows come in the order of the files and, within a file, of the pairs. Rows without an answer, rows that failed
    their checks and rows that people rejected are left out, and the log says how many. What people say of an answer
    counts more than its checks. Files are read table by table, so that one table at a time is in memory.

    Args:
        annotations: rows, or `annotations.jsonl` files or published CSVs.
        out: the folder of the dataset, such as `data/CLD`.
        verdicts: what `check` returned for these rows, or files of verdicts.
        reviews: databases of reviews, or what was exported of them: answers are taken as people edited them.
        force: overwrite CSV files with other content.

    Raises:
        InputError: an input is wrong, no row of a table is left, a row is in two inputs or has no verdict, or `out` has
            a file with other content and `force` is not given.
    """
    sources = _sources(annotations)
    reviewed = read_reviews(reviews or ())
    left_out = _LeftOut(_failed_ids(sources, verdicts), reviewed)
    tables = _tables(sources, left_out)
    if not tables:
        raise InputError("no row to build from", file=sources[0].path)
    built = []
    for table in tables:
        rows = _rows_of_table(sources, table, left_out, reviewed)
        path = Path(out) / file_name(*table)
        with replace_file(path, force=force) as output:
            write_rows(output.text, rows)
        built.append(Built(path, len(rows), output.outcome))
    return built


@dataclass(frozen=True)
class _Source:
    """Annotations in a file, or in memory (then `path` is None)."""

    path: Path | None
    rows: Sequence[Annotation] = ()

    def read(self) -> Iterable[Annotation]:
        return self.rows if self.path is None else read_annotations(self.path)

    def __str__(self) -> str:
        return str(self.path or "the rows")


@dataclass(frozen=True)
class _LeftOut:
    """Which answered rows are left out: those that people rejected, and those that failed their checks.

    Where people let an answer stand, or edited it, its checks do not count.
    """

    failed: Set[str]
    reviews: Reviews

    def reason(self, annotation_id: str) -> str:
        """Why a row is left out; empty where it is not."""
        reviewed = self.reviews.rows.get(annotation_id)
        if reviewed and reviewed.is_rejected:
            return "that people rejected"
        is_verified = reviewed is not None and reviewed.is_verified
        return "that did not pass their checks" if annotation_id in self.failed and not is_verified else ""


def _sources(annotations: Rows) -> list[_Source]:
    if isinstance(annotations, str | Path):
        return [_Source(Path(annotations))]
    inputs = list(annotations)
    if not inputs:
        raise InputError("no annotations to build from")
    paths = [Path(each) for each in inputs if isinstance(each, str | Path)]
    rows = [each for each in inputs if isinstance(each, Annotation)]
    return [_Source(path) for path in paths] + ([_Source(None, rows)] if rows else [])


def _failed_ids(sources: Sequence[_Source], verdicts: Report | str | Path | Sequence[str | Path] | None) -> Set[str]:
    """The ids of the rows that failed their checks.

    Raises:
        InputError: there are verdicts, but not on every row.
    """
    if verdicts is None or verdicts in ([], ()):
        return frozenset()
    verdict_of = {verdict.id: verdict for verdict in _read_all(verdicts)}
    for source in sources:
        require_verdicts(verdict_of.keys(), (row.id for row in source.read()), source.path)
    return {annotation_id for annotation_id, verdict in verdict_of.items() if verdict.failed}


def _read_all(verdicts: Report | str | Path | Sequence[str | Path]) -> Iterable[Verdict]:
    if isinstance(verdicts, Report):
        return verdicts.verdicts
    return (verdict for path in as_list(verdicts) for verdict in read_verdicts(Path(path)))


def _tables(sources: Sequence[_Source], left_out: _LeftOut) -> list[Table]:
    """The tables to build; what is left out is counted in the log.

    Raises:
        InputError: of a table no row is left.
    """
    tables: set[Table] = set()
    without_rows: dict[Table, _Source] = {}
    for source in sources:
        unanswered, why = 0, Counter[str]()
        for annotation in source.read():
            if annotation.corpus not in CORPORA:
                raise InputError(f"no corpus '{annotation.corpus}'", file=source.path)
            if unsafe_reason(annotation.split) or "/" in annotation.split:
                raise InputError(f"'{annotation.split}' cannot be the name of a split", file=source.path)
            reason = left_out.reason(annotation.id)
            if annotation.failed or reason:
                unanswered += annotation.failed
                why[reason] += not annotation.failed
                without_rows.setdefault(_table_of(annotation), source)
            else:
                tables.add(_table_of(annotation))
        if unanswered:
            mend = "annotating with `retry_failed=True` asks them again"
            _log.warning("%s: %s left out; %s", source, counted(unanswered, "failed row", "failed rows"), mend)
        for reason, count in (+why).items():
            _log.warning("%s: %s left out %s", source, counted(count, "row", "rows"), reason)
    _require_rows(tables, without_rows)
    return sorted(tables)


def _require_rows(tables: Set[Table], without_rows: Mapping[Table, _Source]) -> None:
    """Makes sure that no table is left out without a word.

    Raises:
        InputError: one has no row.
    """
    empty = sorted(without_rows.keys() - tables)
    if not tables and without_rows:
        raise InputError("no answered row to build from", file=without_rows[empty[0]].path)
    if empty:
        _, split, tier = empty[0]
        why = "all are without an answer, did not pass their checks or were rejected"
        reason = f"no row of the tier {tier} ({split}) is left: {why}"
        mend = "annotating with `retry_failed=True` asks the former again, and checking with `fix` the latter"
        raise InputError(reason, file=without_rows[empty[0]].path, mend=mend)


def _rows_of_table(sources: Sequence[_Source], table: Table, left_out: _LeftOut, reviews: Reviews) -> list[Row]:
    """The published columns of a table's rows, in their order."""
    ordered: list[tuple[int, int, Row]] = []
    source_of: dict[str, int] = {}
    for index, source in enumerate(sources):
        for annotation in source.read():
            if annotation.failed or left_out.reason(annotation.id) or _table_of(annotation) != table:
                continue
            if source_of.setdefault(annotation.id, index) != index:
                earlier = sources[source_of[annotation.id]]
                raise InputError(f"the row '{annotation.id}' is in {earlier} too", file=source.path)
            ordered.append((index, annotation.provenance.row or 0, published_row(reviews.applied_to(annotation))))
    ordered.sort(key=lambda item: item[:2])
    return [row for _, _, row in ordered]


def _table_of(annotation: Annotation) -> Table:
    return annotation.corpus, annotation.split, annotation.tier
