"""`adiff check`: a verdict for every answer, a table of what failed, and failed answers asked again."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.core.json_lines import write_records
from adiff_data.published_csv import read_annotations
from pipelines.annotation import FACTS_FILE, measured, require_answers
from pipelines.checking import check_file, table
from pipelines.console import progress_bars, say
from pipelines.options import FactsCache, Force, settings_as_options
from pipelines.settings import CheckSettings, EngineSettings


@settings_as_options
def check(
    annotations: Annotated[Path, typer.Argument(help="An annotations.jsonl, or a published CSV.")],
    settings: CheckSettings,
    runs_on: EngineSettings,
    out: Annotated[Path, typer.Option(help="The file of verdicts, one a row, in the rows' order.")] = Path(
        "verdicts.jsonl"
    ),
    audio_root: Annotated[
        Path | None,
        typer.Option(
            help="The recordings: comparisons are held against what is measured on them. "
            "With --fix, a model that heard them hears them again."
        ),
    ] = None,
    facts_cache: FactsCache = None,
    examples: Annotated[int, typer.Option(min=0, help="Failed rows to show of each check.")] = 2,
    pairs: Annotated[
        Path | None, typer.Option(help="With --fix: the pairs. Default: pairs.jsonl beside the annotations.")
    ] = None,
    force: Force = False,
) -> None:
    """Check every answer: its form, its claims, and whether it gives each sound to its own audio.

    Example: adiff check annotations.jsonl --out verdicts.jsonl
    """
    with runs_on.opened() as engine, progress_bars() as progress:
        facts = None
        if audio_root:
            cache = facts_cache or out.with_name(FACTS_FILE)
            facts = measured(read_annotations(annotations), audio_root, cache, engine, progress)
        rows, report = check_file(
            annotations,
            settings,
            facts=facts,
            engine=engine,
            report_line=say,
            progress=progress,
            pairs=pairs,
            audio_root=audio_root,
        )
    outcome = write_records(out, report.verdicts, force=force or settings.fix)
    for line in table(annotations, rows, report, examples):
        say(line)
    say(f"{out}: {len(report.verdicts):,} verdicts, {outcome}")
    if settings.fix:
        require_answers([annotations], "adiff annotate --retry-failed asks them again")
