"""Recipes of controls: one training with parts of it changed, with several seeds."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from adiff_data.core.errors import InputError
from pipelines.command import run_command
from pipelines.recipes.schema import read_settings
from pipelines.training.controls import ControlsRecipe
from tests.pipelines.small_training import small_training

CONTROLS: dict[str, Any] = {
    "no-cross-projection": {"about": "nothing crosses", "sizes": {"cross_projection": "segments"}},
    "no-position-captions": {"shares": {"caption1": 0, "caption2": 0, "captions": 0}},
    "no-third-step": {"without": ["finetune"]},
    "random-encoder": {"without": ["encoder"]},
}
TAKEN = {  # by control, the steps that full has done as it would
    "no-cross-projection": ["encoder", "language"],
    "no-third-step": ["encoder", "language", "ground", "speak"],
    "random-encoder": ["language"],
}


def write_recipe(folder: Path, **changes: Any) -> str:
    """A recipe of all four controls, or with changed fields."""
    fields = small_training(folder)
    corpus = fields["data"]["training"][0]["audio_root"]
    fields["evaluation"] = {
        "source": str(folder / "demo"),
        "config": "demo",
        "split": "validation",
        "audio_root": corpus,
        "limit": 2,
    }
    path = folder / "controls.yaml"
    path.write_text(yaml.safe_dump({**fields, "seeds": [0, 1], "controls": CONTROLS, **changes}))
    return str(path)


@pytest.fixture
def recipe(tmp_path) -> ControlsRecipe:
    return read_settings(write_recipe(tmp_path), ControlsRecipe, {})


def names(recipe: ControlsRecipe, control: str) -> list[str]:
    return [step.name for step in recipe.training(control, 0).steps]


def test_full_is_the_training_as_it_is(recipe, tmp_path):
    full = recipe.training("full", 1)
    assert (full.out, full.seed) == (tmp_path / "out" / "full" / "seed-1", 1)
    assert (full.steps, full.model, full.data) == (recipe.steps, recipe.model, recipe.data)


def test_a_control_changes_what_it_names_and_nothing_else(recipe):
    full = recipe.training("full", 0)
    crossed = recipe.training("no-cross-projection", 0)
    assert crossed.model.sizes == {**full.model.sizes, "cross_projection": "segments"}
    assert crossed.steps == full.steps
    assert names(recipe, "no-third-step") == ["encoder", "language", "ground", "speak"]
    assert names(recipe, "random-encoder") == ["language", "ground", "speak", "finetune"]
    uncaptioned = recipe.training("no-position-captions", 0).steps[-1].shares
    assert {task for task, share in uncaptioned.items() if share == 0} == {"caption1", "caption2", "captions"}
    assert uncaptioned["sentence"] == full.steps[-1].shares["sentence"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": [3]}, "seeds"),
        ({"seeds": [3, 3]}, "each seed once"),
        ({"seed": 3}, "say seeds in place of seed"),
        ({"controls": {"full": {"without": ["encoder"]}}}, "give the control another name"),
        ({"controls": {"../x": {"without": ["encoder"]}}}, "pattern"),
        ({"controls": {"x": {}}}, "a control changes something"),
        ({"controls": {"x": {"without": ["settle"]}}}, "no step 'settle'; steps: encoder, finetune, ground"),
        ({"controls": {"x": {"without": ["speak", "finetune"]}}}, "nothing learns to answer"),
        ({"controls": {"x": {"shares": {"haiku": 1}}}}, "haiku"),
        ({"controls": {"x": {"shares": {"sentence": -1}}}}, "shares must be at least 0"),
    ],
)
def test_a_recipe_that_compares_nothing_is_refused(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        read_settings(write_recipe(tmp_path, **changes), ControlsRecipe, {})


def test_the_projects_own_recipe_says_what_each_control_is():
    own = read_settings("controls", ControlsRecipe, {})
    assert list(own.controls) == list(CONTROLS)
    assert all(change.about for change in own.controls.values())
    assert len(own.seeds) >= 3


@pytest.mark.slow
def test_every_training_answers_the_same_rows_and_a_second_run_trains_nothing(tmp_path, capsys):
    controls = {name: CONTROLS[name] for name in ("no-cross-projection", "no-third-step", "random-encoder")}
    fields = small_training(tmp_path)
    steps = [{**step, "samples": 0} for step in fields["steps"]]
    path = write_recipe(tmp_path, controls=controls, steps=steps)
    assert run_command(["controls", path]) == 0
    output = capsys.readouterr().out
    assert "random-encoder, seed 1: speak: finished" in output
    out = tmp_path / "out"
    for control, taken in TAKEN.items():
        from_full = out / "full" / "seed-0" / "steps"
        lines = [f"{control}, seed 0: {step}: taken from {from_full / step}" for step in taken]
        assert [line for line in output.splitlines() if "taken" in line and f"{control}, seed 0" in line] == lines
    answered = [len(file.read_text().splitlines()) for file in sorted(out.glob("*/seed-*/predictions.jsonl"))]
    assert answered == [6] * 8
    frame = pd.read_csv(out / "controls.csv")
    assert set(frame["control"]) <= {"full", *controls}
    assert "| no-cross-projection |" in (out / "controls.md").read_text()
    assert run_command(["controls", path]) == 0
    assert "finished" not in capsys.readouterr().out


def test_a_dry_run_lists_the_trainings_and_makes_nothing(tmp_path, capsys):
    path = write_recipe(tmp_path)
    assert run_command(["controls", path, "--dry-run"]) == 0
    assert "no-third-step: encoder (5), language (5), ground (10), speak (5); seeds 0, 1" in capsys.readouterr().out
    assert [file.name for file in tmp_path.iterdir()] == ["controls.yaml"]
