"""The journal of annotations, and the answers in it that were turned down after they were written."""

from collections.abc import Mapping
from pathlib import Path

from adiff_data.core.journal import FileJournal, Journal, MemoryJournal
from adiff_data.records import Annotation

_TURNED_DOWN = "turned down: "  # what `provenance.failure` begins with on disk


def open_journal(out: Path | None) -> Journal[Annotation]:
    """The journal of a run: the file `out`, or the memory where there is none."""
    return MemoryJournal[Annotation]() if out is None else FileJournal(out, Annotation)


def drop_failed(journal: Journal[Annotation]) -> None:
    """Takes the failed rows out, where there are any."""
    if any(row.failed for row in journal.records()):
        journal.rewrite(row for row in journal.records() if not row.failed)


def turn_down(annotations: Path, faults: Mapping[str, str]) -> None:
    """Turns the answers named in `faults` (reasons by id) into failed rows.

    Their text is appended to `{stem}.turned_down.jsonl` beside the file. Annotating with `retry_failed=True` asks them
    again.

    Raises:
        InputError: another process is writing the file.
        WorkError: it cannot be written.
    """
    with FileJournal(annotations, Annotation) as journal:
        with annotations.with_name(f"{annotations.stem}.turned_down.jsonl").open("a", encoding="utf-8") as aside:
            for row in journal.records():
                if row.id in faults and not row.failed:
                    aside.write(row.model_dump_json() + "\n")
        journal.rewrite(_with_fault(row, faults.get(row.id)) for row in journal.records())


def fault_of(annotation: Annotation) -> str | None:
    """Why an answer was turned down; None where there never was one.

    This and `_with_fault` alone know how a row that was turned down is written.
    """
    failure = annotation.provenance.failure or ""
    return failure.removeprefix(_TURNED_DOWN) if failure.startswith(_TURNED_DOWN) else None


def _with_fault(annotation: Annotation, fault: str | None) -> Annotation:
    if fault is None or annotation.failed:
        return annotation
    provenance = annotation.provenance.model_copy(update={"failure": f"{_TURNED_DOWN}{fault}"})
    return annotation.model_copy(update={"answer": "", "provenance": provenance})
