"""`adiff metrics status` and `install`: what the text metrics need, what is there, and installing the rest."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_model.metrics.java import MetricUnavailable, java, program_folder
from adiff_model.metrics.spice_files import (
    SPICE_FILES,
    install_from,
    metrics_folder,
    missing_files,
)
from adiff_model.metrics.spice_files import install as install_all
from pipelines.console import say


def status() -> None:
    """Tell what the text metrics need, and what of it is installed.

    Example: adiff metrics status
    """
    for name, find in (("Java", java), ("METEOR, tokenizer", lambda: program_folder("meteor"))):
        try:
            say(f"{name}: {find()}")
        except MetricUnavailable as fault:
            say(f"{name}: {fault}")
    missing = missing_files(metrics_folder())
    for file in SPICE_FILES:
        state = "missing" if file in missing else "installed"
        say(f"SPICE, {file.name}: {state} ({file.coordinates}, {file.licence})")
    if missing:
        say("adiff metrics install downloads what is missing; --from DIR takes it from a folder")


def install(
    source: Annotated[
        Path | None, typer.Option("--from", help="Take SPICE's parts from this folder, not from Maven Central.")
    ] = None,
) -> None:
    """Fetch the parts of SPICE that are missing; they are checked by their SHA-256.

    Example: adiff metrics install --from downloads
    """
    folder = metrics_folder()
    added = install_from(source, folder) if source else install_all(folder)
    for file in added:
        say(f"{file.name}: installed ({file.coordinates}, {file.licence})")
    say(f"{folder}: all files of SPICE are installed")
