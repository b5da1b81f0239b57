"""The model card of a trained checkpoint, from the records of its training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from adiff_data.core.markdown import table
from adiff_model.training.metrics import METRICS, read_lines
from adiff_model.training.settings import StepSettings

SCORES_BEGIN, SCORES_END = "<!-- scores -->", "<!-- end of scores -->"


class About(BaseModel):
    """A recipe's description of its checkpoint, in Markdown.

    Attributes:
        title: its name.
        licence: its identifier on the Hub.
        summary: what the checkpoint is and does.
        data: the training data, their owners and terms.
        limits: what the checkpoint cannot do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = "ADIFF"
    licence: str = "other"
    summary: str = ""
    data: str = ""
    limits: str = "Not written down."


def curve_of(step: str) -> str:
    """The file of a step's loss curve, beside the card."""
    return f"loss-{step}.png"


@dataclass(frozen=True)
class Trained:
    """The facts about a training that its card contains.

    Attributes:
        parameters: the number of parameters of the network.
        recipe: the recipe's text.
        data: the number of rows by split.
        steps: the steps, whose records are in `folder`.
        about: the recipe's description of the checkpoint.
    """

    parameters: int
    recipe: str
    data: Mapping[str, int]
    steps: Sequence[StepSettings]
    folder: Path
    about: About


def write_card(path: Path, trained: Trained) -> None:
    """Writes a checkpoint's README.md, in which benchmarks fill in the scores."""
    rows = table(("split", "rows"), list(trained.data.items()))
    steps = table(
        ("step", "learns", "updates", "examples an update", "best validation loss", "at"),
        [_line(step, trained.folder) for step in trained.steps],
    )
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

{rows}

## Steps

{steps}

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


def _line(step: StepSettings, folder: Path) -> tuple[str | int, ...]:
    losses = [
        (line["validation_loss"], line["step"])
        for line in read_lines(folder / step.name / METRICS)
        if "validation_loss" in line
    ]
    best_loss, best_step = min(losses, default=(float("nan"), 0))
    examples = step.batch_size * step.gradient_accumulation_steps
    return step.name, ", ".join(step.trains), step.steps, examples, f"{best_loss:.3f}", best_step
