"""Predicting a whole split: `predict`, in memory or into a file, which an interrupted run resumes."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import datasets
from pydantic import NonNegativeInt, PositiveFloat, PositiveInt

from adiff_data.audio.files import AudioFolder
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.engines.engine import Engine
from adiff_data.engines.local import engine_elsewhere
from adiff_model.adiff import Explanation
from adiff_model.audio import Resampler, Window
from adiff_model.best_of import Candidates
from adiff_model.checkpoints import BUNDLED, checkpoint_digest
from adiff_model.dataset_tasks import identity_of, load_tasks
from adiff_model.devices import Device
from adiff_model.encoding import Reading
from adiff_model.events import Event
from adiff_model.generation import Decoding
from adiff_model.prediction_file import CHECKPOINT, WEIGHTS, Prediction, PredictionFile, Task
from adiff_model.prediction_model import Clips, ModelHere, ModelOnWorkers, ModelSettings, PredictionModel
from adiff_model.prediction_run import PredictionRun
from adiff_model.probes import Heard, HeardPair, Probe, find_heard, heard_pairs, probe_file


@dataclass(frozen=True)
class PredictionJob:
    """What to predict, with which model, and how; `predict` describes the fields."""

    dataset: str | Path | datasets.Dataset
    split: str | None
    audio_root: Path
    out: Path | None = None
    config: str | None = None
    tier: str | None = None
    checkpoint: str = BUNDLED
    limit: int | None = None
    batch_size: int = 32
    reading_threads: int = 1
    decoding: Decoding = field(default_factory=Decoding)
    reading: Reading = field(default_factory=Reading)
    cache: Path | None = None
    device: Device = "auto"
    compiled: bool = False
    int8: bool = False
    grounded: bool = False
    probe: Probe | None = None
    best_of: int = 1
    engine: Engine | None = None

    def __post_init__(self) -> None:
        """Raises InputError where the answers to choose from would all be the same."""
        if self.best_of > 1 and not self.decoding.is_sampling:
            reason = "greedy answers are all the same"
            raise InputError(reason, mend="give a `temperature` other than 1.0 with `best_of`")

    def settings(self, tasks: Sequence[Task]) -> dict[str, Any]:
        """The settings that determine the answers: a file made with other settings is not resumed.

        Args:
            tasks: those of the whole split; they identify a dataset in memory, which has no name.

        Raises:
            InputError: there is no such checkpoint.
        """
        settings = {name: getattr(self, name) for name in ("split", "tier", CHECKPOINT, "int8")}
        settings |= identity_of(self.dataset, self.config, tasks) | {WEIGHTS: checkpoint_digest(self.checkpoint)}
        settings |= {"probe": self.probe} if self.probe else {}
        settings |= {"grounded": True} if self.grounded else {}
        settings |= {"best_of": self.best_of} if self.best_of > 1 else {}
        return settings | {**vars(self.reading), "decoding": vars(self.decoding)}


@checks_arguments
def predict(  # noqa: PLR0913 - a public call names each of its options
    dataset: str | Path | datasets.Dataset,
    *,
    split: str | None = None,
    audio_root: str | Path,
    out: str | Path | None = None,
    config: str | None = None,
    tier: str | None = None,
    checkpoint: str | Path = BUNDLED,
    limit: PositiveInt | None = None,
    batch_size: PositiveInt = 32,
    reading_threads: NonNegativeInt = 1,
    max_len: PositiveInt = 300,
    temperature: PositiveFloat = 1.0,
    top_p: float | None = None,
    beams: PositiveInt = 1,
    seed: int = 0,
    window: Window = "start",
    resampler: Resampler = "soxr",
    cache: str | Path | None = None,
    device: Device = "auto",
    compiled: bool = False,
    int8: bool = False,
    grounded: bool = False,
    probe: Probe | None = None,
    best_of: PositiveInt = 1,
    engine: Engine | None = None,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Prediction]:
    """Predicts the explanations of a split: every pair and tier once.

    Args:
        dataset: `ORG/NAME` on the Hub, a published or a built folder, or a split that `load_split` returned.
        split: the Hub's name (`test`) or the corpus' own (`evaluation`); not needed for a loaded split.
        audio_root: the folder of the recordings.
        out: a JSON-lines file to which predictions are appended as they are made; the same call resumes an interrupted
            run, and rows that this call does not ask for stay. None keeps them in memory.
        config: `acd`, `cld`, …; by default that of the built folder.
        tier: `fewwords`, `sentence`, `detail` or `similarity`; None for all that there are.
        checkpoint: `tiny`, a published `.ckpt`, or a converted or trained folder.
        limit: predict only the first `limit` rows.
        batch_size: the number of pairs that are answered together.
        reading_threads: how many threads read recordings while the model runs; 0 reads in between. Workers of an
            engine read in between.
        max_len, temperature, top_p, beams, seed: how answers are decoded; see `Decoding`.
        window, resampler: how recordings are read; see `Reading`.
        cache: a folder that stores encoded recordings for later runs.
        device, compiled, int8: how the model runs; see `ADIFF`.
        grounded: measure the recordings, and leave out of each answer what contradicts them; see `ADIFF`.
        probe: let the model hear other audio than the rows', and answer as if it were theirs: `swap` (the two
            exchanged), `same` (the first twice), `silence`, `noise` (of equal level), or `other` (other recordings of
            the split). With `out`, `predictions.swap.jsonl` and so on are written beside it, where `evaluate` finds
            them.
        best_of: draw up to so many answers to each row, until one passes the checks of form, talk and both sides, and
            keep the one with the fewest faults. Needs a `temperature` other than 1.0, or `top_p`.
        engine: where recordings are encoded and answered, by a model in each worker; None is this process, whose model
            has all its cores, or its GPU. The answers are the same.
        force: start over, and keep what is in `out` as `.bak`.
        progress: called with the progress of encoding and predicting.

    Returns:
        the predictions in the split's order. A row whose recording cannot be read has an empty prediction and a
        `fault`; with `out`, the next call predicts it again.

    Raises:
        InputError: the dataset, the folder of recordings or the checkpoint does not exist, or `out` was made with
            other settings or by another model.
        WorkError: the engine's workers cannot be reached, or are ended again and again.
    """
    job = PredictionJob(
        dataset=dataset,
        split=split,
        audio_root=Path(audio_root),
        out=None if out is None else probe_file(Path(out), probe) if probe else Path(out),
        config=config,
        tier=tier,
        checkpoint=str(checkpoint),
        limit=limit,
        batch_size=batch_size,
        reading_threads=reading_threads,
        decoding=Decoding(max_len, temperature, top_p=top_p, beams=beams, seed=seed),
        reading=Reading(window, resampler),
        cache=None if cache is None else Path(cache),
        device=device,
        compiled=compiled,
        int8=int8,
        grounded=grounded,
        probe=probe,
        best_of=best_of,
        engine=engine,
    )
    return run_prediction(job, force=force, progress=progress).predictions


def run_prediction(
    job: PredictionJob, *, force: bool = False, progress: ProgressCallback | None = None
) -> PredictionRun:
    """As `predict`, for a job; the result also says how much an earlier run had done."""
    all_tasks = list(load_tasks(job.dataset, job.split, job.config, job.tier))
    tasks = all_tasks[: job.limit]
    run = _Run(job, AudioFolder(job.audio_root), all_tasks, len(tasks), progress)
    if job.out is None:
        predictions: dict[str, Prediction] = {}
        if tasks:
            keep = lambda made: predictions.update({made.id: made})  # noqa: E731
            run.answer(_model_of(job), tasks, keep)
        return PredictionRun([predictions[task.id] for task in tasks], 0, None)
    file = PredictionFile(job.out, job.settings(all_tasks), tasks=tasks, split=all_tasks, force=force)
    model = _model_of(job) if file.missing else None
    with file:
        missing = file.missing
        if missing:
            run.answer(model or _model_of(job), missing, file.add)
    return PredictionRun(file.predictions, len(tasks) - len(missing), job.out)


def _model_of(job: PredictionJob) -> PredictionModel:
    settings = ModelSettings(
        checkpoint=job.checkpoint,
        device=job.device,
        compiled=job.compiled,
        int8=job.int8,
        grounded=job.grounded,
        reading=job.reading,
        cache=job.cache,
    )
    if engine := engine_elsewhere(job.engine):
        return ModelOnWorkers(settings, engine, batch_size=job.batch_size)
    return ModelHere(settings, batch_size=job.batch_size, reading_threads=job.reading_threads)


@dataclass(frozen=True)
class _Run:
    """How the tasks of a job are answered.

    Attributes:
        split: all tasks of the split.
        total: how many are asked for, with those that were answered before.
    """

    job: PredictionJob
    recordings: AudioFolder
    split: Sequence[Task]
    total: int
    progress: ProgressCallback | None

    def answer(self, model: PredictionModel, tasks: Sequence[Task], keep: Callable[[Prediction], None]) -> None:
        """Encodes what is heard, then answers the tasks; calls `keep` with each prediction of a finished batch."""
        pairs = heard_pairs(tasks, self.job.probe, self.split)
        with tempfile.TemporaryDirectory(prefix="adiff-", dir=self._place_of_substitutes) as substitutes:
            files, clips = self._encode(model, pairs, Path(substitutes))
            examples = [
                (files[first], files[second], task.prompt) for (first, second), task in zip(pairs, tasks, strict=True)
            ]
            self._explain(model, tasks, examples, clips, keep)

    def _explain(
        self,
        model: PredictionModel,
        tasks: Sequence[Task],
        examples: Sequence[tuple[str, str, str]],
        clips: Clips,
        keep: Callable[[Prediction], None],
    ) -> None:
        counter = ProgressCounter(self.progress, self._step, self.total, done=self.total - len(tasks))
        start, tokens = time.monotonic(), 0

        best_of, decoding = self.job.best_of, self.job.decoding
        missing = {index: Candidates[Explanation](task, best_of) for index, task in enumerate(tasks)}

        def take(asked: Sequence[int], place: int, explanation: Explanation) -> None:
            nonlocal tokens
            tokens += explanation.tokens
            index, candidates = asked[place], missing[asked[place]]
            if candidates.take(explanation, explanation.text) or explanation.fault:
                keep(_as_prediction(tasks[index], candidates.best, candidates.count if best_of > 1 else None))
                del missing[index]
                counter.advance(note=f"{tokens / (time.monotonic() - start):,.0f} tokens/s")

        for draw in range(best_of):
            asked = list(missing)
            questions = [examples[index] for index in asked]
            model.explain(questions, clips, replace(decoding, seed=decoding.seed + draw), partial(take, asked))

    @property
    def _step(self) -> str:
        return f"predict, {self.job.probe}" if self.job.probe else "predict"

    @property
    def _place_of_substitutes(self) -> Path | None:
        """Where silence and noise are written: for an engine beside the predictions, which its machines share."""
        return self.job.out.parent if self.job.out and engine_elsewhere(self.job.engine) else None

    def _encode(
        self, model: PredictionModel, pairs: Sequence[HeardPair], substitutes: Path
    ) -> tuple[dict[Heard, str], Clips]:
        """What each thing that is heard is called, and by that name its encoding, or why there is none."""
        found = find_heard(self.recordings, pairs, substitutes)
        files = {each: str(file) for each, file in found.items() if isinstance(file, Path)}
        clips = model.encode(files.values(), self.progress)
        for each, fault in found.items():
            if isinstance(fault, InputError):  # its pairs are kept with this fault
                files[each] = name = f"{self.recordings.root}: {each.filepath}"
                clips[name] = fault
        return files, clips


def _as_prediction(task: Task, explanation: Explanation, candidates: int | None) -> Prediction:
    return Prediction(
        **task.model_dump(),
        prediction=explanation.text,
        events1=_names_and_probabilities(explanation.events1),
        events2=_names_and_probabilities(explanation.events2),
        unheard=explanation.unheard,
        left_out=tuple((each.words, each.reason) for each in explanation.left_out),
        is_fallback=explanation.is_fallback,
        fault=str(explanation.fault) if explanation.fault else None,
        candidates=candidates,
    )


def _names_and_probabilities(events: Sequence[Event]) -> tuple[tuple[str, float], ...]:
    return tuple((event.name, event.probability) for event in events)
