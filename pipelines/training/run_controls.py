"""Running a recipe of controls: each training with each seed, its answers, and their scores."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import datasets
import pandas as pd

from adiff_data.core.files import replace_file
from adiff_data.core.progress import LineCallback, ProgressCallback
from adiff_data.dataset.loading import load_split
from adiff_model.devices import Device
from adiff_model.evaluation.evaluate import evaluate
from adiff_model.evaluation.scores_frame import scores_frame
from adiff_model.prediction import predict
from pipelines.recipes.schema import Recipe
from pipelines.training.controls import FULL, ControlsRecipe, EvaluationSplit
from pipelines.training.controls_table import controls_csv, controls_frame, controls_markdown
from pipelines.training.recipe import TrainRecipe
from pipelines.training.run import train_recipe

TABLE, SCORES = "controls.md", "controls.csv"


def run_controls(
    recipe: ControlsRecipe,
    *,
    make_dataset: Callable[[Recipe], None],
    device: Device = "auto",
    force: bool = False,
    report: LineCallback = lambda line: None,
    progress: ProgressCallback | None = None,
) -> pd.DataFrame:
    """Trains, predicts and scores, and writes `controls.md` and `controls.csv` into `recipe.out`.

    The same call resumes an interrupted run, and repeats nothing that is finished.

    Args:
        make_dataset: makes one of the recipe's `corpora`, if it does not exist.
        device: what to train and predict on.
        force: train everything again.
        report: called with a line for each finished step of each training.
        progress: called with the progress of each step.

    Returns:
        `controls_frame`: by control, tier and metric the mean over the seeds, and the difference from `full`.

    Raises:
        InputError: data, weights or the device do not exist, or a folder contains other steps or answers.
        WorkError: the loss of a step became infinite or NaN.
    """
    for corpus in recipe.corpora:
        make_dataset(corpus)
    rows = _rows_to_answer(recipe.evaluation)
    scored = [_scores_of_seed(recipe, rows, seed, device, force, report, progress) for seed in recipe.seeds]
    frame = controls_frame(pd.concat(scored))
    texts = {TABLE: controls_markdown(frame, recipe), SCORES: controls_csv(frame)}
    for name, text in texts.items():
        with replace_file(recipe.out / name, force=True) as output:
            output.text.write(text)
    return frame


def _scores_of_seed(
    recipe: ControlsRecipe,
    rows: datasets.Dataset,
    seed: int,
    device: Device,
    force: bool,
    report: LineCallback,
    progress: ProgressCallback | None,
) -> pd.DataFrame:
    """The scores of all trainings with one seed: a row for each control, tier and metric."""
    answers: dict[str, Path] = {}
    audio_root = recipe.evaluation.audio_root
    for name in (FULL, *recipe.controls):
        training = _with_encoder_of_full(recipe, name, seed)
        checkpoint = train_recipe(
            training,
            make_dataset=lambda corpus: None,
            device=device,
            force=force,
            report=lambda line, name=name: report(f"{name}, seed {seed}: {line}"),  # type: ignore[misc]
            progress=progress,
        )
        answers[name] = training.out / "predictions.jsonl"
        predict(
            rows,
            audio_root=audio_root,
            out=answers[name],
            checkpoint=checkpoint,
            device=device,
            force=force,
            progress=progress,
        )
    scores = evaluate(answers, audio_root=audio_root, spice=False, fense=False, progress=progress)
    return scores_frame(scores).assign(seed=seed)


def _with_encoder_of_full(recipe: ControlsRecipe, name: str, seed: int) -> TrainRecipe:
    """The training; if its encoder is trained as that of `full`, which is done first, with that encoder's weights."""
    training, full = recipe.training(name, seed), recipe.training(FULL, seed)
    own, shared = ([step for step in each.steps if step.task == "events"] for each in (training, full))
    encoders = [each.model.sizes.get("audio_config") for each in (training, full)]
    if name == FULL or not shared or own != shared or encoders[0] != encoders[1]:
        return training
    weights = str(full.out / "steps" / shared[-1].name / "best.safetensors")
    parts = {part: weights for step in shared for part in step.trains}
    model = training.model.model_copy(update={"weights": {**training.model.weights, **parts}})
    return training.model_copy(
        update={"model": model, "steps": tuple(step for step in training.steps if step.task != "events")}
    )


def _rows_to_answer(split: EvaluationSplit) -> datasets.Dataset:
    """The split, or the first rows of each of its tiers."""
    table = load_split(split.source, split.config, split.split)
    places: dict[int, list[int]] = {}
    for place, tier in enumerate(table["tier"]):
        places.setdefault(tier, []).append(place)
    return table.select(sorted(chain.from_iterable(of_tier[: split.limit] for of_tier in places.values())))
