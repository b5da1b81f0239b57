"""The training task of each step of a recipe."""

from collections.abc import Mapping, Sequence

import torch

from adiff_data.core.errors import AdiffError, InputError
from adiff_data.core.progress import ProgressCallback
from adiff_model.convolutional_encoder import DETECTION_THRESHOLD, ConvolutionalEncoderConfig
from adiff_model.encoding import EncodedClip, encode_clips
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.augmentation import EmbeddingAugmentation
from adiff_model.training.events_task import EventsTask
from adiff_model.training.examples import Examples, TrainingRow
from adiff_model.training.explain_task import Embeddings, EncodeAndExplainTask, ExplainTask, noise_embeddings
from adiff_model.training.labelled_clips import activities, class_indices, correctly_detected
from adiff_model.training.language_task import LanguageTask
from adiff_model.training.prefix_task import PrefixTask
from adiff_model.training.settings import StepSettings
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import TrainingTask
from pipelines.training.data import SplitData
from pipelines.training.recipe import TrainRecipe

_READERS = 4  # threads that read and measure recordings while the encoder runs


class TaskMaker:
    """Makes the task of each step; spectrograms and embeddings are shared by the steps."""

    def __init__(
        self,
        recipe: TrainRecipe,
        model: AdiffModel,
        processor: AdiffProcessor,
        training: SplitData,
        validation: SplitData,
        *,
        progress: ProgressCallback | None = None,
    ) -> None:
        self._recipe, self._model, self._processor = recipe, model, processor
        self._training, self._validation, self._progress = training, validation, progress
        self._labelled = [*training.labelled, *validation.labelled]
        self._spectrograms = Spectrograms(model.config)

    def make(self, step: StepSettings, number: int) -> TrainingTask:
        """The task of a step.

        Args:
            number: identifies the step; its draws depend on it.

        Raises:
            InputError: the step needs known events or rows that do not exist.
        """
        training, validation, seed = self._training, self._validation, self._recipe.seed + 1000 * number
        if step.task == "events":
            if not training.encoder_clips or not validation.encoder_clips:
                raise InputError(f"{step.name}: no clip has known events", mend="give a split a ground_truth")
            clips = training.encoder_clips, validation.encoder_clips
            return EventsTask(self._model, *clips, self._spectrograms, step.augmentation, seed)
        if step.task == "language":
            return LanguageTask(self._model, self._processor, *self._examples(training.rows, step, seed))
        if "encoder" in step.trains:
            if self._model.measures:
                mend = "leave encoder out of its trains, or measures out of model.sizes.audio_config"
                raise InputError(f"{step.name}: clips are measured once, so their encoder cannot learn here", mend=mend)
            return EncodeAndExplainTask(
                self._model,
                self._processor,
                *self._examples(training.rows, step, seed),
                self._spectrograms,
                active=self._activities(),
                num_labelled=max(1, len(class_indices(self._labelled))),
                events_weight=step.events_weight,
                masking=step.augmentation.spec_augment,
            )
        return self._make_with_frozen_encoder(step, seed)

    def _make_with_frozen_encoder(self, step: StepSettings, seed: int) -> TrainingTask:
        """A task whose clips are encoded once, beforehand."""
        if (step.only_detected or step.task == "prefix") and not self._knows_all_events():
            raise InputError(f"{step.name}: not all clips have known events", mend="give each split a ground_truth")
        encoded = self._encode() if step.only_detected or step.embeddings == "audio" else {}
        rows = self._correctly_detected_rows(encoded) if step.only_detected else self._training.rows
        examples, embeddings = self._examples(rows, step, seed), self._embeddings(step, encoded)
        sizes = self._model.config.encoder_config
        augmentation = EmbeddingAugmentation(
            noise=step.augmentation.embedding_noise,
            mixing=step.augmentation.embedding_mixing,
            num_measured=sizes.num_measured if isinstance(sizes, ConvolutionalEncoderConfig) else 0,
        )
        if step.task == "explain":
            return ExplainTask(self._model, self._processor, *examples, embeddings, augmentation)
        return PrefixTask(self._model, self._processor, *examples, embeddings, self._labelled, augmentation)

    def _examples(self, rows: Sequence[TrainingRow], step: StepSettings, seed: int) -> tuple[Examples, Examples]:
        """The examples for training and for validation."""
        shares = {str(task): share for task, share in step.shares.items()}
        return Examples(rows, shares, seed), Examples(self._validation.rows, shares, seed)

    def _correctly_detected_rows(self, encoded: Mapping[str, EncodedClip]) -> list[TrainingRow]:
        """The training rows of whose recordings the encoder detects exactly the true events."""
        sizes = self._model.config.encoder_config
        threshold = sizes.detection_threshold if isinstance(sizes, ConvolutionalEncoderConfig) else DETECTION_THRESHOLD
        events = {path: encoded[path].event_probabilities for path in self._training.paths()}
        correct = correctly_detected(self._training.labelled, events, threshold)
        return [row for row in self._training.rows if row.audio1 in correct and row.audio2 in correct]

    def _knows_all_events(self) -> bool:
        labelled = {clip.audio for clip in self._labelled}
        return labelled.issuperset(self._paths())

    def _activities(self) -> Mapping[str, torch.Tensor] | None:
        """By recording, which class sounds in which frame; None unless the events of all recordings are known."""
        if not self._knows_all_events():
            return None
        head, frames, seconds = self._model.event_head, self._spectrograms.frames, self._model.config.clip_seconds
        return activities(self._labelled, head.classes, head.aspects, frames, seconds)

    def _paths(self) -> list[str]:
        return self._training.paths() + self._validation.paths()

    def _embeddings(self, step: StepSettings, encoded: Mapping[str, EncodedClip]) -> Embeddings:
        if step.embeddings == "noise":
            return noise_embeddings(self._paths(), self._model.config.encoder_config.hidden_size)
        return {path: clip.embedding for path, clip in encoded.items()}

    def _encode(self) -> dict[str, EncodedClip]:
        self._model.eval()
        cache = self._recipe.out / "embeddings"
        encoded = {}
        clips = encode_clips(self._model, self._paths(), cache=cache, reading_threads=_READERS, progress=self._progress)
        for path, clip in clips.items():
            if isinstance(clip, AdiffError):
                raise clip
            encoded[path] = clip
        return encoded
