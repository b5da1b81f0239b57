"""A training recipe: the data, the model's sizes and initial weights, and the steps."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from adiff_model.training.card import About
from adiff_model.training.settings import Part, Precision, StepSettings, refuse_old_names
from pipelines.recipes.schema import Recipe
from pipelines.settings import Settings

_RENAMED_SPLIT_SETTINGS = {"truth": "ground_truth", "hearing": "train_encoder"}


class RecordedSplit(Settings):
    """A split with its recordings.

    Attributes:
        source: a built folder such as data/CLD, a published one, or `ORG/NAME` on the Hub.
        config: `acd`, `cld`, `wcd` or `demo`.
        audio_root: the folder of the recordings.
    """

    source: str
    config: str
    split: str
    audio_root: Path


class TrainingSplit(RecordedSplit):
    """A split for training or validation.

    Attributes:
        ground_truth: the folder of a demo corpus, whose events are known; for pairs of edits, that of the corpus whose
            recordings were edited.
        train_encoder: whether the encoder is trained on these events. A language model that is trained only on clips
            known to the encoder takes every uncertain class for a sound; clips that are new to the encoder show its
            errors.
        amounts: whether answers are learned with amounts ("louder by 4 LU"), which a model that cannot measure them
            would guess.
        weight: how often a row of this split is drawn, relative to those of others; 0 for clips that only the encoder
            learns from.
    """

    ground_truth: Path | None = None
    train_encoder: bool = True
    amounts: bool = True
    weight: float = Field(default=1.0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _has_current_names(cls, content: Any) -> Any:
        return refuse_old_names(content, _RENAMED_SPLIT_SETTINGS)


class TrainingData(Settings):
    """The splits for training and for validation."""

    training: tuple[TrainingSplit, ...] = Field(min_length=1)
    validation: tuple[TrainingSplit, ...] = Field(min_length=1)


class ModelSettings(Settings):
    """The network before training.

    Attributes:
        tokenizer: `gpt2`, or the number of entries of a new one, trained on the answers.
        sizes: fields of `AdiffConfig`; others have the published values.
        weights: the source of the initial weights by part, as in `adiff_model.training.weights.load_part`.
    """

    tokenizer: Literal["gpt2"] | int = "gpt2"
    sizes: dict[str, Any] = Field(default_factory=dict)
    weights: dict[Part, str] = Field(default_factory=dict)


class TrainRecipe(Settings):
    """A whole training.

    Attributes:
        out: the output folder; `out/model` is the checkpoint, and `out/steps/{step}` has the files of a step.
        seed: the seed of the weights and of all draws.
        precision: `bf16` (`no` where the device has no instructions for it), `fp16` (GPUs only) or `no`.
        about: the description of the checkpoint for the model card.
        corpora: recipes of datasets that are made first, if they do not exist.
    """

    out: Path
    seed: int = 0
    precision: Precision = "bf16"
    about: About = About()
    corpora: tuple[Recipe, ...] = ()
    data: TrainingData
    model: ModelSettings
    steps: tuple[StepSettings, ...] = Field(min_length=1)
