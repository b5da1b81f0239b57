"""The progress of an annotation run, as a person sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from adiff_data.annotation.questions import Agenda
from adiff_data.annotation.tally import Tally
from pipelines.console import Bar


class AnnotationBar:
    """The progress of an annotation run: rows, rate, time left, tokens, cost, failures."""

    def __init__(self) -> None:
        self._bar: Bar | None = None

    def begin(self, agenda: Agenda, tally: Tally) -> None:
        """Shows the bar with what is there already."""
        self._bar = Bar("annotate", agenda.wanted, tally.rows)
        self._bar.__enter__()

    def advance(self, tally: Tally) -> None:
        """One more row."""
        if self._bar:
            self._bar.advance(note=_note(tally))

    def end(self) -> None:
        """Takes the bar away."""
        if self._bar:
            self._bar.__exit__()


def _note(tally: Tally) -> str:
    parts = [f"{tally.tokens_in + tally.tokens_out:,} tokens"] if tally.tokens_in else []
    if tally.cost:
        parts.append(f"{tally.cost:.4f} USD")
    if tally.failed:
        parts.append(f"{tally.failed.total():,} failed")
    return ", ".join(parts)


@contextmanager
def annotation_bar() -> Iterator[AnnotationBar]:
    """An annotation bar that goes away with the block."""
    bar = AnnotationBar()
    try:
        yield bar
    finally:
        bar.end()
