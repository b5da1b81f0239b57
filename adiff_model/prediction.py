"""The model over a whole split: `predict`, in memory or into a file that an interrupted run continues."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import datasets

from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.dataset.built_folder import find_built
from adiff_data.dataset.loading import load_split
from adiff_data.tiers import TIERS
from adiff_model.adiff import ADIFF, Explanation
from adiff_model.audio import Resampler, Window
from adiff_model.checkpoints import BUNDLED
from adiff_model.encoding import Reading, encode_clips
from adiff_model.events import Event
from adiff_model.generation import Decoding
from adiff_model.prediction_file import Prediction, PredictionFile, Task

_COLUMNS = ("id", "audio1_path", "audio2_path", "caption1", "caption2", "tier", "prompt", "answer")


@dataclass(frozen=True)
class PredictionJob:
    """What is to be predicted, by which model, and how; every field is described at `predict`."""

    dataset: str | Path | datasets.Dataset
    split: str | None
    audio_root: Path
    out: Path | None = None
    config: str | None = None
    tier: str | None = None
    checkpoint: str = BUNDLED
    limit: int | None = None
    batch_size: int = 32
    workers: int = 1
    decoding: Decoding = field(default_factory=Decoding)
    reading: Reading = field(default_factory=Reading)
    cache: Path | None = None
    cuda: bool = False
    compiled: bool = False
    int8: bool = False

    def settings(self, tasks: Sequence[Task]) -> dict[str, Any]:
        """What determines the answers: a file made with other settings is not continued.

        Args:
            tasks: of the whole split; they stand for a dataset that has no name since it is in memory.
        """
        loaded = isinstance(self.dataset, datasets.Dataset)
        chosen = {name: getattr(self, name) for name in ("split", "tier", "checkpoint", "int8")}
        chosen["dataset"] = f"in memory, SHA-256 {_digest(tasks)}" if loaded else str(self.dataset)
        return chosen | {**vars(self.reading), "decoding": vars(self.decoding)}


@dataclass(frozen=True)
class PredictionRun:
    """What came of a job.

    Attributes:
        predictions: of every row, in the split's order.
        resumed: how many of them an earlier run had left in the file.
        out: the file, if any.
    """

    predictions: list[Prediction]
    resumed: int
    out: Path | None

    @property
    def unanswered(self) -> int:
        """Rows without an answer, since their recordings cannot be read."""
        return sum(prediction.fault is not None for prediction in self.predictions)

    def summary(self) -> str:
        """The counts, in words."""
        rows = len(self.predictions)
        return f"{rows:,} rows, {self.resumed:,} of them from before, {self.unanswered:,} without an answer"

    def require_all_answers(self) -> None:
        """Raises WorkError where a row has no answer."""
        if self.unanswered:
            raise WorkError(
                f"{self.unanswered:,} rows have no answer: their recordings cannot be read",
                file=self.out,
                mend="repair or replace them, and run the same command again",
            )


def predict(  # noqa: PLR0913 - a public call names each of its options
    dataset: str | Path | datasets.Dataset,
    *,
    split: str | None = None,
    audio_root: str | Path,
    out: str | Path | None = None,
    config: str | None = None,
    tier: str | None = None,
    checkpoint: str | Path = BUNDLED,
    limit: int | None = None,
    batch_size: int = 32,
    workers: int = 1,
    max_len: int = 300,
    temperature: float = 1.0,
    top_p: float | None = None,
    beams: int = 1,
    seed: int = 0,
    window: Window = "start",
    resampler: Resampler = "soxr",
    cache: str | Path | None = None,
    cuda: bool = False,
    compiled: bool = False,
    int8: bool = False,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Prediction]:
    """Lets a model explain every pair of a split, each pair and tier once.

    Args:
        dataset: `ORG/NAME` on the Hub, a published or a built folder, or a split that `load_split` returned.
        split: the Hub's name (`test`) or the corpus' own (`evaluation`); not needed for a loaded split.
        audio_root: the folder of the recordings.
        out: a JSON-lines file that keeps the predictions as they come; the same call continues an interrupted run.
            None keeps them in memory.
        config: `acd`, `cld`, …; by default a built folder's own.
        tier: `fewwords`, `sentence` or `detail`; None for all.
        checkpoint: `tiny`, a published `.ckpt`, or a converted or trained folder.
        limit: predict only the first `limit` rows.
        batch_size: pairs that are answered at once.
        workers: processes that read recordings while the model runs.
        max_len, temperature, top_p, beams, seed: how answers are chosen; see `Decoding`.
        window, resampler: how recordings are read; see `Reading`.
        cache: a folder that keeps encoded recordings for later runs.
        cuda, compiled, int8: how the model runs; see `ADIFF`.
        force: starts over where `out` was made with other settings.
        progress: called with what is done so far, of encoding and of predicting.

    Returns:
        the predictions in the split's order. A row whose recording cannot be read has an empty prediction and a
        `fault`; with `out`, the next call tries it again.

    Raises:
        InputError: the dataset, the folder of recordings or the checkpoint does not exist, or `out` was made with
            other settings.
    """
    job = PredictionJob(
        dataset=dataset,
        split=split,
        audio_root=Path(audio_root),
        out=None if out is None else Path(out),
        config=config,
        tier=tier,
        checkpoint=str(checkpoint),
        limit=limit,
        batch_size=batch_size,
        workers=workers,
        decoding=Decoding(max_len, temperature, top_p=top_p, beams=beams, seed=seed),
        reading=Reading(window, resampler),
        cache=None if cache is None else Path(cache),
        cuda=cuda,
        compiled=compiled,
        int8=int8,
    )
    return run_prediction(job, force=force, progress=progress).predictions


def run_prediction(
    job: PredictionJob, *, force: bool = False, progress: ProgressCallback | None = None
) -> PredictionRun:
    """As `predict`, for a job; also tells what an earlier run had done."""
    all_tasks = list(read_tasks(_load(job), job.tier))
    tasks, recordings = all_tasks[: job.limit], AudioFolder(job.audio_root)
    if job.out is None:
        answered: dict[str, Prediction] = {}
        _answer(job, tasks, recordings, lambda prediction: answered.update({prediction.id: prediction}), progress)
        return PredictionRun([answered[task.id] for task in tasks], 0, None)
    with PredictionFile(job.out, job.settings(all_tasks), force=force) as file:
        missing = [task for task in tasks if not file.has_answer_to(task)]
        _answer(job, missing, recordings, file.add, progress, resumed=len(tasks) - len(missing))
        file.put_in_order(tasks)
    return PredictionRun(file.predictions(tasks), len(tasks) - len(missing), job.out)


def read_tasks(rows: datasets.Dataset, tier: str | None = None) -> Iterator[Task]:
    """Yields what to ask: each pair and tier once, with the answers of all rows of this pair and tier as references.

    Args:
        rows: a split, as `load_split` returns it.
        tier: leaves out the other tiers.
    """
    tier_names = rows.features["tier"].names
    fields = rows.select_columns(list(_COLUMNS)).to_list()
    references: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for row in fields:
        references[row["audio1_path"], row["audio2_path"], row["tier"]].append(row["answer"])
    seen = set()
    for row in fields:
        name = tier_names[row["tier"]]
        if row["id"] in seen or tier not in (None, name):
            continue
        seen.add(row["id"])
        yield Task(
            id=row["id"],
            filepath1=row["audio1_path"],
            filepath2=row["audio2_path"],
            tier=name,
            prompt=row["prompt"],
            references=tuple(references[row["audio1_path"], row["audio2_path"], row["tier"]]),
            caption1=row["caption1"],
            caption2=row["caption2"],
        )


def _load(job: PredictionJob) -> datasets.Dataset:
    if isinstance(job.dataset, datasets.Dataset):
        if job.tier is not None and job.tier not in TIERS:
            raise InputError(f"no tier '{job.tier}'", mend=f"one of {', '.join(TIERS)}")
        return job.dataset
    if job.split is None:
        raise InputError("which split?", file=job.dataset, mend="name one, such as evaluation")
    return load_split(job.dataset, job.config or _config_of(job.dataset), job.split, job.tier)


def _config_of(dataset: str | Path) -> str:
    if not any(Path(dataset).glob("*_adiff_*_answer.csv")):
        raise InputError("which config?", file=dataset, mend="give --config, such as cld")
    return find_built(str(dataset)).config


def _answer(
    job: PredictionJob,
    tasks: Sequence[Task],
    recordings: AudioFolder,
    keep: Callable[[Prediction], None],
    progress: ProgressCallback | None,
    *,
    resumed: int = 0,
) -> None:
    """Encodes the recordings, then answers the tasks; `keep` gets each prediction when its batch is done."""
    if not tasks:
        return
    adiff = ADIFF(model_path=job.checkpoint, use_cuda=job.cuda, compiled=job.compiled, int8=job.int8)
    filepaths = dict.fromkeys(path for task in tasks for path in (task.filepath1, task.filepath2))
    files = {path: str(recordings.find(path) or recordings.root / path) for path in filepaths}
    clips = encode_clips(
        adiff.model, files.values(), reading=job.reading, cache=job.cache, workers=job.workers, progress=progress
    )
    counter = ProgressCounter(progress, "predict", resumed + len(tasks), done=resumed)
    began, tokens = time.monotonic(), 0

    def finish(number: int, explanation: Explanation) -> None:
        nonlocal tokens
        tokens += explanation.tokens
        keep(_as_prediction(tasks[number], explanation))
        counter.advance(note=f"{tokens / (time.monotonic() - began):,.0f} tokens/s")

    examples = [(files[task.filepath1], files[task.filepath2], task.prompt) for task in tasks]
    adiff.explain_encoded(examples, clips, job.decoding, batch_size=job.batch_size, finished=finish)


def _as_prediction(task: Task, explanation: Explanation) -> Prediction:
    return Prediction(
        **task.model_dump(),
        prediction=explanation.text,
        events1=_names_and_probabilities(explanation.events1),
        events2=_names_and_probabilities(explanation.events2),
        unheard=explanation.unheard,
        fault=str(explanation.fault) if explanation.fault else None,
    )


def _names_and_probabilities(events: Sequence[Event]) -> tuple[tuple[str, float], ...]:
    return tuple((event.name, event.probability) for event in events)


def _digest(tasks: Sequence[Task]) -> str:
    digest = hashlib.sha256()
    for task in tasks:
        digest.update(task.model_dump_json().encode())
    return digest.hexdigest()
