"""Annotating what is missing: by rules, by a model request by request, or by the Batch API."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from adiff_data.annotation import rules
from adiff_data.annotation.batch import BatchRun, state_path
from adiff_data.annotation.engine import Engine
from adiff_data.annotation.options import ModelOptions, RunOptions, most_tokens_in, settings_of, token_limit
from adiff_data.annotation.prices import Price, half
from adiff_data.annotation.run import Job, Run, Watcher
from adiff_data.annotation.server import Server
from adiff_data.annotation.tally import Tally
from adiff_data.core.errors import InputError, WorkError
from adiff_data.records import Annotation, Provenance


def annotate_by_rules(job: Job, watcher: Watcher | None = None) -> Tally:
    """Writes every missing row by the rules; returns the counts of the whole file."""
    provenance = Provenance(annotator="rules", attempts=1)
    with Run(job, {"annotator": "rules", "version": rules.VERSION}, watcher) as run:
        for question in run.questions():
            for tier in question.tiers:
                answer = rules.answer(question.pair, tier, question.facts)
                run.write(question.annotation(tier, answer, provenance))
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

        def spend(cost: float) -> float | None:
            """Counts what an answer cost; returns what the budget still holds."""
            run.file.spent += cost
            return None if options.budget is None else options.budget - run.file.spent

        async def ask() -> None:
            async with Server(model.base_url, key, timeout=options.timeout) as server:
                batches = BatchRun(
                    server,
                    model,
                    max_attempts=options.max_attempts,
                    price=half(price),
                    state_file=state_path(job.out),
                    write=run.write,
                    spend=spend,
                    say=say,
                    poll=poll,
                )
                await batches.annotate(run.questions)

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
    """The most that one request of this run may cost: that of the longest captions."""
    if price is None:
        return 0.0
    longest = max(run.questions(), key=lambda question: len(question.pair.caption1 + question.pair.caption2))
    return price.of(most_tokens_in(longest.messages(run.job.tiers)), token_limit(run.job.tiers))


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
