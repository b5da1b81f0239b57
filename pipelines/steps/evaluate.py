"""`adiff evaluate`: predictions against their references and recordings, in tables and in a report to look at."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.annotation.options import ModelOptions, RunOptions, checked, read_key
from adiff_model.evaluation.evaluate import REPORT, SCORES
from adiff_model.evaluation.evaluate import evaluate as evaluate_systems
from adiff_model.evaluation.judge_scores import Judge
from adiff_model.evaluation.tables import as_summary
from pipelines.console import progress_bars, say


def evaluate(
    predictions: Annotated[
        list[str],
        typer.Argument(help="predictions.jsonl or NAME=predictions.jsonl; several are compared with the first."),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write the report and tables to.")] = Path("report"),
    audio_root: Annotated[
        Path | None, typer.Option(help="The folder of the recordings, to measure them and to play them in the report.")
    ] = None,
    baselines: Annotated[
        str | None, typer.Option(help="A dataset whose training split gives baselines: data/CLD, or ORG/NAME.")
    ] = None,
    rows: Annotated[
        int | None, typer.Option(min=1, help="Score SPICE on N rows of each tier, the same for all systems.")
    ] = None,
    spice: Annotated[bool, typer.Option(help="Score SPICE, whose parser takes seconds for each sentence.")] = True,
    browse: Annotated[int, typer.Option(min=0, help="Rows of each tier that the report shows one by one.")] = 100,
    judge: Annotated[
        str | None, typer.Option(help="The name of a language model that gives points to the answers.")
    ] = None,
    judge_url: Annotated[
        str | None, typer.Option(help="The judge's OpenAI-compatible server. Default: OpenAI's own.")
    ] = None,
    judge_rows: Annotated[
        int, typer.Option(min=1, help="Rows of each tier that the judge sees, each in both orders.")
    ] = 50,
    api_key_file: Annotated[
        Path | None, typer.Option(help="A file with the judge's API key. Default: the variable OPENAI_API_KEY.")
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Send at most N requests to the judge at once.")] = 16,
) -> None:
    """Score predictions by text metrics and by whether they are true, and write a report to look at.

    Example: adiff evaluate predictions.jsonl --out report --audio-root recordings
    """
    judging = None
    if judge:
        model = checked(ModelOptions, model=judge, base_url=judge_url, temperature=0.0)
        options = checked(RunOptions, concurrency=concurrency)
        judging = Judge(model, options, read_key(api_key_file, judge_url), out / "judge", judge_rows)
    with progress_bars() as progress:
        scores = evaluate_systems(
            predictions,
            out=out,
            audio_root=audio_root,
            baselines=baselines,
            rows=rows,
            spice=spice,
            browse=browse,
            judge=judging,
            progress=progress,
        )
    say(f"{as_summary(scores)}\n{out / SCORES}: with intervals; {out / REPORT}: for a browser")
