"""Verdicts: one line an input line, in its order."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from adiff_data.checks.finding import Finding, Outcome
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records


class Verdict(BaseModel):
    """Whether a row passed its checks, and why not.

    Attributes:
        row: the row's place in the checked file, counted from 1 (a CSV's header is not counted).
        id: the annotation's.
        verdict: pass or fail; a check that cannot decide passes.
        reasons: "check: reason" of each check that failed, "check, undecided: reason" of each that cannot decide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    id: str
    verdict: Literal["pass", "fail"]
    reasons: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the row is turned down."""
        return self.verdict == "fail"


def verdict_of(row: int, annotation_id: str, findings: Iterable[Finding]) -> Verdict:
    """The verdict on a row: one failure is enough."""
    said = [finding for finding in findings if finding.outcome is not Outcome.PASS]
    said.sort(key=lambda finding: finding.outcome is not Outcome.FAIL)
    failed = any(finding.outcome is Outcome.FAIL for finding in said)
    return Verdict(
        row=row,
        id=annotation_id,
        verdict="fail" if failed else "pass",
        reasons=tuple(finding.words() for finding in said),
    )


def read_verdicts(path: Path) -> Iterator[Verdict]:
    """Yields the verdicts of a file.

    Raises:
        InputError: it is missing, or not one.
    """
    return read_records(path, Verdict)


def require_verdicts(verdicts: Collection[str], annotation_ids: Iterable[str], source: Path) -> None:
    """Whether every annotation of `source` is among the ids that have a verdict.

    Raises:
        InputError: one is not.
    """
    missing = len({annotation for annotation in annotation_ids if annotation not in verdicts})
    if missing:
        raise InputError(f"{missing:,} rows have no verdict", file=source, mend="check the file again")
