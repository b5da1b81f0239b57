"""Where a recipe's files stand."""

from collections.abc import Sequence
from pathlib import Path

from adiff_data.published_csv import file_name
from pipelines.recipes.schema import Recipe


def predictions_path(recipe: Recipe, split: str) -> Path:
    """Where the predictions of a split stand."""
    return recipe.out / "predictions" / f"{split}.jsonl"


def report_folder(recipe: Recipe) -> Path:
    """Where the evaluation stands."""
    return recipe.out / "report"


def pairs_path(recipe: Recipe, split: str) -> Path:
    """Where a split's pairs stand."""
    return recipe.out / "work" / split / "pairs.jsonl"


def annotations_path(recipe: Recipe, split: str) -> Path:
    """Where a split's annotations stand."""
    return recipe.out / "work" / split / "annotations.jsonl"


def verdicts_path(recipe: Recipe, split: str) -> Path:
    """Where a split's verdicts stand."""
    return recipe.out / "work" / split / "verdicts.jsonl"


def built_tables(recipe: Recipe, splits: Sequence[str]) -> list[Path]:
    """The CSV files of some splits."""
    tiers = recipe.steps.annotate.tiers if recipe.steps.annotate else ()
    return [recipe.out / file_name(recipe.corpus, split, tier) for split in splits for tier in tiers]
