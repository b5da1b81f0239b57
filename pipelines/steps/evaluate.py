"""`adiff evaluate`: predictions against their references and recordings, in tables and in a report to look at."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_model.evaluation.evaluate import REPORT, SCORES
from adiff_model.evaluation.tables import summary_markdown
from pipelines.console import progress_bars, say
from pipelines.evaluation import evaluate_by
from pipelines.options import settings_as_options
from pipelines.settings import EngineSettings, EvaluateSettings


@settings_as_options
def evaluate(
    predictions: Annotated[
        list[str], typer.Argument(help="predictions.jsonl, or NAME=predictions.jsonl; several are compared.")
    ],
    settings: EvaluateSettings,
    runs_on: EngineSettings,
    out: Annotated[Path, typer.Option(help="The folder to fill.")] = Path("report"),
    audio_root: Annotated[
        Path | None, typer.Option(help="The recordings: to be heard in the report, and measured.")
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="A listening study of these predictions: how each metric follows its raters.")
    ] = None,
) -> None:
    """Score predictions by the field's metrics, and by whether they are true; with a report to look at.

    Example: adiff evaluate predictions.jsonl --out report --audio-root recordings
    """
    with runs_on.opened() as engine, progress_bars() as progress:
        scores = evaluate_by(
            settings, predictions, out=out, audio_root=audio_root, study=study, engine=engine, progress=progress
        )
    say(f"{summary_markdown(scores)}\n{out / SCORES}: with intervals; {out / REPORT}: for a browser")
