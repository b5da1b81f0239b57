"""Rows without an answer while they come: a run that writes nothing else is stopped before it has asked for all."""

from collections import Counter
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from adiff_data.core.errors import WorkError
from adiff_data.core.wording import counted
from adiff_data.llm import NoAnswer
from adiff_data.records import Provenance

_FIRST_ROWS = 8  # so many without an answer, all for one reason and none answered: it is the run's fault, not theirs
_FIRST_ROWS_OF_ANY = 24  # the same, for whatever reasons
_LIMIT_MEND = "raise `max_tokens`, or lower `reasoning_effort`: what a model thinks counts as well"
_MENDS: dict[str, str] = {
    NoAnswer.CUT: _LIMIT_MEND,
    NoAnswer.EMPTY: f"{_LIMIT_MEND}, and `extra_body` may tell the server not to think at all",
    NoAnswer.REFUSED: "another `model` may answer",
}


class Answered(Protocol):
    """A row that holds an answer, or the reason why there is none."""

    @property
    def failed(self) -> bool:
        """Whether there is none."""

    @property
    def provenance(self) -> Provenance:
        """How it came; its `failure` is the reason."""


Row = TypeVar("Row", bound=Answered)


class FailureWatch(Generic[Row]):
    """Writes rows, and ends the run where too many have no answer.

    Failed rows are kept back until one is answered: where the run is at fault, none is written, and the next one asks
    for all of them. Nothing is lost by that but what no row would keep.

    Args:
        write: takes each row.
        most: how many rows may have no answer; None is no limit.
        failed: how many have none already.
    """

    def __init__(self, write: Callable[[Row], None], most: int | None, *, failed: int = 0) -> None:
        self._write, self._most, self._failed = write, most, failed
        self._kept_back: list[Row] = []
        self._answered = False

    def write(self, row: Row) -> None:
        """Takes a finished row.

        Raises:
            WorkError: the first rows all failed for one reason, or more failed than may.
        """
        if not row.failed:
            self._answered = True
            self.write_kept_back()
        elif not self._answered:
            return self._keep_back(row)
        self._write(row)
        return self._count(row)

    def write_kept_back(self) -> None:
        """Writes what was kept back: the run answered something, or came to its end."""
        while self._kept_back:
            row = self._kept_back.pop(0)
            self._write(row)
            self._count(row)

    def _keep_back(self, row: Row) -> None:
        self._kept_back.append(row)
        reasons = Counter(each.provenance.failure or "" for each in self._kept_back)
        if len(self._kept_back) >= (_FIRST_ROWS if len(reasons) == 1 else _FIRST_ROWS_OF_ANY):
            reason = reasons.most_common(1)[0][0]
            mend = _MENDS.get(reason, "change the request")
            raise WorkError(f"the first {len(self._kept_back)} rows all failed: {reason}", mend=mend)
        self._require_few(self._failed + len(self._kept_back), row)

    def _count(self, row: Row) -> None:
        self._failed += row.failed
        if row.failed:
            self._require_few(self._failed, row)

    def _require_few(self, failed: int, last: Row) -> None:
        if self._most is not None and failed > self._most:
            reason = f"{counted(failed, 'row has', 'rows have')} no answer, the last one: {last.provenance.failure}"
            raise WorkError(reason, mend="`max_failures` allows more, and `retry_failed=True` asks them again")
