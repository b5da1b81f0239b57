"""`adiff train`: a recipe's steps, from two kinds of clips and their explanations to a checkpoint."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from accelerate import Accelerator
from accelerate.utils import set_seed

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.model import AdiffModel
from adiff_model.processor import SPECIAL_TOKENS, AdiffProcessor, load_tokenizer, train_tokenizer
from adiff_model.training.card import Trained, curve_of, write_card
from adiff_model.training.examples import TrainingRow
from adiff_model.training.labelled_clips import LabelledClip, class_places
from adiff_model.training.loop import train_step
from adiff_model.training.metrics import CURVE
from adiff_model.training.prompts import PROMPTS
from adiff_model.training.saving import StepFolder
from adiff_model.training.settings import StepSettings
from adiff_model.training.weights import take_weights
from pipelines.console import Bar, say
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import read_settings
from pipelines.training.data import SplitData
from pipelines.training.recipe import ModelSettings, TrainRecipe
from pipelines.training.tasks import TaskMaker


def train(
    recipe: Annotated[str, typer.Argument(help="A .yaml file, or base, tiny.")],
    out: Annotated[Path | None, typer.Option(help="In place of the recipe's.")] = None,
    precision: Annotated[str | None, typer.Option(help="bf16, fp16 or no, in place of the recipe's.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell data, sizes and steps alone.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Train anew what other settings had trained.")] = False,
) -> None:
    """Train a checkpoint, step by step; the same command goes on after a kill, and does nothing when all is done.

    On several GPUs or machines: accelerate launch -m pipelines train RECIPE.

    Example: adiff train tiny
    """
    changes = {name: value for name, value in (("out", out), ("precision", precision)) if value is not None}
    train_recipe(read_settings(recipe, TrainRecipe, changes), dry_run=dry_run, force=force)


def train_recipe(recipe: TrainRecipe, *, dry_run: bool = False, force: bool = False) -> None:
    """Does a recipe: makes its datasets, then each step that is not done, then writes the checkpoint."""
    accelerator = Accelerator(mixed_precision=recipe.precision)
    with accelerator.main_process_first():
        for corpus in recipe.corpora:
            run_recipe(corpus)
    training, validation = (SplitData.read(splits) for splits in (recipe.data.training, recipe.data.validation))
    set_seed(recipe.seed)
    model, processor = _make_model(recipe.model, training.rows, [*training.labelled, *validation.labelled])
    millions = model.num_parameters() / 1e6
    say(f"train: {len(training.rows):,} rows, {len(validation.rows):,} to validate; {millions:.1f} M parameters")
    if dry_run:
        for step in recipe.steps:
            say(f"{step.name}: {step.task}, {step.steps:,} steps, trains {', '.join(step.trains)}")
        return
    maker = TaskMaker(recipe, model, processor, training, validation)
    for number, step in enumerate(recipe.steps):
        place = recipe.out / "steps" / step.name
        if force:
            shutil.rmtree(place, ignore_errors=True)
        folder = StepFolder(place, _identity(recipe, number, (training, validation)))
        _train_one(accelerator, model, maker, step, folder, recipe.seed)
    if accelerator.is_main_process:
        _write_checkpoint(recipe, model, processor, {"training": training.rows, "validation": validation.rows})


def _make_model(
    settings: ModelSettings, rows: Sequence[TrainingRow], labelled: Sequence[LabelledClip]
) -> tuple[AdiffModel, AdiffProcessor]:
    sizes = dict(settings.sizes)
    if labelled and sizes.get("audio_config", {}).get("model_type") == ConvolutionalEncoderConfig.model_type:
        sizes["audio_config"] = {"known_classes": class_places(labelled), **sizes["audio_config"]}
    if settings.tokenizer == "gpt2":
        tokenizer = load_tokenizer()
    else:
        texts = [text for row in rows for text in (row.answer, row.caption1, row.caption2)]
        prompts = [prompt for prompts in PROMPTS.values() for prompt in prompts]
        tokenizer = train_tokenizer([*texts, *prompts * 20], settings.tokenizer)
        end = SPECIAL_TOKENS["separator_token"]
        own = {"vocab_size": len(tokenizer), "bos_token_id": end, "eos_token_id": end}
        sizes = {**sizes, **SPECIAL_TOKENS, "text_config": {**sizes.get("text_config", {}), **own}}
    try:
        model = AdiffModel(AdiffConfig(**sizes))
    except (TypeError, ValueError, AttributeError) as fault:
        raise InputError(f"model.sizes: {fault}") from None
    for part, source in settings.weights.items():
        take_weights(model, part, source)
    return model, AdiffProcessor(model.config, tokenizer)


def _train_one(
    accelerator: Accelerator, model: AdiffModel, maker: TaskMaker, step: StepSettings, folder: StepFolder, seed: int
) -> None:
    if folder.done:
        folder.load_best(model)
        return say(f"{step.name}: up to date")
    task = maker.make(step, int.from_bytes(hashlib.sha256(step.name.encode()).digest()[:2], "big"))
    with Bar(step.name, step.steps, unit="steps") as bar:
        train_step(accelerator, model, task, step, folder, seed, bar.advance)
    return say(f"{step.name}: done; its metrics, samples and curve are in {folder.folder}")


def _identity(recipe: TrainRecipe, number: int, data: Sequence[SplitData]) -> dict[str, Any]:
    """What determines the result of a step: the recipe up to it, and what it and those before it learnt from."""
    until = recipe.steps[: number + 1]
    digests = [split.heard_digest for split in data]
    if any(step.task != "events" for step in until):
        digests += [split.rows_digest for split in data]
    return {
        "seed": recipe.seed,
        "precision": recipe.precision,
        "model": recipe.model.model_dump(mode="json"),
        "data": digests,
        "steps": [step.model_dump(mode="json", exclude_defaults=True) for step in until],
    }


def _write_checkpoint(
    recipe: TrainRecipe, model: AdiffModel, processor: AdiffProcessor, data: dict[str, Sequence[TrainingRow]]
) -> None:
    """Writes weights in half precision, tokenizer, card and curve: all that `--checkpoint` needs."""
    folder, steps = recipe.out / "model", recipe.out / "steps"
    text = yaml.safe_dump(recipe.model_dump(mode="json", exclude_defaults=True), sort_keys=False)
    parameters = model.num_parameters()
    counts = {name: len(rows) for name, rows in data.items()}
    with replace_folder(folder, force=True) as output:
        temporary = output.path
        model.cpu().half().save_pretrained(temporary)
        processor.save_pretrained(temporary)
        write_card(temporary / "README.md", Trained(parameters, text, counts, recipe.steps, steps, recipe.about))
        for step in recipe.steps:
            shutil.copy(steps / step.name / CURVE, temporary / curve_of(step.name))
    say(f"{folder}: the checkpoint; adiff explain A.wav B.wav --checkpoint {folder}")
