"""The settings of a training recipe's steps."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adiff_data.tiers import TIERS, TierName

Part = Literal["encoder", "event_head", "projection", "mappers", "cross_projection", "language_model"]
Task = Literal[TierName, "caption1", "caption2", "captions"]
Precision = Literal["no", "bf16", "fp16"]
SHARES: dict[Task, float] = {
    **{tier.name: 1.0 for tier in TIERS.values()},
    "caption1": 0.5,
    "caption2": 0.5,
    "captions": 0.5,
}


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


RENAMED_STEP_SETTINGS = {
    "batch": "batch_size",
    "accumulate": "gradient_accumulation_steps",
    "rate": "learning_rate",
    "warmup": "warmup_steps",
    "final": "final_learning_rate_ratio",
    "clip": "max_grad_norm",
    "hears": "embeddings",
    "only_heard": "only_detected",
}


def refuse_old_names(content: Any, renamed: Mapping[str, str]) -> Any:
    """The content of a recipe's section, as it is.

    Raises:
        ValueError: it uses the old name of a setting; the message gives the new one.
    """
    for old, new in renamed.items():
        if isinstance(content, Mapping) and old in content:
            raise ValueError(f"'{old}' is now called '{new}'")
    return content


class Augmentation(_Settings):
    """How spectrograms and embeddings are augmented in training.

    Attributes:
        spec_augment: mask intervals of time and of frequency (Park et al., SpecAugment, 2019).
        embedding_noise: the standard deviation of noise that is added to the embeddings of clips that are encoded
            beforehand, drawn anew each time: a few thousand clips would be memorized.
        embedding_mixing: another clip's embedding is added to each, with a random weight from 0 to this: the model
            learns that a faint trace of a sound is no sound. Measured values, such as levels, are not mixed.
        mixing: the probability with which another clip is added to a clip, with its events. Only for `events`.
        vary: change level, colour, noise floor and position in time, as other recordings of the same would. Only for
            `events`: explanations mention level and order.
    """

    spec_augment: bool = False
    embedding_noise: float = Field(default=0.0, ge=0.0)
    embedding_mixing: float = Field(default=0.0, ge=0.0)
    mixing: float = Field(default=0.0, ge=0.0, le=1.0)
    vary: bool = False


class StepSettings(_Settings):
    """One step of a training.

    Attributes:
        name: the step's name, and that of its folder.
        task: `events` (trains the encoder, on clips with known events), `language` (the language model, on answers
            alone), `prefix` (the prefix predicts events and task) or `explain` (the model answers prompts).
        trains: the parts that are trained; all others are frozen.
        steps: the number of updates of the weights.
        batch_size: the number of examples of a micro-batch in each process.
        gradient_accumulation_steps: the number of micro-batches of an update.
        learning_rate: the peak learning rate, reached after `warmup_steps` updates.
        final_learning_rate_ratio: the last learning rate, after cosine decay, as a share of the peak.
        max_grad_norm: the norm to which gradients are clipped.
        shares: how often batches of each task are drawn, relative to their sum. For all tasks but `events`.
        embeddings: `noise` gives each clip a random embedding: the baseline of what language alone can achieve.
        only_detected: leave out pairs of which the event head misses or invents events: from these a language model
            learns to guess. For `explain` with a frozen encoder, if the events of all clips are known.
        events_weight: the weight of the event loss beside the answers' loss while the encoder learns to explain.
        validate_every, save_every, sample_every: numbers of updates.
        validate_batches: the number of batches of a validation.
        samples: the number of validation examples of each task whose generated answers are recorded.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    task: Literal["events", "language", "prefix", "explain"]
    trains: tuple[Part, ...] = Field(min_length=1)
    steps: int = Field(ge=1)
    batch_size: int = Field(default=32, ge=1)
    gradient_accumulation_steps: int = Field(default=1, ge=1)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(default=100, ge=0)
    final_learning_rate_ratio: float = Field(default=0.05, ge=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0)
    max_grad_norm: float = Field(default=1.0, gt=0)
    shares: dict[Task, float] = SHARES
    embeddings: Literal["audio", "noise"] = "audio"
    only_detected: bool = False
    events_weight: float = Field(default=0.0, ge=0)
    augmentation: Augmentation = Augmentation()
    validate_every: int = Field(default=250, ge=1)
    validate_batches: int = Field(default=8, ge=1)
    save_every: int = Field(default=250, ge=1)
    sample_every: int = Field(default=500, ge=1)
    samples: int = Field(default=3, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _has_current_names(cls, content: Any) -> Any:
        return refuse_old_names(content, RENAMED_STEP_SETTINGS)

    @model_validator(mode="after")
    def _is_possible(self) -> "StepSettings":
        required = {"events": "encoder", "language": "language_model"}.get(self.task)
        if required is not None and required not in self.trains:
            raise ValueError(f"a step with task {self.task} must train {required}")
        if self.task == "prefix" and not {"encoder", "language_model"}.isdisjoint(self.trains):
            raise ValueError("a step with task prefix must not train encoder or language_model")
        if self.only_detected and (self.task != "explain" or "encoder" in self.trains):
            raise ValueError("only_detected is for task explain with a frozen encoder")
        if self.embeddings == "noise" and "encoder" in self.trains:
            raise ValueError("with embeddings: noise, the encoder cannot be trained")
        if any(share < 0 for share in self.shares.values()) or not sum(self.shares.values()) > 0:
            raise ValueError("shares must be at least 0, and one of them above 0")
        if self.events_weight and "encoder" not in self.trains:
            raise ValueError("events_weight is for task explain with a trained encoder")
        idle = sorted({name for name, value in self.augmentation if value} - self._possible_augmentation())
        if idle:
            raise ValueError(f"augmentation: {', '.join(idle)} would have no effect in this step")
        return self

    def _possible_augmentation(self) -> set[str]:
        """The augmentations that apply to the inputs of this step: spectrograms or embeddings."""
        if self.task == "events":
            return {"spec_augment", "mixing", "vary"}
        if self.task == "language":
            return set()
        return {"spec_augment"} if "encoder" in self.trains else {"embedding_noise", "embedding_mixing"}
