"""`adiff predict`: the model over a whole split."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_model.audio import Resampler, Window
from adiff_model.checkpoints import BUNDLED
from adiff_model.encoding import Reading
from adiff_model.generation import Decoding
from adiff_model.prediction import PredictionJob, run_prediction
from pipelines.console import progress_bars, say


def predict(
    dataset: Annotated[str, typer.Argument(help="ORG/NAME on the Hub, a published folder, or a built one.")],
    split: Annotated[str, typer.Option(help="The Hub's name, or the corpus' own.")],
    audio_root: Annotated[Path, typer.Option(help="The folder of the recordings.")],
    out: Annotated[Path, typer.Option(help="The JSON-lines file to write, or to continue.")] = Path(
        "predictions.jsonl"
    ),
    config: Annotated[str | None, typer.Option(help="acd, cld, … Default: a built folder's own.")] = None,
    tier: Annotated[str | None, typer.Option(help="fewwords, sentence or detail. Default: all.")] = None,
    checkpoint: Annotated[str, typer.Option(help="tiny, adiff_base.ckpt, or a converted folder.")] = BUNDLED,
    limit: Annotated[int | None, typer.Option(min=1, help="Predict only the first N rows.")] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Pairs to answer at once.")] = 32,
    workers: Annotated[int, typer.Option(min=0, help="Processes that read recordings while the model runs.")] = 1,
    max_len: Annotated[int, typer.Option(help="Stop an answer after N tokens.")] = 300,
    temperature: Annotated[float, typer.Option(help="1.0 decodes greedily; any other value samples.")] = 1.0,
    top_p: Annotated[
        float | None, typer.Option(help="Sample only from the likeliest tokens that make up this probability.")
    ] = None,
    beams: Annotated[int, typer.Option(help="Beams of the beam search; 1 does without.")] = 1,
    seed: Annotated[int, typer.Option(help="Seed of the sampling.")] = 0,
    window: Annotated[Window, typer.Option(help="Which part of a recording over 10 s is used.")] = "start",
    resampler: Annotated[Resampler, typer.Option(help="torchaudio reproduces the published numbers.")] = "soxr",
    cache: Annotated[Path | None, typer.Option(help="A folder that keeps encoded recordings for later runs.")] = None,
    cuda: Annotated[bool, typer.Option("--cuda", help="Run on the GPU, in bfloat16 where it supports that.")] = False,
    compiled: Annotated[
        bool, typer.Option("--compile", help="Use torch.compile, which pays off in long runs.")
    ] = False,
    int8: Annotated[
        bool, typer.Option("--int8", help="Use 8-bit weights on the CPU: faster, with other words now and then.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Start over where the file was made with other settings.")
    ] = False,
) -> None:
    """Answer every row of a split. The same command continues an interrupted run.

    Example: adiff predict data/CLD --split evaluation --audio-root recordings --checkpoint adiff_base.ckpt
    """
    job = PredictionJob(
        dataset=dataset,
        split=split,
        audio_root=audio_root,
        out=out,
        config=config,
        tier=tier,
        checkpoint=checkpoint,
        limit=limit,
        batch_size=batch_size,
        workers=workers,
        decoding=Decoding(max_len, temperature, top_p=top_p, beams=beams, seed=seed),
        reading=Reading(window, resampler),
        cache=cache,
        cuda=cuda,
        compiled=compiled,
        int8=int8,
    )
    with progress_bars() as progress:
        run = run_prediction(job, force=force, progress=progress)
    say(f"{out}: {run.summary()}")
    run.require_all_answers()
