"""Annotating by the Batch API: what is missing is submitted, waited for and collected; also given up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adiff_data.annotation.annotators import ModelAnnotator
from adiff_data.annotation.asking import batch_questions
from adiff_data.annotation.hearing import Ears, open_ears
from adiff_data.annotation.refused import RefusedReplies
from adiff_data.annotation.run import Run
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.settings import OtherSettingsError, first_difference
from adiff_data.llm import BatchRun, Client, half, run_to_end
from adiff_data.llm.batch import BatchQuestion
from adiff_data.llm.batch_state import read_state, state_path


@dataclass(frozen=True)
class BatchAnnotator(ModelAnnotator):
    """Asks a language model through the Batch API, at half the price.

    Attributes:
        price: the list price.
        say: takes a line on what is under way.
        poll: seconds between two looks at the batches.
        size: most rows of a batch; None is what the API allows.
    """

    say: Callable[[str], None] = lambda line: None
    poll: float = 30.0
    size: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if max(len(self.model.base_url), len(self.keys)) > 1:
            raise InputError("batches are made at one server with one key", mend="give one `base_url` and one key")

    def fill(self, run: Run) -> None:
        """Makes every missing row.

        Raises:
            InputError: the run has no file, and so no place to keep what is paid for, or batches are under way whose
                rows are asked for with other settings.
            WorkError: as `ModelAnnotator.fill`.
        """
        out = self._require_file(run)
        self._require_same_settings(run, out)
        if not run.left and not read_state(state_path(out)).marks:
            return
        try:
            run_to_end(self._ask_by_batch(run, out))
        except KeyboardInterrupt:
            mend = "the same command collects them"
            raise WorkError("stopped; batches under way go on at the server", mend=mend) from None

    async def _ask_by_batch(self, run: Run, out: Path) -> None:
        with open_ears(self.hearing, run.pairs()) as ears:
            async with self.open_clients() as (client,):
                await self._batches(client, run, out).run(self._missing(run, out, ears))

    def _require_file(self, run: Run) -> Path:
        if run.job.out is None:
            raise InputError("batches need an output file: they go on when this process ends", mend="give `out`")
        return run.job.out

    def _require_same_settings(self, run: Run, out: Path) -> None:
        """Lets no row be written under settings that it was not made with.

        With `force`, the batches under way of other settings are left aside, in a state file of their own.
        """
        path = state_path(out)
        state = read_state(path)
        difference = first_difference(state.settings, self._settings_of(run)) if state.settings is not None else None
        if not state.marks or difference is None:
            return
        if not run.job.force:
            raise OtherSettingsError(
                f"batches are under way ({state.names()}) that ask with {difference}",
                file=out,
                mend="the same settings collect them, or `cancel_batches=True` cancels them; `force=True` begins anew",
            )
        aside = path.with_name(f"{path.name}.bak")
        path.replace(aside)
        self.say(f"batches under way are left aside, in {aside}: {state.names()}")

    def _settings_of(self, run: Run) -> dict[str, Any]:
        return {**self.settings(run.job.tiers), "facts": run.job.facts_version}

    def _missing(self, run: Run, out: Path, ears: Ears) -> Callable[[], Iterator[BatchQuestion]]:
        refused = RefusedReplies(out)
        return lambda: batch_questions(run.tasks(), self.model, ears, run.write, refused.keep)

    def _batches(self, client: Client, run: Run, out: Path) -> BatchRun:
        return BatchRun(
            client,
            self.model,
            settings=self._settings_of(run),
            max_attempts=self.options.max_attempts,
            price=half(self.price),
            ledger=run.ledger,
            state_file=state_path(out),
            say=self.say,
            size=self.size,
            poll=self.poll,
        )


@dataclass(frozen=True)
class BatchCanceller(BatchAnnotator):
    """Gives up the batches under way: cancels them, and keeps what they have answered."""

    def fill(self, run: Run) -> None:
        """Cancels, collects, and asks for nothing.

        Raises:
            InputError: as `BatchAnnotator.fill`.
            WorkError: the server does not tell what became of the batches.
        """
        out = self._require_file(run)
        self._require_same_settings(run, out)
        if not read_state(state_path(out)).marks:
            self.say("no batch is under way")
            return
        run_to_end(self._cancel(run, out))

    async def _cancel(self, run: Run, out: Path) -> None:
        with open_ears(self.hearing, run.pairs()) as ears:
            async with self.open_clients() as (client,):
                await self._batches(client, run, out).cancel(self._missing(run, out, ears))
