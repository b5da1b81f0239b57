"""`adiff train`: a recipe's steps, from two kinds of clips and their explanations to a checkpoint."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
import yaml
from accelerate import Accelerator
from accelerate.utils import set_seed

from adiff_data.audio_files import AudioFolder
from adiff_data.demo.naming import AUDIOSET
from adiff_data.demo.truth import read_truth
from adiff_data.demo.wording import aspects
from adiff_data.errors import AdiffError, InputError
from adiff_data.loading import load_split
from adiff_data.output import folder_beside
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.encoding import EncodedClip, encode_clips
from adiff_model.event_embedding import SURE_FROM
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.tokenizer import SPECIAL_TOKENS, load_tokenizer, train_tokenizer
from adiff_model.training.card import Trained, curve_of, write_card
from adiff_model.training.doubt import Doubt
from adiff_model.training.events_task import EventsTask
from adiff_model.training.examples import Examples, TrainingRow
from adiff_model.training.explain_task import Embeddings, ExplainTask, HearAndExplainTask, noise_embeddings
from adiff_model.training.labelled_clips import (
    LabelledClip,
    LabelledEvent,
    activities,
    class_places,
    heard_as_they_are,
)
from adiff_model.training.language_task import LanguageTask
from adiff_model.training.loop import train_step
from adiff_model.training.metrics import CURVE
from adiff_model.training.prefix_task import PrefixTask
from adiff_model.training.prompts import PROMPTS
from adiff_model.training.saving import StepFolder
from adiff_model.training.settings import StepSettings
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import TrainingTask
from adiff_model.training.weights import take_weights
from pipelines.console import Bar, counting, say, warn
from pipelines.recipe import read_settings
from pipelines.run import run_recipe
from pipelines.train_recipe import ModelSettings, TrainingSplit, TrainRecipe


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
    training, validation = (_Split.read(splits) for splits in (recipe.data.training, recipe.data.validation))
    set_seed(recipe.seed)
    model, processor = _make_model(recipe.model, training.rows, [*training.labelled, *validation.labelled])
    millions = model.num_parameters() / 1e6
    say(f"train: {len(training.rows):,} rows, {len(validation.rows):,} to validate; {millions:.1f} M parameters")
    if dry_run:
        for step in recipe.steps:
            say(f"{step.name}: {step.task}, {step.steps:,} steps, trains {', '.join(step.trains)}")
        return
    maker = _TaskMaker(recipe, model, processor, training, validation)
    for number, step in enumerate(recipe.steps):
        place = recipe.out / "steps" / step.name
        if force:
            shutil.rmtree(place, ignore_errors=True)
        folder = StepFolder(place, _identity(recipe, number, (training, validation)))
        _train_one(accelerator, model, maker, step, folder, recipe.seed)
    if accelerator.is_main_process:
        _write_checkpoint(recipe, model, processor, {"training": training.rows, "validation": validation.rows})


class _Split:
    """The rows whose recordings are here, and the clips whose events are known.

    Attributes:
        labelled: all of these; `heard`: those that the encoder learns from.
        rows_digest, heard_digest: of what a step learns from, so that another one's result is not taken for its own.
    """

    def __init__(
        self, rows: Sequence[TrainingRow], labelled: Sequence[LabelledClip], heard: Sequence[LabelledClip]
    ) -> None:
        self.rows, self.labelled, self.heard = rows, labelled, heard
        lines = (f"{row.tier}\t{row.caption1}\t{row.caption2}\t{row.answer}\n" for row in rows)
        self.rows_digest = hashlib.sha256("".join(lines).encode()).hexdigest()
        self.heard_digest = hashlib.sha256("".join(f"{clip}\n" for clip in heard).encode()).hexdigest()

    @classmethod
    def read(cls, splits: Sequence[TrainingSplit]) -> "_Split":
        """All splits of a use behind each other."""
        rows = [row for split in splits for row in _rows(split)]
        if not rows:
            raise InputError("no row has both its recordings", file=splits[0].audio_root)
        known = [(split, clip) for split in splits if split.truth for clip in _labelled(split.truth, split.split)]
        return cls(rows, [clip for _, clip in known], [clip for split, clip in known if split.hearing])

    def paths(self) -> list[str]:
        """The recordings of the rows, each once."""
        return list(dict.fromkeys(path for row in self.rows for path in (row.audio1, row.audio2)))


def _rows(split: TrainingSplit) -> list[TrainingRow]:
    names = ("audio1_path", "audio2_path", "caption1", "caption2", "tier", "answer")
    found = load_split(split.source, split.config, split.split).select_columns(list(names))
    tier_name, root = found.features["tier"].int2str, AudioFolder(split.audio_root)
    recordings = {path: root.find(path) for name in names[:2] for path in found.unique(name)}
    columns = (found[name][:] for name in names)
    rows = [
        TrainingRow(str(recordings[one]), str(recordings[other]), caption1, caption2, tier_name(tier), answer)
        for one, other, caption1, caption2, tier, answer in zip(*columns, strict=True)
        if recordings[one] and recordings[other]
    ]
    if len(rows) < len(found):
        warn(f"{split.source}, {split.split}: {len(found) - len(rows):,} of {len(found):,} rows have no recording")
    return rows


def _labelled(corpus: Path, split: str) -> list[LabelledClip]:
    return [
        LabelledClip(
            str(corpus / clip.path),
            tuple(
                LabelledEvent(AUDIOSET[event.source], event.onset, event.offset, aspects(event))
                for event in clip.events
            ),
        )
        for clip in read_truth(corpus, split)
    ]


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


class _TaskMaker:
    """Makes each step's task; spectrograms and embeddings are kept from step to step."""

    def __init__(
        self, recipe: TrainRecipe, model: AdiffModel, processor: AdiffProcessor, training: _Split, validation: _Split
    ) -> None:
        self._recipe, self._model, self._processor = recipe, model, processor
        self._training, self._validation = training, validation
        self._labelled = [*training.labelled, *validation.labelled]
        self._spectrograms = Spectrograms(model.config)

    def make(self, step: StepSettings, number: int) -> TrainingTask:
        """The task of a step."""
        training, validation, seed = self._training, self._validation, self._recipe.seed + 1000 * number
        if step.task == "events":
            if not training.heard or not validation.heard:
                raise InputError(f"{step.name}: no clip's events are known", mend="give a split a truth")
            return EventsTask(
                self._model, training.heard, validation.heard, self._spectrograms, step.augmentation, seed
            )
        if step.task == "language":
            return LanguageTask(self._model, self._processor, *self._examples(training.rows, step, seed))
        if "encoder" in step.trains:
            return HearAndExplainTask(
                self._model,
                self._processor,
                *self._examples(training.rows, step, seed),
                self._spectrograms,
                **self._known_events(),
                events_weight=step.events_weight,
                masks=step.augmentation.spec_augment,
            )
        return self._of_frozen_encoder(step, seed)

    def _of_frozen_encoder(self, step: StepSettings, seed: int) -> TrainingTask:
        """A task whose clips are heard once, beforehand."""
        if (step.only_heard or step.task == "prefix") and not self._knows_all_events():
            raise InputError(f"{step.name}: not all clips' events are known", mend="give each split a truth")
        encoded = self._encoded() if step.only_heard or step.hears == "audio" else {}
        rows = self._heard_rows(encoded) if step.only_heard else self._training.rows
        examples, embeddings = self._examples(rows, step, seed), self._embeddings(step, encoded)
        doubt = Doubt(
            step.augmentation.embedding_noise,
            step.augmentation.embedding_mixing,
            getattr(self._model.config.audio_config, "measured", 0),
        )
        if step.task == "explain":
            return ExplainTask(self._model, self._processor, *examples, embeddings, doubt)
        return PrefixTask(self._model, self._processor, *examples, embeddings, self._labelled, doubt)

    def _examples(self, rows: Sequence[TrainingRow], step: StepSettings, seed: int) -> tuple[Examples, Examples]:
        """To train from and to validate with."""
        return Examples(rows, step.shares, seed), Examples(self._validation.rows, step.shares, seed)

    def _heard_rows(self, encoded: Mapping[str, EncodedClip]) -> list[TrainingRow]:
        """The rows that the encoder hears just as they are."""
        events = {path: encoded[path].events for path in self._training.paths()}
        heard = heard_as_they_are(self._training.labelled, events, SURE_FROM)
        return [row for row in self._training.rows if row.audio1 in heard and row.audio2 in heard]

    def _knows_all_events(self) -> bool:
        known = {clip.audio for clip in self._labelled}
        return known.issuperset(self._paths())

    def _known_events(self) -> dict[str, object]:
        if not self._knows_all_events():
            return {}
        head, frames, seconds = self._model.event_head, self._spectrograms.frames, self._model.config.clip_seconds
        active = activities(self._labelled, head.classes, head.aspects, frames, seconds)
        return {"active": active, "labelled": len(class_places(self._labelled))}

    def _paths(self) -> list[str]:
        return self._training.paths() + self._validation.paths()

    def _embeddings(self, step: StepSettings, encoded: Mapping[str, EncodedClip]) -> Embeddings:
        if step.hears == "noise":
            return noise_embeddings(self._paths(), self._model.config.audio_config.hidden_size)
        return {path: clip.embedding for path, clip in encoded.items()}

    def _encoded(self) -> dict[str, EncodedClip]:
        paths = self._paths()
        self._model.eval()
        with counting("clips heard", len(set(paths)), "clips") as advance:
            encoded = encode_clips(self._model, paths, cache=self._recipe.out / "embeddings", advance=advance)
        for clip in encoded.values():
            if isinstance(clip, AdiffError):
                raise clip
        return encoded


def _train_one(
    accelerator: Accelerator, model: AdiffModel, maker: _TaskMaker, step: StepSettings, folder: StepFolder, seed: int
) -> None:
    if folder.done:
        folder.load_best(model)
        return say(f"{step.name}: up to date")
    task = maker.make(step, int.from_bytes(hashlib.sha256(step.name.encode()).digest()[:2], "big"))
    with Bar(step.name, step.steps, unit="steps") as bar:
        train_step(accelerator, model, task, step, folder, seed, bar.advance)
    return say(f"{step.name}: done; its metrics, samples and curve are in {folder.folder}")


def _identity(recipe: TrainRecipe, number: int, data: Sequence[_Split]) -> str:
    """What determines the result of a step: the recipe up to it, and what it and those before it learnt from."""
    until = recipe.steps[: number + 1]
    digests = [split.heard_digest for split in data]
    if any(step.task != "events" for step in until):
        digests += [split.rows_digest for split in data]
    described = {
        "seed": recipe.seed,
        "precision": recipe.precision,
        "model": recipe.model.model_dump(mode="json"),
        "data": digests,
        "steps": [step.model_dump(mode="json", exclude_defaults=True) for step in until],
    }
    return json.dumps(described, indent=2) + "\n"


def _write_checkpoint(
    recipe: TrainRecipe, model: AdiffModel, processor: AdiffProcessor, data: dict[str, Sequence[TrainingRow]]
) -> None:
    """Writes weights in half precision, tokenizer, card and curve: all that `--checkpoint` needs."""
    folder, steps = recipe.out / "model", recipe.out / "steps"
    text = yaml.safe_dump(recipe.model_dump(mode="json", exclude_defaults=True), sort_keys=False)
    parameters = model.num_parameters()
    counts = {name: len(rows) for name, rows in data.items()}
    with folder_beside(folder) as temporary:
        model.cpu().half().save_pretrained(temporary)
        processor.save_pretrained(temporary)
        write_card(temporary / "README.md", Trained(parameters, text, counts, recipe.steps, steps, recipe.about))
        for step in recipe.steps:
            shutil.copy(steps / step.name / CURVE, temporary / curve_of(step.name))
        shutil.rmtree(folder, ignore_errors=True)
        temporary.chmod(0o755)
        temporary.rename(folder)
    say(f"{folder}: the checkpoint; adiff explain A.wav B.wav --checkpoint {folder}")
