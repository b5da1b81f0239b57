"""What the checks say: a finding of one check on one row, and the verdict on a row that follows from its findings."""

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records


class Outcome(StrEnum):
    """A row with no `FAIL` passes: silence is no verdict."""

    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "undecided"


class Finding(NamedTuple):
    """What one check says of one row.

    Attributes:
        check: the check's name.
        outcome: pass, fail or undecided.
        reason: why, in words that could be told to the writer of the answer; empty where it passes.
    """

    check: str
    outcome: Outcome
    reason: str = ""

    def words(self) -> str:
        """As it stands in a verdict: "form: it is empty"."""
        doubt = ", undecided" if self.outcome is Outcome.UNDECIDED else ""
        return f"{self.check}{doubt}: {self.reason}"


def passed(check: str) -> Finding:
    """Nothing is wrong."""
    return Finding(check, Outcome.PASS)


def failed(check: str, reason: str) -> Finding:
    """The answer is wrong, and why."""
    return Finding(check, Outcome.FAIL, reason)


def undecided(check: str, reason: str) -> Finding:
    """The check cannot tell, and why."""
    return Finding(check, Outcome.UNDECIDED, reason)


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
