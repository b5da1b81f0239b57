"""`adiff metrics`: what the text metrics need, what of it is here, and fetching the rest."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from adiff_data.core.errors import InputError
from adiff_model.metrics.java import MetricMissing, java, wheel_folder
from adiff_model.metrics.spice_parts import PARTS, install, install_from, metrics_folder, missing_parts
from pipelines.console import say


def metrics(
    action: Annotated[Literal["status", "install"], typer.Argument(help="What is here, or fetch what is not.")],
    source: Annotated[
        Path | None, typer.Option("--from", help="Take SPICE's parts from this folder, not from Maven Central.")
    ] = None,
) -> None:
    """Tell or fetch what the text metrics need; SPICE's parts are checked by their SHA-256.

    Example: adiff metrics install --from downloads
    """
    folder = metrics_folder()
    if action == "status":
        if source is not None:
            raise InputError("--from goes with install")
        return _tell(folder)
    added = install_from(source, folder) if source else install(folder)
    for part in added:
        say(f"{part.name}: installed ({part.coordinates}, {part.licence})")
    return say(f"{folder}: all parts of SPICE are here")


def _tell(folder: Path) -> None:
    for name, find in (("Java", java), ("METEOR, tokenizer", lambda: wheel_folder("meteor"))):
        try:
            say(f"{name}: {find()}")
        except MetricMissing as fault:
            say(f"{name}: {fault}")
    missing = missing_parts(folder)
    for part in PARTS:
        say(f"SPICE, {part.name}: {'missing' if part in missing else 'here'} ({part.coordinates}, {part.licence})")
    if missing:
        say("adiff metrics install fetches what is missing; --from DIR takes it from a folder")
