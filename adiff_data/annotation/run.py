"""A whole annotation run on one output file: what is missing is made, what is there stays."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from adiff_data import prompts
from adiff_data.annotation import rules
from adiff_data.annotation.batch import BatchRun, state_path
from adiff_data.annotation.engine import Engine
from adiff_data.annotation.journal import Journal
from adiff_data.annotation.options import ModelOptions, RunOptions, most_tokens_in, settings_of, token_limit
from adiff_data.annotation.prices import Price, half
from adiff_data.annotation.questions import Agenda, Question, make_agenda, make_annotation, read_questions
from adiff_data.annotation.run_file import BEGIN_ANEW, RunFile, new_run, read_run, require_same_settings, write_run
from adiff_data.annotation.server import Server
from adiff_data.annotation.tally import Tally
from adiff_data.errors import InputError, WorkError
from adiff_data.records import Annotation, Provenance

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
    """

    pairs: Path
    out: Path
    tiers: tuple[str, ...]
    force: bool = False
    retry_failed: bool = False


class Run:
    """An open run: journal, run file and counts; a context manager that closes all of them."""

    def __init__(self, job: Job, settings: dict[str, Any], watcher: Watcher | None = None) -> None:
        self.job, self.tally = job, Tally()
        self._settings, self._watcher = settings, watcher
        self._journal = Journal(job.out)
        self._saved_at = 0.0
        self._written: set[str] = set()

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
        """What is missing, in the pairs' order."""
        return read_questions(self.job.pairs, self.job.tiers, self.agenda.done)

    def missing(self) -> Iterator[Question]:
        """What is missing now, the rows of this run being there."""
        return read_questions(self.job.pairs, self.job.tiers, self.agenda.done | self._written)

    def write(self, annotation: Annotation) -> None:
        """Puts one finished row into the file and the counts."""
        self._journal.append(annotation)
        self.tally.add(annotation)
        self.tally.added += 1
        self._written.add(annotation.id)
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
            self._require_own_rows(previous)
        except InputError as fault:
            if not (self.job.force and fault.file == self.job.out):
                raise
            previous = self._journal.set_aside()
        self.file = previous or new_run(self._settings)
        if self.file.state == "running":  # the last run was killed: what was in flight may have been billed
            self.file.maybe_spent += self.file.at_risk
        if self.job.retry_failed:
            self._journal.drop_failed()
        self.agenda = make_agenda(self.job.pairs, self.job.tiers, self.job.out)
        for annotation in self._journal.rows():
            self.tally.add(annotation)
        self.file.state, self.file.wanted = "running", self.agenda.wanted
        self.file.spent = max(self.file.spent, self.tally.cost)  # a kill may have come before the last save
        self._seconds_before = self.file.seconds
        self.save()
        if self._watcher:
            self._watcher.begin(self.agenda, self.tally)

    def _require_own_rows(self, previous: RunFile | None) -> None:
        """Raises an InputError where the rows that are there were made otherwise, or of other pairs."""
        if not self._journal.rows_exist():
            return
        if previous is None:
            raise InputError("exists, and no run file tells how it was made", file=self.job.out, mend=BEGIN_ANEW)
        require_same_settings(self.job.out, previous.settings, self._settings)
        make_agenda(self.job.pairs, self.job.tiers, self.job.out)


def annotate_by_rules(job: Job, watcher: Watcher | None = None) -> Tally:
    """Writes every missing row by the rules; returns the counts of the whole file."""
    provenance = Provenance(annotator="rules", attempts=1)
    with Run(job, {"annotator": "rules", "version": rules.VERSION}, watcher) as run:
        for question in run.questions():
            for tier in question.tiers:
                answer = rules.answer(question.pair, tier)
                own = provenance.model_copy(update={"row": question.row})
                run.write(make_annotation(question.pair, tier, answer, own))
        return run.tally


def annotate_by_model(
    job: Job,
    model: ModelOptions,
    options: RunOptions,
    *,
    key: str,
    price: Price | None,
    watcher: Watcher | None = None,
) -> Tally:
    """Asks a language model for every missing row; returns the counts of the whole file.

    Ctrl-C (or SIGTERM) sends no further request and waits for those in flight.

    Raises:
        InputError: the call was wrong.
        WorkError: the run ended before all rows were there; the same call goes on.
    """
    _require_price(options, price, model)
    with Run(job, settings_of(model), watcher) as run:
        if run.agenda.missing:
            asyncio.run(_ask_all(run, model, options, key, price))
        return run.tally


def annotate_by_batch(
    job: Job,
    model: ModelOptions,
    options: RunOptions,
    *,
    key: str,
    price: Price | None,
    watcher: Watcher | None = None,
    say: Callable[[str], None] = lambda line: None,
    poll: float = 30.0,
) -> Tally:
    """Makes every missing row through the Batch API, at half the price; returns the counts of the whole file.

    Args:
        price: the list price.
        say: takes a line on what is under way.
        poll: seconds between two looks at the batches.

    Raises:
        InputError, WorkError: as `annotate_by_model`.
    """
    _require_price(options, price, model)
    with Run(job, settings_of(model), watcher) as run:
        spent = run.file.spent

        def write(annotation: Annotation) -> None:
            run.file.spent += annotation.provenance.cost or 0.0
            run.write(annotation)

        async def ask() -> None:
            async with Server(model.base_url, key, timeout=options.timeout) as server:
                batches = BatchRun(
                    server,
                    model,
                    max_attempts=options.max_attempts,
                    price=half(price),
                    state_file=state_path(job.out),
                    write=write,
                    say=say,
                    poll=poll,
                )
                await batches.annotate(run.missing, None if options.budget is None else options.budget - spent)

        if run.agenda.missing:
            try:
                asyncio.run(ask())
            except KeyboardInterrupt:
                mend = "the same command collects them"
                raise WorkError("stopped; batches under way go on at the server", mend=mend) from None
        return run.tally


def _require_price(options: RunOptions, price: Price | None, model: ModelOptions) -> None:
    if options.budget is not None and price is None:
        raise InputError(f"--budget needs the price of '{model.model}'", mend="give it with --prices")


async def _ask_all(run: Run, model: ModelOptions, options: RunOptions, key: str, price: Price | None) -> None:
    spent, maybe_spent = run.file.spent, run.file.maybe_spent
    requests = run.file.requests

    def write(annotation: Annotation) -> None:
        keep_accounts()
        run.write(annotation)

    def keep_accounts() -> None:
        run.tally.requests = engine.requests
        run.file.requests = requests + engine.requests
        run.file.spent = spent + engine.spent
        run.file.maybe_spent = maybe_spent + engine.maybe_spent

    async with Server(model.base_url, key, timeout=options.timeout) as server:
        engine = Engine(server, model, options, price, write, spent=spent + maybe_spent)
        run.file.at_risk = options.concurrency * _most_cost(run, price)
        run.save()
        with _stopping_on_signals(engine.stop):
            try:
                await engine.annotate(run.questions())
            finally:
                keep_accounts()
    left = run.agenda.wanted - run.tally.rows
    if engine.gate.over_budget:
        raise WorkError(f"the budget of {options.budget:g} USD holds no further request; {left:,} rows are left")
    if left:
        raise WorkError(f"stopped with {left:,} rows left", mend="the same command goes on")


def _most_cost(run: Run, price: Price | None) -> float:
    """The most that one request of this run may cost: that of the longest prompt."""
    if price is None:
        return 0.0
    return max(
        price.of(most_tokens_in(prompts.messages(q.pair.caption1, q.pair.caption2, q.tiers)), token_limit(q.tiers))
        for q in run.questions()
    )


@contextmanager
def _stopping_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM stops the run in good order; a second one ends it at once."""
    loop = asyncio.get_running_loop()
    signals: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM)

    def once() -> None:
        for each in signals:
            loop.remove_signal_handler(each)
        stop()

    for each in signals:
        loop.add_signal_handler(each, once)
    try:
        yield
    finally:
        for each in signals:
            loop.remove_signal_handler(each)
