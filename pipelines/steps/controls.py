"""`adiff controls`: a training with parts of it changed, several seeds each, to see what each part is good for."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import progress_bars, say
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import read_settings
from pipelines.settings import Device


def controls(
    recipe: Annotated[str, typer.Argument(help="A .yaml file, or controls.")],
    out: Annotated[Path | None, typer.Option(help="The folder to fill, in place of the recipe's.")] = None,
    device: Annotated[Device, typer.Option(help="What to train on; auto takes GPUs where there are some.")] = "auto",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the trainings and their steps; make nothing.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Train and predict everything again.")] = False,
) -> None:
    """Train a model in full and with parts changed, with several seeds each, and compare their answers.

    The same command continues an interrupted run.

    Example: adiff controls controls
    """
    from pipelines.training.controls import FULL, ControlsRecipe  # noqa: PLC0415 - torch is for calls, not for --help
    from pipelines.training.controls_table import controls_markdown  # noqa: PLC0415
    from pipelines.training.run_controls import SCORES, TABLE, run_controls  # noqa: PLC0415

    settings = read_settings(recipe, ControlsRecipe, {} if out is None else {"out": out})
    if dry_run:
        for name in (FULL, *settings.controls):
            steps = ", ".join(
                f"{step.name} ({step.steps:,})" for step in settings.training(name, settings.seeds[0]).steps
            )
            say(f"{name}: {steps}; seeds {', '.join(map(str, settings.seeds))}")
        return
    with progress_bars() as progress:
        make_dataset = partial(run_recipe, report=say, progress=progress)
        frame = run_controls(
            settings, make_dataset=make_dataset, device=device, force=force, report=say, progress=progress
        )
    table = controls_markdown(frame, settings)
    say(f"{table}\n{settings.out / TABLE}; {settings.out / SCORES}: for spreadsheets")
