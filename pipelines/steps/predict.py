"""`adiff predict`: a checkpoint, or a model behind a server, over a whole split."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.core.errors import InputError
from pipelines.console import progress_bars, say
from pipelines.options import Recordings, settings_as_options
from pipelines.settings import EngineSettings, PredictSettings


@settings_as_options
def predict(
    dataset: Annotated[str, typer.Argument(help="ORG/NAME on the Hub, a published folder, or a built one.")],
    split: Annotated[str, typer.Option(help="The Hub's name, or the corpus' own.")],
    audio_root: Recordings,
    settings: PredictSettings,
    runs_on: EngineSettings,
    out: Annotated[Path, typer.Option(help="The JSON-lines file to write, or to continue.")] = Path(
        "predictions.jsonl"
    ),
    config: Annotated[str | None, typer.Option(help="acd, cld, … Default: a built folder's own.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Start over where the file was made with other settings.")
    ] = False,
) -> None:
    """Answer every row of a split. The same command continues an interrupted run.

    A checkpoint answers, or with --model any model that hears, behind an OpenAI-compatible server.

    Example: adiff predict data/CLD --split evaluation --audio-root recordings --checkpoint adiff_base.ckpt
    """
    # torch is for calls with a checkpoint alone, openai for those with a model; --help needs neither
    if settings.model is None:
        from pipelines.prediction import prediction_jobs, run_jobs  # noqa: PLC0415

        with runs_on.opened() as engine, progress_bars() as progress:
            jobs = prediction_jobs(
                dataset, settings, split=split, audio_root=audio_root, out=out, config=config, engine=engine
            )
            return run_jobs(jobs, force=force, report=say, progress=progress)
    if runs_on != EngineSettings():
        reason = "`engine` and `workers` are for a checkpoint; a `model` is asked by one process"
        raise InputError(reason, mend="leave them out; `concurrency` says how many requests are under way at once")
    from pipelines.asked_prediction import asked_jobs, run_asked_jobs  # noqa: PLC0415

    asked = asked_jobs(dataset, settings, settings.model, split=split, audio_root=audio_root, out=out, config=config)
    with progress_bars() as progress:
        return run_asked_jobs(asked, force=force, report=say, progress=progress)
