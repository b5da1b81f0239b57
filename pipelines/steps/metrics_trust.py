"""`adiff metrics trust`: right answers are broken in known ways, to see which metric notices."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import progress_bars, say
from pipelines.options import Force


def trust(
    dataset: Annotated[str, typer.Argument(help="A built folder, a published one, or ORG/NAME on the Hub.")],
    split: Annotated[str, typer.Option(help="The Hub's name, or the corpus' own.")],
    out: Annotated[Path, typer.Option(help="The folder for tables, a picture, and the answers.")] = Path("trust"),
    audio_root: Annotated[
        Path | None, typer.Option(help="The recordings: what is measured on them decides comparisons.")
    ] = None,
    config: Annotated[str | None, typer.Option(help="acd, cld, … Default: a built folder's own.")] = None,
    tier: Annotated[list[str] | None, typer.Option(help="Try only this tier; may be repeated.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Try only N rows of each tier.")] = None,
    spice: Annotated[bool, typer.Option(help="Score SPICE, whose parser takes seconds for each sentence.")] = True,
    fense: Annotated[bool, typer.Option(help="Score FENSE, whose models are downloaded on first use.")] = True,
    force: Force = False,
) -> None:
    """Break right answers in known ways, and show how far each metric falls.

    Example: adiff metrics trust data/CLD --split evaluation --audio-root recordings --out trust
    """
    from adiff_model.evaluation.metric_trial.tables import overview_markdown  # noqa: PLC0415 - not for --help
    from adiff_model.evaluation.metric_trial.trust import PICTURE, TABLE, trust_metrics  # noqa: PLC0415

    with progress_bars() as progress:
        trials = trust_metrics(
            dataset,
            split,
            config=config,
            tiers=tier,
            limit=limit,
            audio_root=audio_root,
            spice=spice,
            fense=fense,
            out=out,
            force=force,
            progress=progress,
        )
    say(f"{overview_markdown(trials)}\n{out / TABLE}: with intervals; {out / PICTURE}: as a picture")
