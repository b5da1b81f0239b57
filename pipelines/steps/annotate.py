"""`adiff annotate`: an answer for every pair and tier."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from adiff_data.annotation.annotators import BatchAnnotator, ModelAnnotator, RulesAnnotator, annotate_job
from adiff_data.annotation.estimate import estimate
from adiff_data.annotation.run import Job, TiersPerCall
from adiff_data.annotation.run_file import Tally
from adiff_data.audio.differences import PairFactsSource
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.llm import ModelOptions, RunOptions, checked, half, read_extra_body, read_key, read_price
from adiff_data.records import Annotation, Pair
from adiff_data.tiers import TIERS
from pipelines.console import progress_bars, say

ANNOTATORS = ("llm", "rules")
FACTS_FILE = "facts.jsonl"
_MODEL, _RUN = ModelOptions(), RunOptions()


def annotate(
    pairs: Annotated[Path, typer.Argument(help="The pairs, as adiff pair writes them.")],
    out: Annotated[Path, typer.Option(help="Grows as answers come; a second run goes on.")] = Path("annotations.jsonl"),
    tiers: Annotated[str, typer.Option(help="Which tiers, separated by commas.")] = ",".join(TIERS),
    annotator: Annotated[str, typer.Option(help="llm, or rules, which need no model.")] = "llm",
    model: Annotated[str, typer.Option(help="The model's name on the server.")] = _MODEL.model,
    base_url: Annotated[str | None, typer.Option(help="An OpenAI-compatible server; default OpenAI's own.")] = None,
    api_key_file: Annotated[Path | None, typer.Option(help="Default: the variable OPENAI_API_KEY.")] = None,
    temperature: Annotated[float, typer.Option(min=0)] = _MODEL.temperature,
    seed: Annotated[int | None, typer.Option(help="Sent with each request.")] = _MODEL.seed,
    extra_body: Annotated[str, typer.Option(help="Further request fields, as a JSON object.")] = "{}",
    tiers_per_call: Annotated[
        TiersPerCall, typer.Option(help="one, or all three tiers in one structured answer.")
    ] = "one",
    concurrency: Annotated[int, typer.Option(min=1, help="Most requests in flight.")] = _RUN.concurrency,
    rpm: Annotated[float | None, typer.Option(help="Most requests a minute.")] = None,
    tpm: Annotated[float | None, typer.Option(help="Most tokens a minute.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds a request may take.")] = _RUN.timeout,
    max_attempts: Annotated[int, typer.Option(min=1, help="Most requests for one answer.")] = _RUN.max_attempts,
    patience: Annotated[float, typer.Option(help="Seconds without any answer before giving up.")] = _RUN.patience,
    budget: Annotated[float | None, typer.Option(help="Spending limit in US dollars.")] = None,
    prices: Annotated[Path | None, typer.Option(help="A table of prices, as JSON.")] = None,
    audio_root: Annotated[
        Path | None, typer.Option(help="The recordings: what is measured on them goes into the answers.")
    ] = None,
    facts_cache: Annotated[Path | None, typer.Option(help="Default: facts.jsonl beside the output.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show rows, tokens and cost; send no request.")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="Use the Batch API: half the price, within a day.")] = False,
    poll: Annotated[float, typer.Option(min=0.01, help="With --batch: seconds between two checks.")] = 30.0,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Ask the failed rows again.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Start over if the settings differ; the old file is kept as .bak.")
    ] = False,
) -> None:
    """Write an explanation for every pair and tier that lacks one.

    Example: adiff annotate pairs.jsonl --model my-model --base-url http://localhost:8000/v1
    """
    facts = None
    if audio_root:
        facts = measured(read_records(pairs, Pair), audio_root, facts_cache or out.with_name(FACTS_FILE))
    job = Job(pairs, out, tuple(tiers.split(",")), tiers_per_call, force, retry_failed, facts)
    if annotator == "rules":
        with progress_bars() as progress:
            tally = annotate_job(job, RulesAnnotator(), progress=progress)
        return report(out, tally)
    if annotator != "llm":
        raise InputError(f"no annotator '{annotator}'", mend=f"annotators: {', '.join(ANNOTATORS)}")
    asked = checked(
        ModelOptions,
        model=model,
        base_url=base_url,
        temperature=temperature,
        seed=seed,
        extra_body=read_extra_body(extra_body),
    )
    price = read_price(model, prices)
    if dry_run:
        return say(estimate(job, half(price) if batch else price).line())
    options = checked(
        RunOptions,
        concurrency=concurrency,
        rpm=rpm,
        tpm=tpm,
        timeout=timeout,
        max_attempts=max_attempts,
        patience=patience,
        budget=budget,
    )
    key = read_key(api_key_file, base_url)
    asking = ModelAnnotator(asked, options, key, price)
    if batch:
        asking = BatchAnnotator(asked, options, key, price, say=say, poll=poll)
    with progress_bars() as progress:
        tally = annotate_job(job, asking, progress=progress)
    return report(out, tally)


def measured(pairs: Iterable[Pair | Annotation], audio_root: Path, cache: Path) -> PairFactsSource:
    """Measures the recordings of all pairs; returns what knows their facts."""
    from adiff_data.audio.measuring import measure  # noqa: PLC0415 - librosa takes seconds, and few runs need it

    with progress_bars() as progress:
        return measure(pairs, audio_root, cache=cache, progress=progress)


def report(out: Path, tally: Tally) -> None:
    """The last summary of a run."""
    rate = tally.added / max(tally.seconds, 1e-9)
    say(f"{out}: {tally.figures()}; {tally.added:,} rows in {tally.seconds:.1f} s ({rate:,.0f} rows/s)")
    for reason, count in tally.failed.most_common():
        say(f"  {count:,} failed: {reason}")
    if tally.failed:
        say("  --retry-failed asks them again")
