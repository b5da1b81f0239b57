"""`adiff train`: a recipe's steps, from clips and their explanations to a checkpoint."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import progress_bars, say
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import read_settings
from pipelines.settings import Device


def train(
    recipe: Annotated[str, typer.Argument(help="A .yaml file, or base or tiny.")],
    out: Annotated[Path | None, typer.Option(help="The folder to fill, in place of the recipe's.")] = None,
    precision: Annotated[str | None, typer.Option(help="bf16, fp16 or no, in place of the recipe's.")] = None,
    device: Annotated[Device, typer.Option(help="What to train on; auto takes GPUs where there are some.")] = "auto",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show data, sizes and steps; train nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Train steps again that were trained with other settings.")
    ] = False,
) -> None:
    """Train a checkpoint, step by step; the same command continues an interrupted run.

    On several GPUs or machines: accelerate launch -m pipelines train RECIPE.

    Example: adiff train tiny
    """
    from pipelines.training.recipe import TrainRecipe  # noqa: PLC0415 - torch is for calls, and --help needs none
    from pipelines.training.run import describe_recipe, train_recipe  # noqa: PLC0415

    changes = {name: value for name, value in (("out", out), ("precision", precision)) if value is not None}
    settings = read_settings(recipe, TrainRecipe, changes)
    with progress_bars() as progress:
        make_dataset = partial(run_recipe, report=say, progress=progress)
        if dry_run:
            return describe_recipe(settings, make_dataset=make_dataset, device=device, report=say)
        train_recipe(settings, make_dataset=make_dataset, device=device, force=force, report=say, progress=progress)
    return None
