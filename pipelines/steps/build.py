"""`adiff build`: the published CSV files from annotations."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.dataset.building import build as build_tables
from pipelines.console import say


def build(
    annotations: Annotated[list[Path], typer.Argument(help="annotations.jsonl files, or published CSVs.")],
    out: Annotated[Path, typer.Option(help="The dataset's folder, such as data/CLD.")],
    verdicts: Annotated[
        list[Path] | None, typer.Option(help="Verdicts on these rows, once a file: failed rows are left out.")
    ] = None,
    reviews: Annotated[
        list[Path] | None, typer.Option(help="Reviews of these rows: rejected ones are left out, edits are taken.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite CSVs of other content.")] = False,
) -> None:
    """Write the published CSV files: one a split and tier, the same bytes for the same annotations.

    Example: adiff build annotations.jsonl --verdicts verdicts.jsonl --out data/CLD
    """
    for built in build_tables(annotations, out, verdicts=verdicts or (), reviews=reviews or (), force=force):
        say(f"{built.path}: {built.rows:,} rows, {built.outcome}")
