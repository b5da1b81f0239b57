"""What the checks say: the finding of one check about one row, and the verdict on the row that follows from them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.core.wording import counted

_UNDECIDED = ", undecided"  # stands behind the name of a check that could not decide


class Outcome(StrEnum):
    """What a check makes of a row. Only `FAIL` fails the row."""

    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "undecided"


class Reason(StrEnum):
    """A kind of reason: a sentence with a `{name}` in the place of each argument.

    Every check has an enumeration of its own, derived from this one, of all that it can say.
    """


class _ReadReason(Reason):
    """The reason of a finding that was read from a file: the sentence itself."""

    SENTENCE = "{sentence}"


@dataclass(frozen=True)
class Finding:
    """What one check says about one row.

    Attributes:
        check: the name of the check.
        outcome: pass, fail or undecided.
        kind: why the row does not pass; None if it does.
        arguments: what the sentence of `kind` is about, by name: the words that were found, a number of words, a row.
    """

    check: str
    outcome: Outcome
    kind: Reason | None = None
    arguments: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The reason as a sentence that the writer of the answer could be told; empty if the row passes."""
        return "" if self.kind is None else self.kind.format_map(self.arguments)

    def as_text(self) -> str:
        """The finding as a verdict on file has it: "form: it is empty", "contradiction, undecided: …"."""
        return f"{self.check}{_UNDECIDED if self.outcome is Outcome.UNDECIDED else ''}: {self.reason}"

    @classmethod
    def from_text(cls, text: str) -> "Finding":
        """The finding that `as_text` wrote. Its reason is the sentence, whatever kind it was made of."""
        head, _, sentence = text.partition(": ")
        check = head.removesuffix(_UNDECIDED)
        outcome = Outcome.FAIL if check == head else Outcome.UNDECIDED
        return cls(check, outcome, _ReadReason.SENTENCE, {"sentence": sentence})


def passed(check: str) -> Finding:
    """Nothing is wrong."""
    return Finding(check, Outcome.PASS)


def failed(check: str, kind: Reason, **arguments: str | int) -> Finding:
    """The answer is wrong, and why."""
    return Finding(check, Outcome.FAIL, kind, arguments)


def undecided(check: str, kind: Reason, **arguments: str | int) -> Finding:
    """The check cannot decide, and why."""
    return Finding(check, Outcome.UNDECIDED, kind, arguments)


class Verdict(BaseModel):
    """Whether a row passed its checks, and if not, why.

    Attributes:
        row: the number of the row in the checked file, counted from 1 (the header of a CSV is not counted).
        id: the id of the annotation.
        verdict: pass or fail; a check that cannot decide passes.
        reasons: "check: reason" for each check that failed, then "check, undecided: reason" for each that could not
            decide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int
    id: str
    verdict: Literal["pass", "fail"]
    reasons: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the row failed."""
        return self.verdict == "fail"

    @property
    def failed_checks(self) -> frozenset[str]:
        """The names of the checks that failed."""
        findings = (Finding.from_text(reason) for reason in self.reasons)
        return frozenset(finding.check for finding in findings if finding.outcome is Outcome.FAIL)


def verdict_of(row: int, annotation_id: str, findings: Iterable[Finding]) -> Verdict:
    """The verdict on a row: one check that fails is enough."""
    findings = list(findings)
    failures = [finding for finding in findings if finding.outcome is Outcome.FAIL]
    doubts = [finding for finding in findings if finding.outcome is Outcome.UNDECIDED]
    return Verdict(
        row=row,
        id=annotation_id,
        verdict="fail" if failures else "pass",
        reasons=tuple(finding.as_text() for finding in failures + doubts),
    )


def read_verdicts(path: Path) -> Iterator[Verdict]:
    """Yields the verdicts of a file.

    Raises:
        InputError: the file is missing, or is not a file of verdicts.
    """
    return read_records(path, Verdict)


def require_verdicts(verdicts: Collection[str], annotation_ids: Iterable[str], source: Path | None) -> None:
    """Makes sure that every annotation of `source` is among the ids that have a verdict.

    Raises:
        InputError: at least one is not.
    """
    missing = len({annotation for annotation in annotation_ids if annotation not in verdicts})
    if missing:
        raise InputError(
            f"{counted(missing, 'row has', 'rows have')} no verdict", file=source, mend="check the file again"
        )
