"""`adiff import`: annotations from published CSV files."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.core.json_lines import write_records
from adiff_data.published_csv import read_published
from pipelines.console import say


def import_published(
    tables: Annotated[list[Path], typer.Argument(help="Published CSV files.")],
    out: Annotated[Path, typer.Option(help="The annotations, as JSON lines.")] = Path("annotations.jsonl"),
    force: Annotated[bool, typer.Option("--force", help="Overwrite annotations of other content.")] = False,
) -> None:
    """Read published CSVs into annotations, so that existing datasets can go through every later step.

    Example: adiff import cld_validation_adiff_detail_answer.csv --out annotations.jsonl
    """
    rows = (annotation for table in tables for annotation in read_published(table))
    outcome = write_records(out, rows, force=force)
    files = "1 file" if len(tables) == 1 else f"{len(tables)} files"
    say(f"{out}: the rows of {files}, {outcome}")
