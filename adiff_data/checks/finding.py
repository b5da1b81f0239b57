"""What a check finds in a row: it passes, it fails, or the check cannot decide."""

from enum import StrEnum
from typing import NamedTuple


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
