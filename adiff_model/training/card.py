"""The model card of a trained checkpoint, from what its training wrote down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from adiff_model.training.metrics import METRICS, read_lines
from adiff_model.training.settings import StepSettings

SCORES_BEGIN, SCORES_END = "<!-- scores -->", "<!-- end of scores -->"


class About(BaseModel):
    """What a recipe says of its checkpoint, in Markdown.

    Attributes:
        title: its name.
        licence: as the Hub names licences.
        summary: what it is and does.
        data: what its training data are, whose, and under which terms.
        limits: what it is no good for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = "ADIFF"
    licence: str = "other"
    summary: str = ""
    data: str = ""
    limits: str = "Not written down."


def curve_of(step: str) -> str:
    """The file of a step's curve, beside the card."""
    return f"loss-{step}.png"


@dataclass(frozen=True)
class Trained:
    """What a card tells of a training.

    Attributes:
        parameters: of the whole network.
        recipe: the recipe's text.
        data: rows by split.
        steps: what was done, in `folder`.
        about: what the checkpoint is, what it was made from, and what it is no good for.
    """

    parameters: int
    recipe: str
    data: Mapping[str, int]
    steps: Sequence[StepSettings]
    folder: Path
    about: About


def write_card(path: Path, trained: Trained) -> None:
    """Writes a checkpoint's README.md; its scores are put in by who measures them."""
    rows = "\n".join(f"| {name} | {count:,} |" for name, count in trained.data.items())
    path.write_text(
        f"""---
license: {trained.about.licence}
tags: [audio, audio-difference, adiff]
---

# {trained.about.title}

Listens to two recordings and explains how they differ. {trained.parameters / 1e6:.1f} M parameters.
Trained by `adiff train`. {trained.about.summary.strip()}

## The data it saw

{trained.about.data.strip()}

| split | rows |
|---|---|
{rows}

## Steps

| step | learns | updates | examples an update | best validation loss | at |
|---|---|---|---|---|---|
{chr(10).join(_line(step, trained.folder) for step in trained.steps)}

{chr(10).join(f"![{step.name}]({curve_of(step.name)})" for step in trained.steps)}

## Scores

{SCORES_BEGIN}
Not measured yet.
{SCORES_END}

## Limits

{trained.about.limits.strip()}

## Recipe

```yaml
{trained.recipe.strip()}
```
""",
        encoding="utf-8",
    )


def _line(step: StepSettings, folder: Path) -> str:
    losses = [
        (line["validation_loss"], line["step"])
        for line in read_lines(folder / step.name / METRICS)
        if "validation_loss" in line
    ]
    loss, at = min(losses, default=(float("nan"), 0))
    examples = step.batch * step.accumulate
    return f"| {step.name} | {', '.join(step.trains)} | {step.steps:,} | {examples} | {loss:.3f} | {at:,} |"
