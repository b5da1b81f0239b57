"""`adiff annotate`: an answer for every pair and tier."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.annotation.annotators import annotate_job
from adiff_data.annotation.estimate import estimate
from adiff_data.annotation.run import Job
from adiff_data.core.json_lines import read_records
from adiff_data.llm import half, read_price
from adiff_data.records import Pair
from pipelines.annotation import FACTS_FILE, annotator_of, hearing_by, measured, preview_of, require_answers, summary
from pipelines.console import progress_bars, say
from pipelines.option_names import as_options
from pipelines.options import FactsCache, settings_as_options
from pipelines.settings import AnnotateSettings, EngineSettings


@settings_as_options
def annotate(
    pairs: Annotated[Path, typer.Argument(help="The pairs, as adiff pair writes them.")],
    settings: AnnotateSettings,
    runs_on: EngineSettings,
    out: Annotated[
        Path, typer.Option(help="The annotations file. It grows as answers come, and a second run goes on.")
    ] = Path("annotations.jsonl"),
    audio_root: Annotated[
        Path | None,
        typer.Option(help="The recordings: what is measured on them goes into the answers, and --hear sends them."),
    ] = None,
    facts_cache: FactsCache = None,
    preview: Annotated[
        int | None, typer.Option(min=1, help="Make only N rows, and show them with their price; the rest comes after.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show rows, tokens and cost; send no request.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Start over if the settings differ; the old file is kept as .bak.")
    ] = False,
) -> None:
    """Write an explanation for every pair and tier that lacks one.

    Example: adiff annotate pairs.jsonl --model my-model --base-url http://localhost:8000/v1
    """
    facts, hearing = None, hearing_by(settings, audio_root)
    if audio_root and settings.facts:
        cache = facts_cache or out.with_name(FACTS_FILE)
        with runs_on.opened() as engine, progress_bars() as progress:
            facts = measured(read_records(pairs, Pair), audio_root, cache, engine, progress)
    job = Job(pairs, out, settings.tiers, settings.tiers_per_call, force, settings.retry_failed, facts, preview)
    if dry_run and settings.annotator == "rules":
        return say(f"{estimate(job, None).missing:,} rows to make by rules, without a request")
    if dry_run:
        price = read_price(settings.model, settings.prices)
        return say(as_options(estimate(job, half(price) if settings.batch else price, hearing).line()))
    annotator = annotator_of(settings, say, hearing)
    with progress_bars() as progress:
        tally = annotate_job(job, annotator, progress=progress)
    for line in preview_of(job, tally) if preview else ():
        say(line)
    for line in summary(out, tally):
        say(line)
    return require_answers([out])
