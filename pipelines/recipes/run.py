"""What the steps of a recipe share while it runs."""

from dataclasses import dataclass

from adiff_data.core.progress import LineCallback, ProgressCallback
from adiff_data.engines.engine import Engine
from pipelines.recipes.schema import Recipe
from pipelines.recipes.stamps import Stamps


@dataclass(frozen=True)
class Run:
    """A recipe on its way.

    Attributes:
        engine: what many clips or rows are worked on by.
        stamps: which steps are up to date.
        force: make again what was made with other settings.
        report: takes a line for a person to read.
        progress: told how far each step is.
    """

    recipe: Recipe
    engine: Engine
    stamps: Stamps
    force: bool
    report: LineCallback
    progress: ProgressCallback | None
