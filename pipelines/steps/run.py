"""`adiff run`: a whole recipe; a second run does only what is missing."""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from adiff_data.core.errors import InputError
from pipelines.console import progress_bars, say
from pipelines.options import settings_as_options
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import merged, read_recipe
from pipelines.settings import RecipeOverrides


@settings_as_options
def run(
    recipe: Annotated[str, typer.Argument(help="A .yaml file, or demo, cld, acd, wcd.")],
    settings: RecipeOverrides,
    root: Annotated[Path | None, typer.Option(help="The captions, in place of the recipe's root.")] = None,
    out: Annotated[Path | None, typer.Option(help="The dataset's folder, in place of the recipe's.")] = None,
    audio_root: Annotated[
        Path | None, typer.Option(help="Pair only clips whose recording is in this folder, and measure them.")
    ] = None,
    splits: Annotated[str | None, typer.Option(help="The splits, in place of the recipe's: A,B.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="Any other setting of a step, such as predict.batch_size=8. May be repeated."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make again what was made with other settings.")] = False,
) -> None:
    """Do the steps of a recipe in order; what is up to date by content is left as it is.

    Example: adiff run cld --root captions/clotho --model my-model --base-url http://localhost:8000/v1
    """
    named = {"root": root, "out": out, "audio_root": audio_root, "splits": splits.split(",") if splits else None}
    changes: dict[str, Any] = {name: value for name, value in named.items() if value is not None} | settings.of_recipe()
    steps = {name: fields for name, fields in settings.as_changes().items() if fields}
    for text in setting or ():
        steps = merged(steps, _read_setting(text))
    chosen = read_recipe(recipe, changes | ({"steps": steps} if steps else {}))
    with progress_bars() as progress:
        run_recipe(chosen, force=force, report=say, progress=progress)


def _read_setting(text: str) -> dict[str, Any]:
    """`predict.batch_size=8` as `{"predict": {"batch_size": 8}}`; the value is YAML, as in a recipe."""
    name, equals, value = text.partition("=")
    step, dot, field = name.partition(".")
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError:
        parsed = value
    if not (equals and dot and step and field):
        raise InputError(f"--set {text}: not a setting", mend="give STEP.NAME=VALUE, such as predict.batch_size=8")
    return {step: {field: parsed}}
