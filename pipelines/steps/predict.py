"""`adiff predict`: the model over a whole split."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError, WorkError
from adiff_data.dataset.built_folder import find_built
from adiff_data.dataset.loading import load_split
from adiff_model.adiff import ADIFF, Explanation
from adiff_model.audio import Resampler, Window
from adiff_model.checkpoints import BUNDLED
from adiff_model.encoding import Reading, encode_clips
from adiff_model.generation import Decoding
from adiff_model.prediction_file import PredictionFile, Task
from pipelines.console import Bar, say


def predict(
    dataset: Annotated[str, typer.Argument(help="ORG/NAME on the Hub, a published folder, or a built one.")],
    split: Annotated[str, typer.Option(help="The Hub's name, or the corpus' own.")],
    audio_root: Annotated[Path, typer.Option(help="The recordings.")],
    out: Annotated[Path, typer.Option(help="The predictions, as JSON lines.")] = Path("predictions.jsonl"),
    config: Annotated[str | None, typer.Option(help="acd, cld … Default: a built folder's own.")] = None,
    tier: Annotated[str | None, typer.Option(help="fewwords, sentence or detail. Default: all.")] = None,
    checkpoint: Annotated[str, typer.Option(help="tiny, adiff_base.ckpt, or a converted folder.")] = BUNDLED,
    limit: Annotated[int | None, typer.Option(min=1, help="The first so many rows alone.")] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Pairs that are answered at once.")] = 32,
    workers: Annotated[int, typer.Option(min=0, help="Processes that read recordings meanwhile.")] = 1,
    max_len: Annotated[int, typer.Option(help="Tokens an answer at most.")] = 300,
    temperature: Annotated[float, typer.Option(help="1.0 is greedy; another value samples.")] = 1.0,
    top_p: Annotated[float | None, typer.Option(help="Samples from the likeliest tokens alone.")] = None,
    beams: Annotated[int, typer.Option(help="More than 1 searches for the likeliest answer.")] = 1,
    seed: Annotated[int, typer.Option(help="Of sampling.")] = 0,
    window: Annotated[Window, typer.Option(help="What is heard of a long recording.")] = "start",
    resampler: Annotated[Resampler, typer.Option(help="torchaudio repeats the published numbers.")] = "soxr",
    cache: Annotated[Path | None, typer.Option(help="A folder that keeps encoded clips for later runs.")] = None,
    cuda: Annotated[bool, typer.Option("--cuda", help="On the GPU, in bfloat16 where it has that.")] = False,
    compiled: Annotated[bool, typer.Option("--compile", help="torch.compile: for long runs.")] = False,
    int8: Annotated[
        bool, typer.Option("--int8", help="8-bit weights on the CPU: faster, other words now and then.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Begin anew where other predictions stand.")] = False,
) -> None:
    """Answer every row of a split. The same command goes on after a kill.

    Example: adiff predict data/CLD --split evaluation --audio-root recordings --checkpoint adiff_base.ckpt
    """
    job = PredictionJob(
        dataset=dataset,
        split=split,
        audio_root=audio_root,
        out=out,
        config=config or _own_config(dataset),
        tier=tier,
        checkpoint=checkpoint,
        limit=limit,
        batch_size=batch_size,
        workers=workers,
        decoding=Decoding(max_len, temperature, top_p=top_p, beams=beams, seed=seed),
        reading=Reading(window, resampler),
        cache=cache,
        cuda=cuda,
        compiled=compiled,
        int8=int8,
    )
    predict_split(job, force=force)


@dataclass(frozen=True)
class PredictionJob:
    """What is to be predicted, by what, and where to; as the command's options."""

    dataset: str
    split: str
    audio_root: Path
    out: Path
    config: str
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

    @property
    def settings(self) -> dict[str, object]:
        """What determines the answers."""
        own = {name: getattr(self, name) for name in ("dataset", "split", "tier", "checkpoint", "int8")}
        return own | {**vars(self.reading), "decoding": vars(self.decoding)}


def predict_split(job: PredictionJob, *, force: bool = False) -> None:
    """Answers every row that has no answer yet.

    Raises:
        InputError: the dataset, a recording's folder or the checkpoint is not there, or other predictions stand there.
        WorkError: rows have no answer, since their recordings cannot be read; all others are written.
    """
    tasks = list(read_tasks(job.dataset, job.config, job.split, job.tier))[: job.limit]
    folder, faults = AudioFolder(job.audio_root), 0
    with PredictionFile(job.out, job.settings, force=force) as file:
        missing = [task for task in tasks if not file.answers(task)]
        if missing:
            adiff = ADIFF(model_path=job.checkpoint, use_cuda=job.cuda, compiled=job.compiled, int8=job.int8)
            faults = _answer(adiff, missing, folder, file, job)
        file.put_in_order(tasks)
    done = len(tasks) - len(missing)
    say(f"{job.out}: {len(tasks):,} rows, {done:,} of them from before, {faults:,} without an answer")
    if faults:
        raise WorkError(
            f"{faults:,} rows have no answer: their recordings cannot be read",
            file=job.out,
            mend="mend them, and call again",
        )


def read_tasks(dataset: str, config: str, split: str, tier: str | None) -> Iterator[Task]:
    """Yields what to ask: each pair and tier once, with the answers of all rows of these two clips as references."""
    rows = load_split(dataset, config, split, tier)
    names = rows.features["tier"].names
    wanted = rows.select_columns(
        ["id", "audio1_path", "audio2_path", "caption1", "caption2", "tier", "prompt", "answer"]
    ).to_list()
    references: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for row in wanted:
        references[row["audio1_path"], row["audio2_path"], row["tier"]].append(row["answer"])
    seen = set()
    for row in wanted:
        if row["id"] in seen:
            continue
        seen.add(row["id"])
        yield Task(
            id=row["id"],
            filepath1=row["audio1_path"],
            filepath2=row["audio2_path"],
            tier=names[row["tier"]],
            prompt=row["prompt"],
            references=tuple(references[row["audio1_path"], row["audio2_path"], row["tier"]]),
            caption1=row["caption1"],
            caption2=row["caption2"],
        )


def _answer(adiff: ADIFF, tasks: list[Task], folder: AudioFolder, file: PredictionFile, job: PredictionJob) -> int:
    """Encodes the clips, then answers; returns how many rows have no answer."""
    place = {
        path: str(folder.find(path) or folder.root / path)
        for task in tasks
        for path in (task.filepath1, task.filepath2)
    }
    with Bar("encode", len(set(place.values())), unit="clips") as bar:
        clips = encode_clips(
            adiff.model,
            place.values(),
            reading=job.reading,
            cache=job.cache,
            workers=job.workers,
            advance=bar.advance,
        )
    began, tokens = time.monotonic(), 0

    def finished(number: int, explanation: Explanation) -> None:
        nonlocal tokens
        tokens += explanation.tokens
        file.add(tasks[number], explanation)
        bar.advance(note=f"{tokens / (time.monotonic() - began):,.0f} tokens/s")

    examples = [(place[task.filepath1], place[task.filepath2], task.prompt) for task in tasks]
    with Bar("predict", len(tasks)) as bar:
        explained = adiff.explain_encoded(examples, clips, job.decoding, batch_size=job.batch_size, finished=finished)
    return sum(explanation.fault is not None for explanation in explained)


def _own_config(dataset: str) -> str:
    if not any(Path(dataset).glob("*_adiff_*_answer.csv")):
        raise InputError("which config?", file=dataset, mend="give --config, such as cld")
    return find_built(dataset).config
