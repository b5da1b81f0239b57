"""`adiff demo`: the main job on the built-in corpus, with no key and no network."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from adiff_data.published_csv import file_name
from adiff_data.tiers import TIERS
from pipelines.console import say
from pipelines.recipes.schema import predictions_path, read_recipe, report_folder
from pipelines.steps.run import run_recipe


def demo(
    out: Annotated[Path, typer.Option(help="The folder to fill.")] = Path("data/DEMO"),
    force: Annotated[bool, typer.Option("--force", help="Make anew what stands there.")] = False,
) -> None:
    """Do the whole chain: a corpus of sounds, pairs, explanations, checks, dataset, a model's answers, their report.

    Example: adiff demo --out data/DEMO
    """
    recipe = read_recipe("demo", {"out": out, "root": out / "corpus", "audio_root": out / "corpus"})
    run_recipe(recipe, force=force)
    _show_one_pair(out)
    report = report_folder(recipe)
    say(f"\n{(report / 'summary.md').read_text(encoding='utf-8')}")
    say(f"the dataset: {out}, and as a Hugging Face dataset: {out / 'published'}")
    say(f"the model's answers to its evaluation split: {predictions_path(recipe, 'evaluation')}")
    say(f"the report, for a browser: {report / 'report.html'}")


def _show_one_pair(out: Path) -> None:
    """One pair of the evaluation split in all tiers."""
    for tier in TIERS:
        with (out / file_name("demo", "evaluation", tier)).open(encoding="utf-8", newline="") as table:
            row = next(csv.DictReader(table))
        if tier == "fewwords":
            say(f"\n{row['filepath1']} and {row['filepath2']}:")
        say(f"\n{row['input']}\n  {row['answer']}")
