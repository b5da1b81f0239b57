"""Who annotates what is missing: the rules, a model request by request, or a model by the Batch API."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from adiff_data.annotation import rules
from adiff_data.annotation.asking import PairDialogue, StructuredAnswers, Write, heard_tasks, settings_of
from adiff_data.annotation.failures import FailureWatch
from adiff_data.annotation.hearing import Ears, Hearing, open_ears
from adiff_data.annotation.refused import RefusedReplies
from adiff_data.annotation.run import Job, Run
from adiff_data.annotation.run_file import Tally, further_kinds
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.progress import ProgressCallback
from adiff_data.core.wording import counted
from adiff_data.llm import (
    BudgetExhausted,
    Dispatcher,
    Price,
    run_to_end,
    stop_on_signals,
)
from adiff_data.llm.batch_state import BatchState, read_state, state_path
from adiff_data.llm.clients import AskedModel
from adiff_data.records import Annotation, Provenance

_GO_ON = "the same command goes on"


class Annotator(Protocol):
    """Makes the rows that a run lacks."""

    def settings(self, tiers: Sequence[str]) -> dict[str, Any]:
        """What rows of these kinds of answer are made with: rows of other settings are never mixed with them."""

    @property
    def budget(self) -> float | None:
        """US dollars that are never exceeded; None is no limit."""

    @property
    def price(self) -> Price | None:
        """What tokens cost; None where nothing is paid, or where it is not known."""

    def fill(self, run: Run) -> None:
        """Writes every missing row.

        Raises:
            WorkError: the run ended before all rows were there; the same call goes on.
        """


def annotate_job(job: Job, annotator: Annotator, *, progress: ProgressCallback | None = None) -> Tally:
    """Makes every missing row of a job; returns the counts of the whole file.

    Raises:
        InputError: the job does not fit what is in its file.
        WorkError: as `Annotator.fill`.
    """
    with Run(
        job, annotator.settings(job.tiers), budget=annotator.budget, price=annotator.price, progress=progress
    ) as run:
        annotator.fill(run)
        return run.tally


class RulesAnnotator:
    """Answers by rules, from the captions and the facts: at once, and for nothing."""

    budget = price = None

    def settings(self, tiers: Sequence[str]) -> dict[str, Any]:
        """The versions of the rules."""
        return {"annotator": "rules", "version": rules.VERSION} | further_kinds(tiers, rules.version_of)

    def fill(self, run: Run) -> None:
        """Writes every missing row."""
        provenance = Provenance(annotator="rules", attempts=1)
        for task in run.tasks():
            for tier in task.tiers:
                run.write(task.annotation(tier, rules.answer(task.pair, tier, task.facts), provenance))


@dataclass(frozen=True)
class ModelAnnotator(AskedModel):
    """Asks a language model, many pairs at once.

    The first Ctrl-C or SIGTERM sends no further request and waits for those in flight.

    Attributes:
        hearing: what it hears of the recordings; None where the captions are enough.
    """

    hearing: Hearing | None = field(default=None, kw_only=True)

    def settings(self, tiers: Sequence[str]) -> dict[str, Any]:
        """The model, its parameters, the prompts, and what is heard."""
        return settings_of(self.model, tiers, self.hearing)

    @property
    def budget(self) -> float | None:
        """Of the options."""
        return self.options.budget

    def fill(self, run: Run) -> None:
        """Asks for every missing row.

        Raises:
            InputError: batches under way are paid for, and hold rows of the run.
            WorkError: the run ended before all rows were there; the same call goes on.
        """
        if not run.left:
            return
        require_no_batches(run.job.out)
        try:
            run_to_end(self._ask(run))
        except BudgetExhausted as error:
            raise WorkError(f"{error.message}; {counted(run.left, 'row is', 'rows are')} left") from None
        except KeyboardInterrupt:
            pass  # where signals are not handled, or at the second one
        if run.left:
            raise WorkError(f"stopped with {run.left:,} rows left", mend=_GO_ON)

    async def _ask(self, run: Run) -> None:
        with open_ears(self.hearing, run.pairs()) as ears:
            async with self.open_clients() as clients:
                dispatcher = Dispatcher(
                    clients, self.model, self.options, price=self.price, ledger=run.ledger, tell=run.tell
                )
                watch = FailureWatch(
                    partial(_write_as_sent, run.write, dispatcher),
                    self.options.most_failures_of(run.agenda.wanted),
                    failed=run.tally.failed.total(),
                )
                with stop_on_signals(dispatcher.stop):
                    await dispatcher.run(self._dialogues(run, ears, watch.write))
                watch.write_kept_back()

    def _dialogues(self, run: Run, ears: Ears, write: Write) -> Iterator[PairDialogue]:
        """A dialogue for each pair that lacks an answer."""
        refused, structured = RefusedReplies(run.job.out), StructuredAnswers()
        for task in heard_tasks(run.tasks(), ears, self.model, write):
            yield PairDialogue(
                task,
                self.model,
                tiers_per_call=run.job.tiers_per_call,
                max_attempts=self.options.max_attempts,
                price=self.price,
                write=write,
                refuse=refused.keep,
                structured=structured,
            )


def _write_as_sent(write: Callable[[Annotation], None], dispatcher: Dispatcher, row: Annotation) -> None:
    """Writes a row, with the parameters in it that the server did not take, and was not sent."""
    if left_out := dispatcher.left_out:
        request = (row.provenance.request or {}) | {"left_out": left_out}
        row = row.model_copy(update={"provenance": row.provenance.model_copy(update={"request": request})})
    write(row)


def require_no_batches(out: Path | None) -> None:
    """Makes sure that no row is paid for a second time.

    Raises:
        InputError: batches are under way for this file.
    """
    state = read_state(state_path(out)) if out is not None else BatchState()
    if state.marks:
        reason = f"batches are under way for its rows, and paid for: {state.names()}"
        raise InputError(reason, file=out, mend="`batch=True` collects them, `cancel_batches=True` gives them up")
