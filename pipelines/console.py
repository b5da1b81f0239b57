"""What a person sees of a command: one-line messages, a progress bar on a terminal, plain lines elsewhere."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as RichProgress,
)

from adiff_data.core.errors import one_line
from adiff_data.core.progress import Progress, ProgressCallback
from pipelines.option_names import as_options

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)
_PLAIN_SECONDS = 10.0
_SECONDS_THAT_SHOW_SPEED = 5


def say(text: str) -> None:
    """A line of the command's result."""
    _out.print(escape(text))


def warn(text: str) -> None:
    """A line on standard error, with the names of options in place of those of arguments."""
    _err.print(escape(f"adiff: {one_line(as_options(text))}"))


def log_warnings() -> None:
    """Shows the packages' warnings as lines on standard error."""

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warn(f"warning: {record.getMessage()}")

    for package in ("adiff_data", "adiff_model", "pipelines"):
        logger = logging.getLogger(package)
        logger.handlers = [Lines(logging.WARNING)]
        logger.propagate = False


class Bar:
    """A progress bar on a terminal; elsewhere a line every ten seconds."""

    def __init__(self, title: str, total: int, done: int = 0, unit: str = "rows") -> None:
        self._title, self._total, self._done, self._before, self._unit = title, total, done, done, unit
        self._began = self._told = time.monotonic()
        self._progress: RichProgress | None = None
        self._task = TaskID(0)
        self._note = ""
        self._steady: tuple[float, int] | None = None  # when the first were done, and how many

    def __enter__(self) -> "Bar":
        if _err.is_terminal:
            self._progress = RichProgress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[note]}"),
                console=_err,
                refresh_per_second=4,
            )
            self._progress.start()
            self._task = self._progress.add_task(self._title, total=self._total, completed=self._done, rate="", note="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress:
            self._show()
            self._progress.stop()

    def advance(self, count: int = 1, note: str = "") -> None:
        """`count` more are done."""
        self._done += count
        self._note = note
        now = time.monotonic()
        if self._steady is None and count:
            self._steady = now, self._done
        if self._progress and now - self._told > 0.2:
            self._told = now
            self._show()
        elif not self._progress and now - self._told > _PLAIN_SECONDS:
            self._told = now
            _err.print(escape(self._plain_line()))

    def _rate(self) -> float:
        return (self._done - self._before) / max(time.monotonic() - self._began, 1e-9)

    def _show(self) -> None:
        if self._progress:
            rate = f"{self._rate():,.1f} {self._unit}/s" if self._done > self._before else ""
            self._progress.update(self._task, completed=self._done, rate=rate, note=escape(self._note))

    def _plain_line(self) -> str:
        speed = f", {self._rate():,.1f}/s" if self._done > self._before else ""
        if (left := self._seconds_left()) is not None:
            speed += f", {left:,.0f} s left"
        return f"{self._title}: {self._done:,} of {self._total:,} {self._unit}{speed} {self._note}".rstrip()

    def _seconds_left(self) -> float | None:
        """By the speed since the first were done, before which models are loaded; None until a few seconds show it."""
        if self._steady is None:
            return None
        began, done = self._steady
        seconds = time.monotonic() - began
        if self._done == done or seconds < _SECONDS_THAT_SHOW_SPEED:
            return None
        return (self._total - self._done) * seconds / (self._done - done)


@contextmanager
def progress_bars() -> Iterator[ProgressCallback]:
    """Yields a progress callback that shows one bar after the other: of each step, until it is done."""
    shown: list[tuple[Progress, Bar]] = []

    def close() -> None:
        while shown:
            shown.pop()[1].__exit__()

    def show(progress: Progress) -> None:
        if shown and shown[0][0].step == progress.step:
            before, bar = shown.pop()
            bar.advance(progress.done - before.done, progress.note)
        else:
            close()
            bar = Bar(progress.step, progress.total, progress.done, progress.unit)
            bar.__enter__()
        shown.append((progress, bar))
        if progress.done >= progress.total:
            close()

    try:
        yield show
    finally:
        close()
