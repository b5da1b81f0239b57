"""A training recipe: the data, the model's sizes, the weights it begins with, and the steps."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from adiff_model.training.card import About
from adiff_model.training.settings import Part, Precision, StepSettings
from pipelines.recipes.schema import Recipe
from pipelines.settings import Settings


class TrainingSplit(Settings):
    """One split that is trained on or validated with.

    Attributes:
        source: a built folder such as data/CLD, a published one, or `ORG/NAME` on the Hub.
        config: `acd`, `cld`, `wcd` or `demo`.
        audio_root: the recordings.
        truth: a demo corpus' folder, whose events are known.
        hearing: whether the encoder learns from these events. A language model that reads only what the encoder has
            heard before takes its every doubt for a sound; clips that are new to it show what it gets wrong.
    """

    source: str
    config: str
    split: str
    audio_root: Path
    truth: Path | None = None
    hearing: bool = True


class TrainingData(Settings):
    """The splits of both uses."""

    training: tuple[TrainingSplit, ...] = Field(min_length=1)
    validation: tuple[TrainingSplit, ...] = Field(min_length=1)


class ModelSettings(Settings):
    """The network before it is trained.

    Attributes:
        tokenizer: `gpt2`, or the entries of one that is learnt from the answers.
        sizes: fields of `AdiffConfig`; those that are not given are the published ones.
        weights: by part, where its weights come from, as `adiff_model.training.weights.take_weights` reads them.
    """

    tokenizer: Literal["gpt2"] | int = "gpt2"
    sizes: dict[str, Any] = Field(default_factory=dict)
    weights: dict[Part, str] = Field(default_factory=dict)


class TrainRecipe(Settings):
    """A whole training.

    Attributes:
        out: `out/model` is the checkpoint; what is made on the way stands in `out/steps/{step}`.
        seed: of the weights and of all draws.
        precision: `bf16`, `fp16` (GPUs alone) or `no`.
        about: what the model card says, beside what follows from the training.
        corpora: recipes of datasets that are made first, where they are not there.
    """

    out: Path
    seed: int = 0
    precision: Precision = "bf16"
    about: About = About()
    corpora: tuple[Recipe, ...] = ()
    data: TrainingData
    model: ModelSettings
    steps: tuple[StepSettings, ...] = Field(min_length=1)
