"""A whole annotation run on one output file: what is missing is made, what is there stays."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from adiff_data.annotation.journal import Journal
from adiff_data.annotation.questions import (
    Agenda,
    FactsOf,
    OtherPairsError,
    Question,
    make_agenda,
    no_facts,
    read_questions,
)
from adiff_data.annotation.run_file import (
    BEGIN_ANEW,
    OtherSettingsError,
    RunFile,
    new_run,
    read_run,
    require_same_settings,
    write_run,
)
from adiff_data.annotation.tally import Tally
from adiff_data.annotation.turned_down import fault_told
from adiff_data.audio import facts
from adiff_data.records import Annotation

_RUN_FILE_SECONDS = 5.0


class Watcher(Protocol):
    """Who looks at a run: the progress bar."""

    def begin(self, agenda: Agenda, tally: Tally) -> None:
        """The run begins with `agenda` to do and `tally` done."""

    def advance(self, tally: Tally) -> None:
        """One more row stands in the file."""


@dataclass(frozen=True)
class Job:
    """One annotation job.

    Attributes:
        pairs, out: the files.
        tiers: which tiers are wanted.
        force: begin anew where `out` was made with other settings; the old file is kept as `.bak`.
        retry_failed: ask the failed rows again.
        facts_of: what was measured on a pair, where it was.
    """

    pairs: Path
    out: Path
    tiers: tuple[str, ...]
    force: bool = False
    retry_failed: bool = False
    facts_of: FactsOf = no_facts


class Run:
    """An open run: journal, run file and counts; a context manager that closes all of them."""

    def __init__(self, job: Job, settings: dict[str, Any], watcher: Watcher | None = None) -> None:
        self.job, self.tally = job, Tally()
        measured = facts.VERSION if job.facts_of is not no_facts else None
        self._settings, self._watcher = {**settings, "facts": measured}, watcher
        self._journal = Journal(job.out)
        self._saved_at = 0.0
        self._done: set[str] = set()

    def __enter__(self) -> "Run":
        self._journal.__enter__()
        try:
            self._open()
        except BaseException:
            self._journal.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *fault: Any) -> None:
        done = fault[0] is None and self.tally.rows >= self.agenda.wanted
        self.file.state = "finished" if done else "stopped"
        self.file.at_risk = 0.0
        self.file.seconds = round(self._seconds_before + self.tally.seconds, 3)
        try:
            self.save()
        finally:
            self._journal.__exit__(None, None, None)

    def questions(self) -> Iterator[Question]:
        """What is missing now, in the pairs' order."""
        return read_questions(self.job.pairs, self.job.tiers, self._done, self.job.facts_of, self.file.faults)

    def write(self, annotation: Annotation) -> None:
        """Puts one finished row into the file and the counts."""
        self._journal.append(annotation)
        self.tally.add(annotation)
        self.tally.added += 1
        self._done.add(annotation.id)
        self.file.faults.pop(annotation.id, None)
        if self._watcher:
            self._watcher.advance(self.tally)
        if time.monotonic() - self._saved_at > _RUN_FILE_SECONDS:
            self.save()

    def save(self) -> None:
        """Writes the run file."""
        self._saved_at = time.monotonic()
        self.file.take(self.tally)
        write_run(self.job.out, self.file)

    def _open(self) -> None:
        previous = read_run(self.job.out)
        try:
            self._require_own_settings(previous)
            if self.job.retry_failed:
                self._drop_failed(previous)
            self.agenda = self._make_agenda()
        except (OtherSettingsError, OtherPairsError):
            if not self.job.force:
                raise
            self._journal.set_aside()
            previous = None
            self.agenda = self._make_agenda()
        self.file = previous or new_run(self._settings)
        if self.file.state == "running":  # the last run was killed: what was in flight may have been billed
            self.file.maybe_spent += self.file.at_risk
        self.file.state, self.file.wanted = "running", self.agenda.wanted
        self.file.spent = max(self.file.spent, self.tally.cost)  # a kill may have come before the last save
        self._seconds_before = self.file.seconds
        self.save()
        if self._watcher:
            self._watcher.begin(self.agenda, self.tally)

    def _require_own_settings(self, previous: RunFile | None) -> None:
        if not self._journal.rows_exist():
            return
        if previous is None:
            reason = "exists, and no run file tells how it was made"
            raise OtherSettingsError(reason, file=self.job.out, mend=BEGIN_ANEW)
        require_same_settings(self.job.out, previous.settings, self._settings)

    def _drop_failed(self, previous: RunFile | None) -> None:
        """Makes the failed rows missing. Why they were turned down is kept first, so that a kill cannot lose it."""
        if previous is not None:
            previous.faults |= {row.id: fault for row in self._journal.rows() if (fault := fault_told(row))}
            write_run(self.job.out, previous)
        self._journal.drop_failed()

    def _make_agenda(self) -> Agenda:
        """Counts the rows that are there, and what is missing beside them."""
        self.tally, self._done = Tally(), set()
        for annotation in self._journal.rows():
            self.tally.add(annotation)
            self._done.add(annotation.id)
        return make_agenda(self.job.pairs, self.job.tiers, self._done, self.job.out)
