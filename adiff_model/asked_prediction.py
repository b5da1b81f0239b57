"""Predictions of a whole split by any model that hears, behind an OpenAI-compatible server.

What a checkpoint is asked, the server is asked: the published request beside the two recordings. Its answers go into
the same file, so that evaluation, probes and the report read them as they read a checkpoint's. Limits, retries and
money are those of `adiff_data.llm`; this needs no torch.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import datasets
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt

from adiff_data.annotation.failures import FailureWatch
from adiff_data.annotation.provenance import provenance_of
from adiff_data.audio.files import AudioFolder
from adiff_data.audio.sending import AudioAs, AudioFormat, AudioSender, AudioWindow, SendingOptions, SentPair
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import AdiffError, InputError, WorkError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.llm import (
    Dialogue,
    Dispatcher,
    Ledger,
    ModelOptions,
    Outcome,
    Price,
    Question,
    Request,
    RunOptions,
    checked,
    read_price,
    run_to_end,
    stop_on_signals,
)
from adiff_data.llm.account import KeptAccount
from adiff_data.llm.clients import AskedModel
from adiff_data.llm.options import keys_of, require_headers
from adiff_data.llm.request import expected_tokens_of, token_limit_of
from adiff_data.records import Provenance
from adiff_data.tiers import ANSWER_KINDS
from adiff_model.best_of import BestOf
from adiff_model.dataset_tasks import identity_of, load_tasks
from adiff_model.prediction_file import Prediction, PredictionFile, Task
from adiff_model.prediction_run import PredictionRun
from adiff_model.probes import Heard, HeardPair, Probe, find_heard, heard_pairs, probe_file

_GO_ON = "what is done is written; the same call goes on"
_SENDING, _RUN = SendingOptions(), RunOptions()
Keep = Callable[[Prediction], None]


@dataclass(frozen=True)
class AskedPredictionJob:
    """What to ask, of whom, and how recordings are sent; `predict_with` describes the fields."""

    dataset: str | Path | datasets.Dataset
    split: str | None
    audio_root: Path
    asked: AskedModel
    sending: SendingOptions = field(default_factory=SendingOptions)
    out: Path | None = None
    config: str | None = None
    tier: str | None = None
    limit: int | None = None
    probe: Probe | None = None
    best_of: int = 1

    def __post_init__(self) -> None:
        """Raises InputError where the answers to choose from would all be the same."""
        model = self.asked.model
        if self.best_of > 1 and not model.extra_body.get("temperature", model.temperature):
            raise InputError("answers at temperature 0 are all the same", mend="give `temperature` with `best_of`")

    def settings(self, tasks: Sequence[Task]) -> dict[str, Any]:
        """The settings that determine the answers, without a key: a file made with other settings is not continued.

        Args:
            tasks: those of the whole split; they identify a dataset in memory, which has no name.

        Raises:
            InputError: the config must be named.
        """
        settings = {"split": self.split, "tier": self.tier, "asked": self.asked.model.recorded}
        settings |= {"audio": self.sending.model_dump(), **identity_of(self.dataset, self.config, tasks)}
        settings |= {"probe": self.probe} if self.probe else {}
        return settings | ({"best_of": self.best_of} if self.best_of > 1 else {})


@checks_arguments
def predict_with(  # noqa: PLR0913 - a public call names each of its options
    dataset: str | Path | datasets.Dataset,
    *,
    model: str,
    base_url: str | Sequence[str] | None = None,
    split: str | None = None,
    audio_root: str | Path,
    out: str | Path | None = None,
    config: str | None = None,
    tier: str | None = None,
    limit: PositiveInt | None = None,
    api_key: str | Sequence[str] | None = None,
    headers: Mapping[str, str] | None = None,
    temperature: NonNegativeFloat = 0.0,
    seed: int | None = 0,
    max_tokens: PositiveInt | None = None,
    reasoning_effort: str | None = None,
    extra_body: Mapping[str, Any] | None = None,
    audio_as: AudioAs = _SENDING.audio_as,
    audio_format: AudioFormat = _SENDING.audio_format,
    audio_rate: PositiveInt | None = None,
    audio_seconds: PositiveFloat = _SENDING.audio_seconds,
    audio_window: AudioWindow = _SENDING.audio_window,
    audio_gap: PositiveFloat = _SENDING.audio_gap,
    concurrency: int = _RUN.concurrency,
    rpm: float | None = None,
    tpm: float | None = None,
    timeout: float = _RUN.timeout,
    max_attempts: int = _RUN.max_attempts,
    patience: float | None = None,
    max_failures: int | str | None = None,
    budget: float | None = None,
    price: Price | None = None,
    probe: Probe | None = None,
    best_of: PositiveInt = 1,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Prediction]:
    """Predicts the explanations of a split by a model that hears, behind an OpenAI-compatible server.

    Args:
        dataset, split, audio_root, config, tier, limit, probe, force, progress: as in `predict`.
        model, base_url, api_key, headers, temperature, seed, max_tokens, reasoning_effort, extra_body, concurrency,
            rpm, tpm, timeout, max_attempts, patience, max_failures, price: as in `adiff_data.annotate`.
        out: a JSON-lines file to which predictions are appended as they come; the same call goes on. What was spent
            stands beside it, in `{stem}.account.json`.
        audio_as: `parts` sends two recordings with their labels, `joined` one with `audio_gap` seconds of silence
            between the two.
        audio_format: `wav` (16 bits), `float` (WAV of 32-bit floats, which loses nothing) or `mp3`.
        audio_rate: samples a second; by default each recording's own.
        audio_seconds, audio_window: how much of a recording is sent, and of a longer one which part (`start`, `middle`,
            `loudest`).
        budget: US dollars that are never exceeded, over all runs on the same `out`.
        best_of: ask for up to so many answers to each row, until one passes the checks of form, talk and both sides,
            and keep the one with the fewest faults. Needs a `temperature` above 0.

    Returns:
        the predictions in the split's order, each with its `provenance`. One that got no answer has an empty prediction
        and a `fault`; with `out`, the next call asks for it again. What the token limit cuts each time is kept, as
        `predict` keeps it; the `finish_reason` of its provenance says so.

    Raises:
        InputError: an option or the input is wrong, or `out` was made with other settings. Nothing was asked.
        WorkError: the run ended before all rows were there; with `out`, the same call goes on.
    """
    model_options = checked(
        ModelOptions,
        model=model,
        base_url=base_url,
        temperature=temperature,
        seed=seed,
        max_tokens=max_tokens,
        reasoning_effort=reasoning_effort,
        extra_body=dict(extra_body or {}),
    )
    run_options = checked(
        RunOptions,
        concurrency=concurrency,
        rpm=rpm,
        tpm=tpm,
        timeout=timeout,
        max_attempts=max_attempts,
        patience=patience,
        max_failures=max_failures,
        budget=budget,
    )
    sending = SendingOptions(
        audio_as=audio_as,
        audio_format=audio_format,
        audio_rate=audio_rate,
        audio_seconds=audio_seconds,
        audio_window=audio_window,
        audio_gap=audio_gap,
    )
    asked = AskedModel(
        model_options,
        run_options,
        keys_of(api_key, model_options.base_url),
        price=price or read_price(model),
        headers=require_headers(headers or {}),
    )
    path = None if out is None else probe_file(Path(out), probe) if probe else Path(out)
    job = AskedPredictionJob(
        dataset,
        split,
        Path(audio_root),
        asked,
        sending,
        out=path,
        config=config,
        tier=tier,
        limit=limit,
        probe=probe,
        best_of=best_of,
    )
    return run_asked_prediction(job, force=force, progress=progress).predictions


def run_asked_prediction(
    job: AskedPredictionJob, *, force: bool = False, progress: ProgressCallback | None = None
) -> PredictionRun:
    """As `predict_with`, for a job; the result also says how much an earlier run had done."""
    split = list(load_tasks(job.dataset, job.split, job.config, job.tier))
    tasks = split[: job.limit]
    run = _Run(job, AudioFolder(job.audio_root), split, len(tasks), progress)
    if job.out is None:
        predictions: dict[str, Prediction] = {}
        run.answer(tasks, lambda made: predictions.update({made.id: made}), Ledger(job.asked.options.budget))
        return PredictionRun([predictions[task.id] for task in tasks], 0, None)
    with PredictionFile(job.out, job.settings(split), tasks=tasks, split=split, force=force) as file:
        missing = file.missing
        if missing:
            known = sum(row.provenance.cost or 0.0 for row in file.predictions if row.provenance)
            account_path = job.out.with_name(f"{job.out.stem}.account.json")
            with KeptAccount(account_path, job.asked.options.budget, known) as account:
                run.answer(missing, file.add, account.ledger)
    return PredictionRun(file.predictions, len(tasks) - len(missing), job.out)


@dataclass(frozen=True)
class _Made:
    """A prediction, as it is watched for failures."""

    prediction: Prediction
    provenance: Provenance

    @property
    def failed(self) -> bool:
        return self.prediction.fault is not None


@dataclass(frozen=True)
class _Run:
    """How the tasks of a job are asked.

    Attributes:
        split: all tasks of the split.
        total: how many are wanted, with those that were answered before.
    """

    job: AskedPredictionJob
    recordings: AudioFolder
    split: Sequence[Task]
    total: int
    progress: ProgressCallback | None

    def answer(self, tasks: Sequence[Task], keep: Keep, ledger: Ledger) -> None:
        """Asks for the tasks; calls `keep` with each prediction as it comes.

        Raises:
            WorkError: the run ended before all were answered.
        """
        job = self.job
        step = f"predict, {job.probe}" if job.probe else "predict"
        counter = ProgressCounter(self.progress, step, self.total, done=self.total - len(tasks))
        watch = FailureWatch[_Made](lambda made: keep(made.prediction), job.asked.options.most_failures_of(self.total))
        finished = 0

        def finish(prediction: Prediction, provenance: Provenance) -> None:
            nonlocal finished
            watch.write(_Made(prediction, provenance))
            finished += 1
            counter.advance()

        with tempfile.TemporaryDirectory(prefix="adiff-") as folder, AudioSender(job.sending) as sender:
            pairs = heard_pairs(tasks, job.probe, self.split)
            questions = _Questions(job, sender, find_heard(self.recordings, pairs, Path(folder)), finish)

            async def ask() -> None:
                async with job.asked.open_clients() as clients:
                    tell = partial(counter.advance, 0)
                    dispatcher = Dispatcher(
                        clients,
                        job.asked.model,
                        job.asked.options,
                        price=job.asked.price,
                        ledger=ledger,
                        tell=lambda line: tell(note=line),
                    )
                    with stop_on_signals(dispatcher.stop):
                        await dispatcher.run(questions.about(tasks, pairs, lambda: dispatcher.left_out))
                watch.write_kept_back()

            run_to_end(ask())
        if finished < len(tasks):
            raise WorkError(f"stopped with {len(tasks) - finished:,} rows left", mend=_GO_ON)


@dataclass(frozen=True)
class _Questions:
    """The questions of a run.

    Attributes:
        files: of each thing that is heard, its file, or why there is none.
        finish: takes each prediction, and how it came to be.
    """

    job: AskedPredictionJob
    sender: AudioSender
    files: Mapping[Heard, Path | InputError]
    finish: Callable[[Prediction, Provenance], None]

    def about(
        self, tasks: Sequence[Task], pairs: Sequence[HeardPair], left_out: Callable[[], Sequence[str]]
    ) -> Iterator[Dialogue]:
        """Yields a dialogue for each task whose recordings can be sent; the others are finished with their fault.

        Args:
            left_out: tells the parameters that the server does not take.
        """
        for task, pair in zip(tasks, pairs, strict=True):
            try:
                sent = self._sent(pair)
            except AdiffError as fault:
                self._finish(task, Provenance(annotator="llm", failure=str(fault)), "")
                continue
            yield self._dialogue(task, sent, left_out)

    def _finish(self, task: Task, provenance: Provenance, answer: str, candidates: int | None = None) -> None:
        fields = task.model_dump() | {"prediction": answer, "fault": provenance.failure, "candidates": candidates}
        self.finish(Prediction(**fields, provenance=provenance), provenance)

    def _sent(self, pair: HeardPair) -> SentPair:
        paths = []
        for heard in pair:
            file = self.files[heard]
            if isinstance(file, InputError):
                raise file
            paths.append(file)
        return self.sender.pair(paths[0], paths[1])

    def _dialogue(self, task: Task, sent: SentPair, left_out: Callable[[], Sequence[str]]) -> Dialogue:
        asked, best_of = self.job.asked, self.job.best_of
        recorded = sent.recorded  # without the content, which is let go with the question

        def finish(outcome: Outcome, candidates: int | None = None) -> None:
            request = asked.model.parameters | {"base_url": asked.model.recorded["base_url"], "heard": recorded}
            request |= {"left_out": list(names)} if (names := left_out()) else {}
            prompt_hash = hashlib.sha256(task.prompt.encode()).hexdigest()
            provenance = provenance_of(
                outcome, asked.model, request, prompt_version="published", prompt_hash=prompt_hash
            )
            self._finish(task, provenance, outcome.text, candidates)

        if best_of == 1:
            return self._question(task, sent, 0, finish)
        return BestOf(task, best_of, partial(self._question, task, sent), finish)

    def _question(self, task: Task, sent: SentPair, number: int, finish: Callable[[Outcome], None]) -> Question:
        """The question for one of the answers, which is drawn with seeds of its own."""
        asked, words = self.job.asked, ANSWER_KINDS[task.tier].words
        return Question(
            Request(
                [{"role": "user", "content": sent.content(task.prompt)}],
                token_limit_of(words),
                expected_tokens_of(words),
                audio_seconds=sent.seconds,
                draw=number * asked.options.max_attempts,
            ),
            max_attempts=asked.options.max_attempts,
            price=asked.price,
            finish=finish,
            may_raise_limit=not asked.model.limit_is_given,
            may_be_cut=True,
        )
