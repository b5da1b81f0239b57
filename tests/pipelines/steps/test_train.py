"""`adiff train`: from a demo corpus to a checkpoint that `adiff explain` takes, in 30 steps."""

import json
from pathlib import Path

import pytest
import yaml

from adiff_model.checkpoints import load_checkpoint
from adiff_model.training.settings import RENAMED_STEP_SETTINGS
from pipelines.command import run_command
from pipelines.recipes.schema import read_settings
from pipelines.training.recipe import TrainRecipe
from tests.pipelines.small_training import FAST, SPLIT, small_training

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> Path:
    """All kinds of steps on thirteen clips."""
    folder = tmp_path_factory.mktemp("train")
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(small_training(folder)))
    return path


@pytest.fixture(scope="module")
def trained(recipe) -> Path:
    assert run_command(["train", str(recipe)]) == 0
    return recipe.parent / "out"


def test_a_checkpoint_stands_at_the_end_with_its_card_and_curve(trained):
    folder = trained / "model"
    names = {path.name for path in folder.iterdir()}
    assert names >= {"config.json", "model.safetensors", "tokenizer.json", "README.md"}
    assert names >= {"loss-encoder.png", "loss-finetune.png"}
    card = (folder / "README.md").read_text()
    assert "| finetune | encoder, event_head, projection" in card
    assert "## Recipe" in card
    assert "# a test's model" in card
    assert "## Limits\n\nKnows nothing." in card
    assert "| training | 105 |" in card


def test_the_command_explains_with_it(trained, recipe, capsys):
    clips = sorted((recipe.parent / "demo" / "corpus" / "development").glob("*.wav"))[:2]
    arguments = [*map(str, clips), "--checkpoint", str(trained / "model"), "--tier", "fewwords", "--max-len", "8"]
    assert run_command(["explain", *arguments]) == 0
    assert "heard in audio 2" in capsys.readouterr().out
    model, processor = load_checkpoint(trained / "model")
    assert processor.text(processor.tokenizer.encode("a dog barks – „wuff“")) == "a dog barks – „wuff“"
    assert model.config.stop_token == 1


def test_a_second_run_does_nothing(trained, recipe, capsys):
    before = (trained / "steps" / "finetune" / "metrics.jsonl").read_bytes()
    assert run_command(["train", str(recipe)]) == 0
    output = capsys.readouterr().out
    assert all(f"{step}: up to date" in output for step in ("encoder", "language", "ground", "finetune"))
    assert (trained / "steps" / "finetune" / "metrics.jsonl").read_bytes() == before


def test_a_step_that_was_trained_under_the_old_names_is_up_to_date(trained, recipe, capsys):
    identity = trained / "steps" / "finetune" / "identity.json"
    current = identity.read_text()
    old = current
    for name, new_name in RENAMED_STEP_SETTINGS.items():
        old = old.replace(f'"{new_name}":', f'"{name}":')
    assert '"rate": ' in old
    identity.write_text(old)
    assert run_command(["train", str(recipe)]) == 0
    assert "finetune: up to date" in capsys.readouterr().out
    assert identity.read_text() == current


def test_another_recipe_over_the_same_steps_is_refused(trained, recipe, capsys):
    fields = yaml.safe_load(recipe.read_text())
    fields["steps"][-1]["learning_rate"] = 2.0e-3
    changed = recipe.parent / "changed.yaml"
    changed.write_text(yaml.safe_dump(fields))
    assert run_command(["train", str(changed)]) == 2
    output = capsys.readouterr()
    assert "encoder: up to date" in output.out
    assert "finetune: exists and was made with" in " ".join(output.err.split())


def test_a_cpu_without_bfloat16_trains_in_single_precision_and_says_so(trained, recipe, capsys, monkeypatch):
    monkeypatch.setattr("pipelines.training.run.has_bfloat16", lambda device: False)
    asked = recipe.parent / "bf16.yaml"
    asked.write_text(yaml.safe_dump({**yaml.safe_load(recipe.read_text()), "precision": "bf16"}))
    assert run_command(["train", str(asked), "--dry-run"]) == 0
    assert "in single precision, since this cpu has no instructions for bfloat16" in capsys.readouterr().out


def test_embeddings_were_computed_once_for_the_frozen_encoder(trained):
    assert len(list((trained / "embeddings").glob("*.npz"))) == 13
    metrics = [json.loads(line) for line in (trained / "steps" / "ground" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in metrics if "loss" in line] == list(range(1, 11))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": []}, "steps"),
        ({"precision": "int4"}, "precision"),
        (
            {"steps": [{"name": "x", "task": "events", "trains": ["mappers"], "steps": 1, "learning_rate": 1}]},
            "must train encoder",
        ),
        (
            {"steps": [{"name": "x", "task": "explain", "trains": ["mappers"], "steps": 1, "rate": 1}]},
            "'learning_rate'",
        ),
        (
            {"data": {"training": [{**SPLIT, "source": "x", "audio_root": "x", "truth": "x"}], "validation": []}},
            "'truth' is now called 'ground_truth'",
        ),
        (
            {
                "steps": [
                    {
                        "name": "x",
                        "task": "language",
                        "trains": ["language_model"],
                        "steps": 1,
                        "learning_rate": 1,
                        "only_detected": True,
                    }
                ]
            },
            "only_detected",
        ),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(recipe, tmp_path, capsys, change, message):
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(recipe.read_text()), **change}))
    assert run_command(["train", str(path)]) == 2
    assert message in capsys.readouterr().err


def test_pairs_whose_events_are_not_detected_are_left_out(recipe, tmp_path, capsys):
    fields = {**yaml.safe_load(recipe.read_text()), "out": str(tmp_path / "out")}
    speak = {"name": "speak", "task": "explain", "trains": ["language_model"], "steps": 1, "only_detected": True}
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump({**fields, "steps": [{**speak, **FAST}]}))
    assert run_command(["train", str(path)]) == 2
    assert "no row to train" in capsys.readouterr().err


def test_clips_that_are_measured_are_not_explained_while_their_encoder_learns(recipe, tmp_path, capsys):
    fields = {**yaml.safe_load(recipe.read_text()), "out": str(tmp_path / "out")}
    fields["model"]["sizes"]["audio_config"]["measures"] = ["loudness", "pitch"]
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(fields))
    assert run_command(["train", str(path)]) == 2
    assert "finetune: clips are measured once, so their encoder cannot learn here" in capsys.readouterr().err
    assert (tmp_path / "out" / "steps" / "speak" / "done.json").exists()


@pytest.mark.parametrize(
    ("name", "steps"),
    [("base", {"ground", "finetune"}), ("tiny", {"encoder", "ground"}), ("tiny2", {"encoder", "ground"})],
)
def test_the_recipes_of_the_package_are_recipes(name, steps):
    assert steps <= {step.name for step in read_settings(name, TrainRecipe, {}).steps}


def test_the_encoder_of_the_published_sizes_stays_as_its_event_head_knows_it():
    assert all("encoder" not in step.trains for step in read_settings("base", TrainRecipe, {}).steps)
