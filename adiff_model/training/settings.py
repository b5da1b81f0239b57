"""What a training recipe says of its steps."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Part = Literal["encoder", "event_head", "projection", "mappers", "cross_projection", "language_model"]
Task = Literal["fewwords", "sentence", "detail", "caption1", "caption2", "captions"]
Precision = Literal["no", "bf16", "fp16"]
SHARES: dict[Task, float] = {
    "fewwords": 1.0,
    "sentence": 1.0,
    "detail": 1.0,
    "caption1": 0.5,
    "caption2": 0.5,
    "captions": 0.5,
}


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


class Augmentation(_Settings):
    """What is done to spectrograms and embeddings in training.

    Attributes:
        spec_augment: masks stretches of time and of frequency (Park et al., SpecAugment, 2019).
        embedding_noise: the standard deviation of what is added to the embeddings of clips that are embedded
            beforehand, each time anew: a few thousand clips would be learnt by heart.
        embedding_mixing: another clip's embedding is added to each, times a number from 0 to this: a faint trace of a
            sound is no sound. Levels, which are measured and not heard, stay as they are.
        mixing: the probability with which another clip is laid over a clip, its events added. For events alone.
        vary: level, colour, noise floor and the place in time change, within what a recording of the same would have.
            For events alone: an explanation speaks of level and order.
    """

    spec_augment: bool = False
    embedding_noise: float = Field(default=0.0, ge=0.0)
    embedding_mixing: float = Field(default=0.0, ge=0.0)
    mixing: float = Field(default=0.0, ge=0.0, le=1.0)
    vary: bool = False


class StepSettings(_Settings):
    """One step of a training.

    Attributes:
        name: also of its folder.
        task: `events` (the encoder, from clips whose events are known), `language` (the language model, from answers
            alone), `prefix` (two clips and a prompt in: which events, what is asked) or `explain` (an answer out).
        trains: the parts that learn; all others are frozen.
        steps: updates of the weights.
        batch: examples a micro-batch and process; one has `accumulate` of them.
        rate: the highest learning rate, reached after `warmup` steps, which then falls as a cosine to `final` of it.
        clip: the norm that gradients are clipped to.
        shares: how often each task's batches are drawn, over their sum. Of all but `events`.
        hears: `noise` gives each clip a random embedding: the baseline of what language alone can do.
        only_heard: leaves out pairs of which the event head does not hear all events, or others: from these a language
            model learns to guess. Of `explain` with a frozen encoder, where all clips' events are known.
        events_weight: how much the event loss counts beside the answers' while the encoder learns to explain.
        validate_every, save_every, sample_every: in steps; `validate_batches` are as many in each validation.
        samples: validation examples whose generated answers are kept.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    task: Literal["events", "language", "prefix", "explain"]
    trains: tuple[Part, ...] = Field(min_length=1)
    steps: int = Field(ge=1)
    batch: int = Field(default=32, ge=1)
    accumulate: int = Field(default=1, ge=1)
    rate: float = Field(gt=0)
    warmup: int = Field(default=100, ge=0)
    final: float = Field(default=0.05, ge=0, le=1)
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    shares: dict[Task, float] = SHARES
    hears: Literal["audio", "noise"] = "audio"
    only_heard: bool = False
    events_weight: float = Field(default=0.0, ge=0)
    augmentation: Augmentation = Augmentation()
    validate_every: int = Field(default=250, ge=1)
    validate_batches: int = Field(default=8, ge=1)
    save_every: int = Field(default=250, ge=1)
    sample_every: int = Field(default=500, ge=1)
    samples: int = Field(default=3, ge=0)

    @model_validator(mode="after")
    def _is_possible(self) -> "StepSettings":
        wanted = {"events": ("encoder",), "language": ("language_model",)}.get(self.task, ())
        if any(part not in self.trains for part in wanted):
            raise ValueError(f"a step of {self.task} trains {wanted[0]}")
        if self.task == "prefix" and not {"encoder", "language_model"}.isdisjoint(self.trains):
            raise ValueError("a step of prefix leaves encoder and language model as they are")
        if self.only_heard and (self.task != "explain" or "encoder" in self.trains):
            raise ValueError("only_heard is for a step of explain that leaves the encoder as it is")
        if self.hears == "noise" and "encoder" in self.trains:
            raise ValueError("an encoder that hears noise cannot be trained")
        if any(share < 0 for share in self.shares.values()) or not sum(self.shares.values()) > 0:
            raise ValueError("shares are at least 0, and one is above")
        if self.events_weight and "encoder" not in self.trains:
            raise ValueError("events_weight is for a step of explain that trains the encoder")
        idle = sorted({name for name, value in self.augmentation if value} - self._possible_augmentation())
        if idle:
            raise ValueError(f"augmentation: {', '.join(idle)} would do nothing in this step")
        return self

    def _possible_augmentation(self) -> set[str]:
        """What acts on what this step learns from: events' spectrograms, others' spectrograms, or embeddings."""
        if self.task == "events":
            return {"spec_augment", "mixing", "vary"}
        if self.task == "language":
            return set()
        return {"spec_augment"} if "encoder" in self.trains else {"embedding_noise", "embedding_mixing"}
