"""The model that answers a split: in this process, or one in each worker of an engine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

from adiff_data.core.errors import AdiffError, WorkError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.engines.engine import Engine
from adiff_model.adiff import ADIFF, Explanation, unreadable_examples, warn_of_cuts
from adiff_model.checkpoints import load_checkpoint
from adiff_model.devices import Device
from adiff_model.encoding import ENCODER_BATCH_SIZE, EncodedClip, Reading, encode_clips
from adiff_model.examples import Question
from adiff_model.generation import Decoding, batch_by_prompt

Clips = Mapping[str, EncodedClip | AdiffError]  # by path; the error says why a file cannot be read
_Item = tuple[Question, EncodedClip, EncodedClip]


@dataclass(frozen=True)
class ModelSettings:
    """Which model answers, how it runs, and how it reads recordings; `predict` describes the fields."""

    checkpoint: str
    device: Device
    compiled: bool
    int8: bool
    grounded: bool
    reading: Reading
    cache: Path | None

    def load(self) -> ADIFF:
        """The model.

        Raises:
            InputError: there is no such checkpoint or device.
        """
        return ADIFF(
            model_path=self.checkpoint,
            device=self.device,
            compiled=self.compiled,
            int8=self.int8,
            grounded=self.grounded,
        )


class PredictionModel(Protocol):
    """Encodes recordings, and answers questions about pairs of them."""

    def encode(self, files: Iterable[str], progress: ProgressCallback | None) -> dict[str, EncodedClip | AdiffError]:
        """Each recording once, by its path, or why it cannot be read."""

    def explain(
        self,
        questions: Sequence[Question],
        clips: Clips,
        decoding: Decoding,
        finished: Callable[[int, Explanation], None],
    ) -> None:
        """Calls `finished` with the index of each question and its answer, batch by batch."""


class ModelHere:
    """A model in this process, which has all its cores, or its GPU.

    Args:
        batch_size: the number of pairs that are answered together.
        reading_threads: how many threads read recordings while the model runs.
    """

    def __init__(self, settings: ModelSettings, *, batch_size: int, reading_threads: int) -> None:
        self._settings, self._batch_size, self._reading_threads = settings, batch_size, reading_threads
        self._adiff = settings.load()

    def encode(self, files: Iterable[str], progress: ProgressCallback | None) -> dict[str, EncodedClip | AdiffError]:
        """As `PredictionModel` says."""
        return encode_clips(
            self._adiff.model,
            files,
            reading=self._settings.reading,
            cache=self._settings.cache,
            reading_threads=self._reading_threads,
            progress=progress,
        )

    def explain(
        self,
        questions: Sequence[Question],
        clips: Clips,
        decoding: Decoding,
        finished: Callable[[int, Explanation], None],
    ) -> None:
        """As `PredictionModel` says."""
        warn_of_cuts(self._adiff.model.config, self._adiff.processor, questions, decoding)
        self._adiff.explain_encoded(questions, clips, decoding, batch_size=self._batch_size, finished=finished)


class ModelOnWorkers:
    """A model in each worker of an engine, which stays there for the next batch.

    Batches are those of `ModelHere`, and so are the answers. What is encoded comes here, and goes to the workers with
    the questions about it, so that each recording is encoded once in the whole cluster.

    Args:
        batch_size: as for `ModelHere`.

    Raises:
        InputError: there is no such checkpoint.
    """

    def __init__(self, settings: ModelSettings, engine: Engine, *, batch_size: int) -> None:
        self._settings, self._engine, self._batch_size = settings, engine, batch_size
        model, self._processor = load_checkpoint(settings.checkpoint)
        self._config = model.config

    def encode(self, files: Iterable[str], progress: ProgressCallback | None) -> dict[str, EncodedClip | AdiffError]:
        """As `PredictionModel` says."""
        distinct = list(dict.fromkeys(files))
        counter = ProgressCounter(progress, "encode", len(distinct), unit="clips")
        results = self._engine.map_batches(
            partial(_encode, self._settings), distinct, batch_size=ENCODER_BATCH_SIZE, on_gpu=True, lost=_lost_clip
        )
        clips: dict[str, EncodedClip | AdiffError] = {}
        for path, clip in zip(distinct, results, strict=True):
            clips[path] = clip
            counter.advance()
        return clips

    def explain(
        self,
        questions: Sequence[Question],
        clips: Clips,
        decoding: Decoding,
        finished: Callable[[int, Explanation], None],
    ) -> None:
        """As `PredictionModel` says."""
        warn_of_cuts(self._config, self._processor, questions, decoding)
        faults, encoded = unreadable_examples(questions, clips)
        for index, fault in faults.items():
            finished(index, Explanation("", fault=fault))
        readable = [index for index in range(len(questions)) if index not in faults]
        batches = batch_by_prompt([questions[index][2] for index in readable], self._batch_size)
        in_order = [readable[place] for batch in batches for place in batch]
        asked = (questions[index] for index in in_order)
        items = ((question, encoded[question[0]], encoded[question[1]]) for question in asked)
        explanations = self._engine.map_batches(
            partial(_explain, self._settings, decoding),
            items,
            batch_size=self._batch_size,
            on_gpu=True,
            lost=_lost_explanation,
        )
        for index, explanation in zip(in_order, explanations, strict=True):
            finished(index, explanation)


@lru_cache(maxsize=1)
def _model_of_worker(settings: ModelSettings) -> ADIFF:
    return settings.load()


def _encode(settings: ModelSettings, paths: list[str]) -> list[EncodedClip | AdiffError]:
    model = _model_of_worker(settings).model
    clips = encode_clips(model, paths, reading=settings.reading, cache=settings.cache, reading_threads=0)
    return [clips[path] for path in paths]


def _explain(settings: ModelSettings, decoding: Decoding, items: list[_Item]) -> list[Explanation]:
    clips: dict[str, EncodedClip | AdiffError] = {}
    for (path1, path2, _), clip1, clip2 in items:
        clips |= {path1: clip1, path2: clip2}
    questions = [question for question, _, _ in items]
    return _model_of_worker(settings).explain_encoded(questions, clips, decoding, batch_size=len(items))


def _lost_clip(path: str) -> AdiffError:
    """What stands in the place of a recording whose worker was ended again and again."""
    return _lost("the system ended each process that encoded it", path)


def _lost_explanation(item: _Item) -> Explanation:
    (path1, path2, _), _, _ = item
    return Explanation("", fault=_lost(f"the system ended each process that compared it with {path2}", path1))


def _lost(reason: str, path: str) -> WorkError:
    return WorkError(reason, file=Path(path), mend="mostly the memory was not enough")
