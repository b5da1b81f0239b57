"""`adiff demo`: the main job on the built-in corpus, with no key and no network."""

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from adiff_data.demo import DemoSettings
from adiff_data.published_csv import file_name
from adiff_data.sources.clotho import CAPTION_COLUMNS
from adiff_data.tiers import TIERS
from pipelines.console import progress_bars, say
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import predictions_path, read_recipe, report_folder
from pipelines.settings import Device

_FEWEST = len(CAPTION_COLUMNS) + 1  # each caption of a clip is paired with another clip


def demo(
    out: Annotated[
        Path | None, typer.Option(help="The folder to fill. Default: data/DEMO, with --clips N data/DEMO-N.")
    ] = None,
    clips: Annotated[
        int | None, typer.Option(min=_FEWEST, metavar="N", help="Make only N clips in each split, for a quick look.")
    ] = None,
    device: Annotated[
        Device, typer.Option(help="What the model runs on; auto takes a GPU where there is one.")
    ] = "auto",
    force: Annotated[bool, typer.Option("--force", help="Make again what was made with other settings.")] = False,
) -> None:
    """Do the whole chain: a corpus of sounds, pairs, explanations, checks, dataset, a model's answers, their report.

    Example: adiff demo --out data/DEMO
    """
    out = out or Path("data") / ("DEMO" if clips is None else f"DEMO-{clips}")
    changes: dict[str, Any] = {"out": out, "root": out / "corpus", "audio_root": out / "corpus"}
    steps: dict[str, Any] = {} if device == "auto" else {"predict": {"device": device}}
    if clips is not None:
        steps["corpus"] = dict.fromkeys(DemoSettings().clips, clips)
    if steps:
        changes["steps"] = steps
    recipe = read_recipe("demo", changes)
    with progress_bars() as progress:
        run_recipe(recipe, force=force, report=say, progress=progress)
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
