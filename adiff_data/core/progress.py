"""How far a long step is, for whoever wants to know: a progress bar, a notebook, a log."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a step is.

    Attributes:
        step: what is being done: "measure".
        done, total: in `unit`s, those included that were done by an earlier run.
        unit: "rows", "clips" …
        note: anything else worth knowing now, in words: tokens, cost, failures.
    """

    step: str
    done: int
    total: int
    unit: str = "rows"
    note: str = ""


ProgressCallback = Callable[[Progress], None]
LineCallback = Callable[[str], None]  # takes a line of text for a person to read


class ProgressCounter:
    """Counts what is done and reports it: once at the start, then at every advance.

    Args:
        report: called with each `Progress`; None reports nothing.
        step, total, unit: as in `Progress`.
        done: done before the counting begins.
    """

    def __init__(
        self, report: ProgressCallback | None, step: str, total: int, *, unit: str = "rows", done: int = 0
    ) -> None:
        self._report, self._step, self._total, self._unit, self._done = report, step, total, unit, done
        self.advance(0)

    def advance(self, count: int = 1, note: str = "") -> None:
        """`count` more are done."""
        self._done += count
        if self._report:
            self._report(Progress(self._step, self._done, self._total, self._unit, note))
