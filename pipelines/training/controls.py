"""A recipe of controls: one training with a part of it changed, several seeds each (ADIFF's ablations, section 6)."""

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from adiff_model.training.settings import StepSettings, Task
from pipelines.settings import Settings
from pipelines.training.recipe import RecordedSplit, TrainRecipe

FULL = "full"
_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]  # of a folder, too


class Change(Settings):
    """What a control changes of the training.

    Attributes:
        about: what the control is, for the table.
        sizes: fields of `AdiffConfig` in place of the training's.
        shares: the shares of some tasks in place of those of each step.
        without: steps that are left out.
    """

    about: str = ""
    sizes: dict[str, Any] = Field(default_factory=dict)
    shares: dict[Task, float] = Field(default_factory=dict)
    without: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> "Change":
        if not (self.sizes or self.shares or self.without):
            raise ValueError("a control changes something: sizes, shares, or without")
        return self


class EvaluationSplit(RecordedSplit):
    """The split whose rows every trained model answers.

    Attributes:
        limit: answer only the first `limit` rows of each tier.
    """

    limit: int | None = Field(default=None, ge=1)


class ControlsRecipe(TrainRecipe):
    """A training as `TrainRecipe` describes it, and what is changed of it.

    Attributes:
        seeds: each training is done once with each; two at least, since one says nothing about chance.
        evaluation: what the trained models are compared on.
        controls: by name, what is changed; `full` is the training as it is.
    """

    seeds: tuple[int, ...] = Field(min_length=2)
    evaluation: EvaluationSplit
    controls: dict[_Name, Change] = Field(min_length=1)

    @field_validator("seeds")
    @classmethod
    def _differ(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(seeds)) < len(seeds):
            raise ValueError("each seed once")
        return seeds

    @model_validator(mode="after")
    def _is_possible(self) -> "ControlsRecipe":
        if "seed" in self.model_fields_set:
            raise ValueError("say seeds in place of seed")
        if FULL in self.controls:
            raise ValueError(f"{FULL} is the training as it is: give the control another name")
        for name in self.controls:
            self.training(name, self.seeds[0])
        return self

    def training(self, name: str, seed: int) -> TrainRecipe:
        """The training of a control, or of `full`, with a seed.

        Raises:
            ValueError: the change cannot be made: no such step, or no step or task is left.
        """
        change = self.controls.get(name)
        recipe = TrainRecipe(
            **{field: getattr(self, field) for field in TrainRecipe.model_fields if field not in ("out", "seed")},
            out=self.out / name / f"seed-{seed}",
            seed=seed,
        )
        return recipe if change is None else _changed(recipe, name, change)


def _changed(recipe: TrainRecipe, name: str, change: Change) -> TrainRecipe:
    known = {step.name for step in recipe.steps}
    unknown = [step for step in change.without if step not in known]
    if unknown:
        raise ValueError(f"controls.{name}: no step '{unknown[0]}'; steps: {', '.join(sorted(known))}")
    steps = tuple(_with_shares(step, change) for step in recipe.steps if step.name not in change.without)
    if not any(step.task == "explain" for step in steps):
        raise ValueError(f"controls.{name}: a step with task explain must be left, or nothing learns to answer")
    model = recipe.model.model_copy(update={"sizes": {**recipe.model.sizes, **change.sizes}})
    return recipe.model_copy(update={"model": model, "steps": steps})


def _with_shares(step: StepSettings, change: Change) -> StepSettings:
    """The step with other shares, validated again; a step for clips alone has none."""
    if step.task == "events" or not change.shares:
        return step
    return StepSettings.model_validate({**step.model_dump(), "shares": {**step.shares, **change.shares}})
