"""Each option is said once: what a command takes a recipe takes too, under one name and with one help text."""

import importlib
import inspect
import re
from collections import defaultdict
from typing import Any

import pytest
import typer
from pydantic import PositiveInt, ValidationError

from adiff_data.core.errors import InputError
from adiff_model.audio import Resampler, Window
from adiff_model.devices import Device
from adiff_model.probes import Probe
from pipelines import settings
from pipelines.command import STEPS
from pipelines.options import settings_as_options
from pipelines.recipes.schema import Recipe, Steps

# Why an option of a command is no field of its step in a recipe.
NOT_IN_RECIPES = {
    "out": "a recipe's own field: every step's files follow from it",
    "to": "a recipe publishes to out/published",
    "root": "a recipe's own field",
    "audio_root": "a recipe's own field",
    "corpus": "a recipe's own field",
    "pairs": "what the recipe's step before made",
    "annotations": "what the recipe's step before made",
    "verdicts": "what the recipe's step before made",
    "reviews": "those in out/work, where adiff review keeps them",
    "datasets": "what the recipe's step before made",
    "dataset": "what the recipe's step before made",
    "predictions": "what the recipe's step before made",
    "config": "the dataset's own",
    "facts_cache": "a recipe keeps facts in out/work",
    "examples": "a recipe says one line a step",
    "dry_run": "a recipe is run, or it is not",
    "preview": "a recipe is run whole; adiff annotate shows some rows first",
    "force": "adiff run --force, for all steps alike",
    "engine": "a recipe's own field, for all steps alike",
    "ray_address": "a recipe's own field, for all steps alike",
    "workers": "a recipe's own field, for all steps alike",
    "gpus_per_worker": "a recipe's own field, for all steps alike",
    "study": "people answer when the recipe's run is long over",
}
IN_RECIPES = [name for name in STEPS if name in Steps.model_fields]


def options_of(step: str) -> dict[str, Any]:
    module, function = STEPS[step].split(":")
    called = getattr(importlib.import_module(module), function)
    return dict(inspect.signature(called, eval_str=True).parameters)


def fields_of(step: str) -> set[str]:
    hint = Steps.model_fields[step].annotation
    kind = next(part for part in hint.__args__ if part is not type(None))
    return set(kind.model_fields)


@pytest.mark.parametrize("step", IN_RECIPES)
def test_every_option_of_a_command_is_a_field_of_recipes_and_the_other_way_round(step):
    options, fields = set(options_of(step)), fields_of(step)
    reasons = set(NOT_IN_RECIPES) | ({"split"} if step in ("pair", "edit") else set())
    assert options - fields <= reasons, "say it in pipelines/settings.py, or here why a recipe does without"
    assert fields <= options


def test_no_reason_is_left_over():
    options = {option for step in IN_RECIPES for option in options_of(step)}
    assert set(NOT_IN_RECIPES) <= options


def test_an_option_of_one_name_means_one_thing():
    """Same name, same type; each help text of an option that a settings model holds is said there alone."""
    kinds = defaultdict(set)
    for step in IN_RECIPES:
        for name, option in options_of(step).items():
            if name in fields_of(step):
                kind = str(option.annotation.__origin__).removesuffix(" | None")
                kinds[name].add(re.sub(r"<class '(\w+)'>", r"\1", kind))
    several = {name: kinds for name, kinds in kinds.items() if len(kinds) > 1}
    assert several == {}


def test_a_recipe_takes_what_the_project_names_after_a_library():
    """The settings do not import torch; what they repeat of the model's types is held here."""
    assert settings.Window.__args__ == Window.__args__
    assert settings.Resampler.__args__ == Resampler.__args__
    assert settings.Device.__args__ == Device.__args__
    assert settings.Probe.__args__ == Probe.__args__


@pytest.mark.parametrize(("given", "named"), [(True, "device: cuda"), (False, "device: cpu")])
def test_cuda_in_an_old_recipe_is_answered_with_what_to_write_now(given, named):
    predict = {"split": "evaluation", "cuda": given}
    with pytest.raises(ValidationError, match=f"cuda is no setting any more: write {named}"):
        Steps.model_validate({"build": {}, "predict": predict})


def test_workers_of_an_old_predict_step_are_answered_with_what_to_write_now():
    with pytest.raises(ValidationError, match="workers is no setting of it any more: write reading_threads: 2"):
        Steps.model_validate({"build": {}, "predict": {"split": "evaluation", "workers": 2}})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rpm": 5, "audio_rate": 8000}, "without effect: `audio_rate`, `rpm`; give `model`, too"),
        ({"model": "m", "grounded": True}, "without effect: `grounded`; they are for a checkpoint"),
        ({"model": "m", "checkpoint": "base.ckpt", "int8": True}, "without effect: `checkpoint`, `int8`"),
    ],
)
def test_what_would_have_no_effect_on_who_answers_is_refused(given, message):
    with pytest.raises(ValidationError, match=message):
        settings.PredictSettings(**given)


class Toy(settings.Settings):
    """Settings of every kind that an option can have."""

    words: tuple[str, ...] = settings._setting(("a", "b"), "Words.")
    count: PositiveInt | None = settings._setting(None, "A count.")
    fields: dict[str, Any] = settings._setting({}, "Fields.")
    flag: bool = settings._setting(False, "A flag.")


def run_toy(*arguments: str) -> Toy:
    seen = []

    @settings_as_options
    def step(given: Toy) -> None:
        """A step."""
        seen.append(given)

    app = typer.Typer(add_completion=False)
    app.command()(step)
    app(list(arguments), standalone_mode=False)
    return seen[0]


def test_fields_become_options():
    assert run_toy() == Toy()
    given = run_toy("--words", "c, d", "--count", "3", "--fields", '{"x": [1]}', "--flag")
    assert given == Toy(words=("c", "d"), count=3, fields={"x": [1]}, flag=True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--count", "0"], "`count` should be greater than 0, not 0"),
        (["--fields", "[]"], "--fields is not a JSON object"),
        (["--fields", "{"], "--fields is not JSON"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_option(arguments, reason):
    with pytest.raises(InputError, match=reason):
        run_toy(*arguments)


def test_an_unknown_corpus_is_named_with_those_that_there_are():
    with pytest.raises(ValidationError, match="no corpus 'novel'; corpora: "):
        Recipe(corpus="novel", root="x", splits=("a",), out="y", steps=Steps())
