"""The task of each step of a recipe, made from the data that it learns from."""

from collections.abc import Mapping, Sequence

from adiff_data.core.errors import AdiffError, InputError
from adiff_data.core.progress import ProgressCallback
from adiff_model.encoding import EncodedClip, encode_clips
from adiff_model.event_embedding import SURE_FROM
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor
from adiff_model.training.augmentation import Doubt
from adiff_model.training.events_task import EventsTask
from adiff_model.training.examples import Examples, TrainingRow
from adiff_model.training.explain_task import Embeddings, ExplainTask, HearAndExplainTask, noise_embeddings
from adiff_model.training.labelled_clips import activities, class_places, heard_as_they_are
from adiff_model.training.language_task import LanguageTask
from adiff_model.training.prefix_task import PrefixTask
from adiff_model.training.settings import StepSettings
from adiff_model.training.spectrograms import Spectrograms
from adiff_model.training.task import TrainingTask
from pipelines.training.data import SplitData
from pipelines.training.recipe import TrainRecipe


class TaskMaker:
    """Makes each step's task; spectrograms and embeddings are kept from step to step."""

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
        self._model.eval()
        cache = self._recipe.out / "embeddings"
        encoded = encode_clips(self._model, self._paths(), cache=cache, progress=self._progress)
        for clip in encoded.values():
            if isinstance(clip, AdiffError):
                raise clip
        return encoded
