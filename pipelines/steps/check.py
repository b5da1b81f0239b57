"""`adiff check`: a verdict for every answer, a table of what failed, and failed answers asked again."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.annotation.mending import mend
from adiff_data.audio.differences import PairFactsSource
from adiff_data.checks.checking import CHECKS, Attribution, Report, faults_of
from adiff_data.checks.checking import check as check_rows
from adiff_data.core.errors import one_line
from adiff_data.core.json_lines import write_records
from adiff_data.llm import RunOptions, checked
from adiff_data.published_csv import read_annotations
from adiff_data.records import Annotation
from pipelines.console import progress_bars, say
from pipelines.steps.annotate import FACTS_FILE, measured, report

_RUN = RunOptions()


def check(
    annotations: Annotated[Path, typer.Argument(help="An annotations.jsonl, or a published CSV.")],
    out: Annotated[Path, typer.Option(help="One verdict a row, in the rows' order.")] = Path("verdicts.jsonl"),
    audio_root: Annotated[
        Path | None, typer.Option(help="The recordings: comparisons are held against what is measured on them.")
    ] = None,
    facts_cache: Annotated[Path | None, typer.Option(help="Default: facts.jsonl beside the output.")] = None,
    attribution: Annotated[
        Attribution, typer.Option(help="By sentence embeddings, by words alone, or by what is installed.")
    ] = "auto",
    examples: Annotated[int, typer.Option(min=0, help="Failed rows to show of each check.")] = 2,
    fix: Annotated[bool, typer.Option("--fix", help="Ask failed rows again, with the reason told.")] = False,
    pairs: Annotated[Path | None, typer.Option(help="With --fix. Default: pairs.jsonl beside the rows.")] = None,
    base_url: Annotated[
        str | None, typer.Option(help="With --fix: the address with its credentials, which no file keeps.")
    ] = None,
    api_key_file: Annotated[Path | None, typer.Option(help="Default: the variable OPENAI_API_KEY.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="With --fix: requests in flight.")] = _RUN.concurrency,
    max_attempts: Annotated[int, typer.Option(min=1, help="With --fix: requests for an answer.")] = _RUN.max_attempts,
    budget: Annotated[float | None, typer.Option(help="With --fix: spending limit in US dollars.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite verdicts of other content.")] = False,
) -> None:
    """Check every answer: its form, its claims, and whether it gives each sound to its own audio.

    Example: adiff check annotations.jsonl --out verdicts.jsonl
    """
    rows = list(read_annotations(annotations))
    facts = measured(rows, audio_root, facts_cache or out.with_name(FACTS_FILE)) if audio_root else None
    found = _checked(rows, facts, attribution)
    if fix and (faults := faults_of(rows, found)):
        show(annotations, rows, found, examples=0)
        options = checked(RunOptions, concurrency=concurrency, max_attempts=max_attempts, budget=budget)
        with progress_bars() as progress:
            tally = mend(
                annotations,
                pairs or annotations.with_name("pairs.jsonl"),
                faults,
                options,
                facts=facts,
                base_url=base_url,
                api_key_file=api_key_file,
                progress=progress,
            )
        report(annotations, tally)
        before = found.passed
        rows = list(read_annotations(annotations))
        found = _checked(rows, facts, attribution)
        say(f"{before:,} rows passed before, {found.passed:,} after {len(faults):,} were asked again")
    outcome = write_records(out, found.verdicts, force=force or fix)
    show(annotations, rows, found, examples)
    say(f"{out}: {len(found.verdicts):,} verdicts, {outcome}")


def _checked(rows: list[Annotation], facts: PairFactsSource | None, attribution: Attribution) -> Report:
    with progress_bars() as progress:
        return check_rows(rows, facts=facts, attribution=attribution, progress=progress)


def show(file: Path, rows: list[Annotation], found: Report, examples: int) -> None:
    """The summary: how many passed, and what each check said, with examples."""
    total = len(found.verdicts)
    say(f"{file}: {total:,} rows, {found.passed:,} passed ({found.passed / max(total, 1):.1%})")
    say(f"  {'check':22} {'failed':>8} {'undecided':>10}")
    for name in CHECKS:
        say(f"  {name:22} {len(found.failures[name]):8,} {len(found.undecided[name]):10,}")
    for note in found.notes:
        say(f"  {note}")
    for name in CHECKS:
        for place, reason in found.failures[name][:examples]:
            say(f"  {name}, row {place + 1}: {one_line(reason)} | {one_line(rows[place].answer, 160)}")
