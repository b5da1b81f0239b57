"""Running a training recipe: its datasets, its steps in order, and the checkpoint at the end."""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from accelerate import Accelerator
from accelerate.utils import set_seed

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_data.core.progress import LineCallback, ProgressCallback, ProgressCounter
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.devices import Device, find_device, has_bfloat16
from adiff_model.model import AdiffModel
from adiff_model.processor import SPECIAL_TOKENS, AdiffProcessor, load_tokenizer, train_tokenizer
from adiff_model.training.card import Trained, curve_of, write_card
from adiff_model.training.examples import TrainingRow
from adiff_model.training.labelled_clips import LabelledClip, class_indices
from adiff_model.training.loop import train_step
from adiff_model.training.metrics import CURVE, METRICS
from adiff_model.training.prompts import PROMPTS, tasks_to_learn
from adiff_model.training.saving import BEST, StepFolder
from adiff_model.training.settings import StepSettings
from adiff_model.training.weights import load_part
from pipelines.recipes.schema import Recipe
from pipelines.training.data import SplitData
from pipelines.training.recipe import TrainRecipe
from pipelines.training.tasks import TaskMaker

NOTHING_TRAINED: Mapping[str, Path] = {}


@dataclass(frozen=True)
class _Prepared:
    """What the steps of a recipe have in common."""

    recipe: TrainRecipe
    training: SplitData
    validation: SplitData
    model: AdiffModel
    processor: AdiffProcessor


def train_recipe(
    recipe: TrainRecipe,
    *,
    make_dataset: Callable[[Recipe], None],
    device: Device = "auto",
    trained: Mapping[str, Path] = NOTHING_TRAINED,
    force: bool = False,
    report: LineCallback = lambda line: None,
    progress: ProgressCallback | None = None,
) -> Path:
    """Makes a recipe's datasets, trains every step that is not finished, and writes the checkpoint.

    The same call resumes an interrupted run, and does nothing if everything is finished.

    Args:
        make_dataset: makes one of the recipe's `corpora`, if it does not exist.
        device: what to train on.
        trained: by name, steps that another training has done alike: their folders, from which the parts are taken.
        force: train all steps again.
        report: called with a line for each finished step, and for the checkpoint.
        progress: called with the progress of each step.

    Returns:
        the folder of the checkpoint.

    Raises:
        InputError: data or weights of the recipe, or the device, do not exist, or its folder contains other steps.
        WorkError: the loss of a step became infinite or NaN.
    """
    accelerator = _accelerator(recipe, device, report)
    prepared = _prepare(recipe, accelerator, make_dataset, report)
    tasks = TaskMaker(
        recipe, prepared.model, prepared.processor, prepared.training, prepared.validation, progress=progress
    )
    for number, step in enumerate(recipe.steps):
        path = recipe.out / "steps" / step.name
        if force:
            shutil.rmtree(path, ignore_errors=True)
        if step.name in trained:
            _take_step(prepared.model, step, trained[step.name], path)
            report(f"{step.name}: taken from {trained[step.name]}")
            continue
        folder = StepFolder(path, _identity(recipe, number, (prepared.training, prepared.validation)))
        _train_step(accelerator, prepared, tasks, step, folder, report, progress)
    if accelerator.is_main_process:
        _write_checkpoint(prepared, report)
    return recipe.out / "model"


def describe_recipe(
    recipe: TrainRecipe,
    *,
    make_dataset: Callable[[Recipe], None],
    device: Device = "auto",
    report: LineCallback = lambda line: None,
) -> None:
    """Reports a recipe's data, sizes and steps. Makes its datasets, but trains nothing."""
    _prepare(recipe, _accelerator(recipe, device, report), make_dataset, report)
    for step in recipe.steps:
        report(f"{step.name}: {step.task}, {step.steps:,} steps, trains {', '.join(step.trains)}")


def _accelerator(recipe: TrainRecipe, device: Device, report: LineCallback) -> Accelerator:
    """Of several processes, each takes its own GPU; which kind, accelerate chooses as `auto` does."""
    found = find_device(device)
    kind, precision = found.type, recipe.precision
    if precision == "bf16" and not has_bfloat16(found):
        report(f"train: in single precision, since this {kind} has no instructions for bfloat16")
        precision = "no"
    accelerator = Accelerator(mixed_precision=precision, cpu=kind == "cpu")
    if accelerator.device.type != kind:
        raise InputError(f"accelerate trains on {accelerator.device.type} here, not on {kind}", mend="give device auto")
    return accelerator


def _prepare(
    recipe: TrainRecipe, accelerator: Accelerator, make_dataset: Callable[[Recipe], None], report: LineCallback
) -> _Prepared:
    with accelerator.main_process_first():
        for corpus in recipe.corpora:
            make_dataset(corpus)
    training, validation = (SplitData.read(splits) for splits in (recipe.data.training, recipe.data.validation))
    set_seed(recipe.seed)
    model, processor = _make_model(recipe, training.rows, [*training.labelled, *validation.labelled])
    millions = model.num_parameters() / 1e6
    report(f"train: {len(training.rows):,} rows, {len(validation.rows):,} for validation; {millions:.1f} M parameters")
    return _Prepared(recipe, training, validation, model, processor)


def _make_model(
    recipe: TrainRecipe, rows: Sequence[TrainingRow], labelled: Sequence[LabelledClip]
) -> tuple[AdiffModel, AdiffProcessor]:
    """A model with the recipe's sizes and initial weights, and its processor."""
    settings = recipe.model
    sizes = dict(settings.sizes)
    if labelled and sizes.get("audio_config", {}).get("model_type") == ConvolutionalEncoderConfig.model_type:
        sizes["audio_config"] = {"known_classes": class_indices(labelled), **sizes["audio_config"]}
    if settings.tokenizer == "gpt2":
        tokenizer = load_tokenizer()
    else:
        texts = [text for row in rows for text in (row.answer, row.caption1, row.caption2)]
        asked = {task for step in recipe.steps for task, share in step.shares.items() if share > 0}
        prompts = [prompt for task in tasks_to_learn(asked) for prompt in PROMPTS[task]]
        tokenizer = train_tokenizer([*texts, *prompts * 20], settings.tokenizer)
        end = SPECIAL_TOKENS["separator_token"]
        vocabulary = {"vocab_size": len(tokenizer), "bos_token_id": end, "eos_token_id": end}
        sizes = {**sizes, **SPECIAL_TOKENS, "text_config": {**sizes.get("text_config", {}), **vocabulary}}
    try:
        model = AdiffModel(AdiffConfig(**sizes))
    except (TypeError, ValueError, AttributeError) as fault:
        raise InputError(f"model.sizes: {fault}") from None
    for part, source in settings.weights.items():
        load_part(model, part, source)
    return model, AdiffProcessor(model.config, tokenizer)


def _take_step(model: AdiffModel, step: StepSettings, source: Path, folder: Path) -> None:
    """Loads what another training learned in a step, and keeps what tells of it."""
    for part in step.trains:
        load_part(model, part, str(source / BEST))
    folder.mkdir(parents=True, exist_ok=True)
    for name in (METRICS, CURVE):
        shutil.copy(source / name, folder / name)


def _train_step(
    accelerator: Accelerator,
    prepared: _Prepared,
    tasks: TaskMaker,
    step: StepSettings,
    folder: StepFolder,
    report: LineCallback,
    progress: ProgressCallback | None,
) -> None:
    if folder.done:
        folder.load_best(prepared.model)
        return report(f"{step.name}: up to date")
    task = tasks.make(step, int.from_bytes(hashlib.sha256(step.name.encode()).digest()[:2], "big"))
    counter = ProgressCounter(progress, step.name, step.steps, unit="steps")
    train_step(accelerator, prepared.model, task, step, folder, prepared.recipe.seed, counter.advance)
    return report(f"{step.name}: finished; its metrics, samples and loss curve are in {folder.folder}")


def _identity(recipe: TrainRecipe, number: int, data: Sequence[SplitData]) -> dict[str, Any]:
    """All that determines the result of a step: the recipe up to it, and the data of this and earlier steps."""
    steps = recipe.steps[: number + 1]
    digests = [split.encoder_clips_digest for split in data]
    if any(step.task != "events" for step in steps):
        digests += [split.rows_digest for split in data]
    return {
        "seed": recipe.seed,
        "precision": recipe.precision,
        "model": recipe.model.model_dump(mode="json"),
        "data": digests,
        "steps": [step.model_dump(mode="json", exclude_defaults=True) for step in steps],
    }


def _write_checkpoint(prepared: _Prepared, report: LineCallback) -> None:
    """Writes a checkpoint folder: weights in half precision, tokenizer, model card and loss curves."""
    recipe, model = prepared.recipe, prepared.model
    folder, steps = recipe.out / "model", recipe.out / "steps"
    text = yaml.safe_dump(recipe.model_dump(mode="json", exclude_defaults=True), sort_keys=False)
    parameters = model.num_parameters()
    rows: Mapping[str, int] = {
        "training": len(prepared.training.rows),
        "validation": len(prepared.validation.rows),
    }
    with replace_folder(folder, force=True) as output:
        model.cpu().half().save_pretrained(output.path)
        prepared.processor.save_pretrained(output.path)
        write_card(output.path / "README.md", Trained(parameters, text, rows, recipe.steps, steps, recipe.about))
        for step in recipe.steps:
            shutil.copy(steps / step.name / CURVE, output.path / curve_of(step.name))
    report(f"{folder}: the checkpoint; adiff explain A.wav B.wav --checkpoint {folder}")
