"""`adiff metrics`: what the text metrics need, what of it is installed, and installing the rest."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from adiff_data.core.errors import InputError
from adiff_model.metrics.java import MetricUnavailable, java, program_folder
from adiff_model.metrics.spice_files import SPICE_FILES, install, install_from, metrics_folder, missing_files
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
        return _report_status(folder)
    added = install_from(source, folder) if source else install(folder)
    for file in added:
        say(f"{file.name}: installed ({file.coordinates}, {file.licence})")
    return say(f"{folder}: all files of SPICE are installed")


def _report_status(folder: Path) -> None:
    for name, find in (("Java", java), ("METEOR, tokenizer", lambda: program_folder("meteor"))):
        try:
            say(f"{name}: {find()}")
        except MetricUnavailable as fault:
            say(f"{name}: {fault}")
    missing = missing_files(folder)
    for file in SPICE_FILES:
        say(f"SPICE, {file.name}: {'missing' if file in missing else 'installed'} ({file.coordinates}, {file.licence})")
    if missing:
        say("adiff metrics install downloads what is missing; --from DIR takes it from a folder")
