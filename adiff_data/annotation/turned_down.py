"""Answers that were turned down after they were written: kept aside, and asked again with the reason told."""

from collections.abc import Mapping
from pathlib import Path

from adiff_data.annotation.journal import Journal
from adiff_data.records import Annotation

_MARK = "turned down: "


def turn_down(annotations: Path, faults: Mapping[str, str]) -> None:
    """Makes failed rows of the answers named in `faults` (reasons by id).

    What they said is appended to `{stem}.turned_down.jsonl` beside the file. `--retry-failed` asks them again.

    Raises:
        InputError: another process writes the file.
        WorkError: it cannot be written.
    """
    with Journal(annotations) as journal:
        with annotations.with_name(f"{annotations.stem}.turned_down.jsonl").open("a", encoding="utf-8") as aside:
            for row in journal.rows():
                if row.id in faults and not row.failed:
                    aside.write(row.model_dump_json() + "\n")
        journal.rewrite(_as_failed(row, faults.get(row.id)) for row in journal.rows())


def fault_told(annotation: Annotation) -> str | None:
    """What was wrong with an answer that was turned down; None where there never was an answer."""
    failure = annotation.provenance.failure or ""
    return failure.removeprefix(_MARK) if failure.startswith(_MARK) else None


def _as_failed(annotation: Annotation, fault: str | None) -> Annotation:
    if fault is None or annotation.failed:
        return annotation
    provenance = annotation.provenance.model_copy(update={"failure": f"{_MARK}{fault}"})
    return annotation.model_copy(update={"answer": "", "provenance": provenance})
