"""Running a recipe of controls: each training with each seed, its answers, and their scores."""

from collections.abc import Callable
from itertools import chain, takewhile
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
from pipelines.training.run import train_recipe

TABLE, SCORES = "controls.md", "controls.csv"
_SIZES_OF_UNIMODAL = {"events": "audio_config", "language": "text_config"}  # by task, the sizes it depends on


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
        training = recipe.training(name, seed)
        checkpoint = train_recipe(
            training,
            make_dataset=lambda corpus: None,
            device=device,
            trained=_done_in_full(recipe, name, seed),
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


def _done_in_full(recipe: ControlsRecipe, name: str, seed: int) -> dict[str, Path]:
    """The folders of the steps that `full`, which is done first, has done as this training would do them.

    With an equal network these are the steps up to the first that differs. Otherwise, the first steps that train an
    encoder or a language model alone, as far as these are equal.
    """
    if name == FULL:
        return {}
    training, full = recipe.training(name, seed), recipe.training(FULL, seed)
    alike = list(takewhile(lambda pair: pair[0] == pair[1], zip(training.steps, full.steps, strict=False)))
    common = {step.name for step, _ in alike} if training.model == full.model else set()
    for step in takewhile(lambda step: step.task in _SIZES_OF_UNIMODAL, training.steps):
        sizes = _SIZES_OF_UNIMODAL[step.task]
        if step in full.steps and training.model.sizes.get(sizes) == full.model.sizes.get(sizes):
            common.add(step.name)
    return {step: full.out / "steps" / step for step in common}


def _rows_to_answer(split: EvaluationSplit) -> datasets.Dataset:
    """The split, or the first rows of each of its tiers."""
    table = load_split(split.source, split.config, split.split)
    places: dict[int, list[int]] = {}
    for place, tier in enumerate(table["tier"]):
        places.setdefault(tier, []).append(place)
    return table.select(sorted(chain.from_iterable(of_tier[: split.limit] for of_tier in places.values())))
