"""`adiff export`: a dataset's rows as published CSV files, or as the JSON that Mellow trains on."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from adiff_data.dataset.exporting import export_csv, export_reasonaqa
from adiff_data.dataset.loading import load_split
from pipelines.console import say


def export(
    dataset: Annotated[str, typer.Argument(help="ORG/NAME on the Hub, a published folder, or a built one.")],
    config: Annotated[str, typer.Option(help="acd, cld, wcd, demo …")],
    split: Annotated[str, typer.Option(help="The Hub's name, or the corpus' own.")],
    out: Annotated[Path, typer.Option(help="A folder for CSV files; a file for ReasonAQA's JSON.")],
    tier: Annotated[str | None, typer.Option(help="fewwords, sentence, detail or similarity. Default: all.")] = None,
    form: Annotated[Literal["csv", "reasonaqa"], typer.Option("--format", help="What to write.")] = "csv",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files of other content.")] = False,
) -> None:
    """Write a split of a dataset in another form.

    Example: adiff export my-org/adiff --config cld --split test --format reasonaqa --out cld_test.json
    """
    rows = load_split(dataset, config, split, tier)
    written = [export_reasonaqa(rows, out, force=force)] if form == "reasonaqa" else export_csv(rows, out, force=force)
    for built in written:
        say(f"{built.path}: {built.rows:,} rows, {built.outcome}")
