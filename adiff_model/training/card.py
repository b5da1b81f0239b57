"""The model card of a trained checkpoint, from what its training wrote down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adiff_model.training.metrics import METRICS, read_lines
from adiff_model.training.settings import StepSettings

SCORES_BEGIN, SCORES_END = "<!-- scores -->", "<!-- end of scores -->"


@dataclass(frozen=True)
class Trained:
    """What a card tells of a training.

    Attributes:
        parameters: of the whole network.
        recipe: the recipe's text.
        data: rows by split.
        steps: what was done, in `folder`.
    """

    parameters: int
    recipe: str
    data: Mapping[str, int]
    steps: Sequence[StepSettings]
    folder: Path


def write_card(path: Path, trained: Trained) -> None:
    """Writes a checkpoint's README.md; its scores are put in by who measures them."""
    rows = "\n".join(f"| {name} | {count:,} |" for name, count in trained.data.items())
    path.write_text(
        f"""---
license: other
tags: [audio, audio-difference, adiff]
---

# ADIFF

Listens to two recordings and explains how they differ. {trained.parameters / 1e6:.1f} M parameters.
Trained by `adiff train`.

## The data it saw

| split | rows |
|---|---|
{rows}

## Steps

| step | learns | updates | examples an update | best validation loss | at |
|---|---|---|---|---|---|
{chr(10).join(_line(step, trained.folder) for step in trained.steps)}

![loss](loss.png)

## Scores

{SCORES_BEGIN}
Not measured yet.
{SCORES_END}

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
