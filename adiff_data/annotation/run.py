"""An open annotation run: what is missing is made, what is there stays."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from adiff_data.annotation.journal import drop_failed, fault_of, open_journal
from adiff_data.annotation.run_file import (
    BEGIN_ANEW,
    RunFile,
    Tally,
    new_run,
    read_run,
    require_settings_of_rows,
    with_settings_of,
    write_run,
)
from adiff_data.annotation.tasks import (
    Agenda,
    OtherPairsError,
    Pairs,
    Task,
    first_rows,
    make_agenda,
    read_tasks,
    require_tiers,
)
from adiff_data.audio import facts as measured_facts
from adiff_data.audio.differences import PairFactsSource
from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.settings import OtherSettingsError, first_difference
from adiff_data.llm.prices import Price
from adiff_data.records import Annotation, Pair
from adiff_data.tiers import TIERS

TiersPerCall = Literal["one", "all"]
_RUN_FILE_SECONDS = 5.0


@dataclass(frozen=True)
class Job:
    """What is to be annotated, and where the rows go.

    Attributes:
        pairs: a pairs file, or pairs in memory.
        out: the annotations file; None keeps the rows in memory alone.
        tiers: which tiers are wanted.
        tiers_per_call: `one` tier a request, or `all` of a pair's tiers in one structured answer.
        force: begin anew where `out` was made with other settings; the old file is kept as `.bak`.
        retry_failed: ask the failed rows again.
        facts: what was measured on the pairs' recordings, where anything was.
        preview: make only so many of the missing rows; None makes all.

    Raises:
        InputError: a tier does not exist, or `tiers_per_call` is something else.
    """

    pairs: Pairs
    out: Path | None
    tiers: tuple[str, ...] = tuple(TIERS)
    tiers_per_call: TiersPerCall = "one"
    force: bool = False
    retry_failed: bool = False
    facts: PairFactsSource | None = None
    preview: int | None = None

    def __post_init__(self) -> None:
        require_tiers(self.tiers)
        if self.tiers_per_call not in ("one", "all"):
            raise InputError(f"tiers_per_call: 'one' or 'all', not '{self.tiers_per_call}'")

    @property
    def facts_version(self) -> str | int | None:
        """The version of the facts that rows are made with; None for rows without."""
        return None if self.facts is None else measured_facts.VERSION


class Run:
    """An open run: its journal, run file, counts and money; a context manager that closes all of them.

    Args:
        job: what is to be done.
        settings: what every row is made with; rows of other settings are refused.
        budget: US dollars that are never exceeded, over all runs on the same file.
        price: what tokens cost, which the run file keeps for those who ask again.
        progress: called at the start and after every row.

    Attributes:
        agenda, tally: what there is to do, and what is there.
        ledger: the money.

    Raises:
        InputError: the job does not fit what is in `out`, or another process is writing it.
        WorkError: `out` cannot be written.
    """

    def __init__(
        self,
        job: Job,
        settings: dict[str, Any],
        *,
        budget: float | None = None,
        price: Price | None = None,
        progress: ProgressCallback | None = None,
    ) -> None:
        self.job, self.tally = job, Tally()
        self._settings = {**settings, "facts": job.facts_version}
        self._budget, self._price, self._progress = budget, price, progress
        self._journal = open_journal(job.out)
        self._saved_at = 0.0
        self._done: set[str] = set()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            opened.enter_context(self._journal)
            self._open()
            opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        finished = error is None and self.tally.added >= self.agenda.missing
        self._file.state = "finished" if finished else "stopped"
        self._file.seconds = round(self._seconds_before + self.tally.seconds, 3)
        try:
            self.save(ahead=False)
        finally:
            self._journal.__exit__(None, None, None)

    @property
    def left(self) -> int:
        """Rows that this run still has to make."""
        missing = self.agenda.missing if self.job.preview is None else min(self.agenda.missing, self.job.preview)
        return missing - self.tally.added

    def tasks(self) -> Iterator[Task]:
        """What this run still has to make, in the pairs' order."""
        tasks = read_tasks(self.job.pairs, self.job.tiers, self._done, self.job.facts, self._file.faults)
        return tasks if self.job.preview is None else first_rows(tasks, self.left)

    def pairs(self) -> Iterator[Pair]:
        """Of what this run still has to make, the pairs."""
        return (task.pair for task in self.tasks())

    def rows(self) -> Iterator[Annotation]:
        """The rows that are there, in the order they came."""
        return self._journal.records()

    def write(self, annotation: Annotation) -> None:
        """Puts one finished row into the journal and the counts."""
        self._journal.append(annotation)
        self.tally.add(annotation)
        self.tally.added += 1
        self._done.add(annotation.id)
        self._file.faults.pop(annotation.id, None)
        if self._progress:
            self._counter.advance(note=self.tally.note())
        if time.monotonic() - self._saved_at > _RUN_FILE_SECONDS:
            self.save()

    def tell(self, line: str) -> None:
        """Tells whoever watches the progress why it waits."""
        self._counter.advance(0, note=line)

    def save(self, *, ahead: bool = True) -> None:
        """Writes the run file, where there is one, with what the next requests may cost (unless none follows)."""
        self._saved_at = time.monotonic()
        self.ledger.announce(ahead=ahead)
        self._file.update(self.tally, self.ledger)
        if self.job.out is not None:
            write_run(self.job.out, self._file)

    def _open(self) -> None:
        previous = read_run(self.job.out) if self.job.out is not None else None
        account = previous
        try:
            if self._holds_answers():
                self._require_own_settings(previous)
            elif previous and first_difference(previous.settings, self._settings):
                previous = None  # nothing was made with its settings: they bind nobody, and the money alone counts
            if self.job.retry_failed:
                self._drop_failed(previous)
            self.agenda = self._make_agenda()
        except (OtherSettingsError, OtherPairsError):
            if not self.job.force:
                raise
            self._journal.set_aside()
            previous = None
            self.agenda = self._make_agenda()
        self._file = previous or new_run(self._settings, account)
        self._file.settings = with_settings_of(self._file.settings, self._settings)
        self.ledger = self._file.open_ledger(self._budget, self.tally.cost)
        self.ledger.save = self.save
        self._file.state, self._file.wanted = "running", self.agenda.wanted
        self._file.price = self._price or self._file.price
        self._seconds_before = self._file.seconds
        self.save()
        self._counter = ProgressCounter(
            self._progress, "annotate", self.agenda.wanted, done=self.agenda.wanted - self.agenda.missing
        )

    def _holds_answers(self) -> bool:
        """Whether there are rows that stay: any at all, or any that did not fail where failed ones are asked again."""
        if not self.job.retry_failed:
            return not self._journal.is_empty()
        return any(not row.failed for row in self._journal.records())

    def _require_own_settings(self, previous: RunFile | None) -> None:
        if self.job.out is None:
            return
        if previous is None:
            reason = "exists, and no run file tells how it was made"
            raise OtherSettingsError(reason, file=self.job.out, mend=BEGIN_ANEW)
        require_settings_of_rows(self.job.out, previous.settings, self._settings)

    def _drop_failed(self, previous: RunFile | None) -> None:
        """Makes the failed rows missing. Why they were turned down is saved first, so that a kill cannot lose it."""
        if previous is not None and self.job.out is not None:
            previous.faults |= {row.id: fault for row in self._journal.records() if (fault := fault_of(row))}
            write_run(self.job.out, previous)
        drop_failed(self._journal)

    def _make_agenda(self) -> Agenda:
        """Counts the rows that are there, and what is missing beside them."""
        self.tally, self._done = Tally(), set()
        for annotation in self._journal.records():
            self.tally.add(annotation)
            self._done.add(annotation.id)
        return make_agenda(self.job.pairs, self.job.tiers, self._done, self.job.out, self.job.facts)
