"""What the command and recipes share of predicting by a model behind a server, which needs no torch."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from adiff_data.core.progress import LineCallback, ProgressCallback
from adiff_data.llm import read_price
from adiff_data.llm.clients import AskedModel
from adiff_data.llm.options import read_keys
from adiff_model.asked_prediction import AskedPredictionJob, run_asked_prediction
from adiff_model.prediction_run import PredictionRun
from adiff_model.probes import probe_file
from pipelines.settings import PredictSettings


class _HasFile(Protocol):
    @property
    def out(self) -> Path | None:
        """Where its predictions go."""


AnyJob = TypeVar("AnyJob", bound=_HasFile)


def asked_jobs(
    dataset: str | Path,
    settings: PredictSettings,
    model: str,
    *,
    split: str,
    audio_root: Path,
    out: Path,
    config: str | None,
) -> Iterator[AskedPredictionJob]:
    """The jobs that settings describe for a model behind a server: the rows as they are, then under each probe.

    Raises:
        InputError: a key, a price or a header is missing or wrong.
    """
    options = settings.model_options(model)
    asked = AskedModel(
        options,
        settings.run_options(),
        read_keys(settings.api_key_file, options.base_url),
        price=read_price(model, settings.prices),
        headers=settings.headers(),
    )
    job = AskedPredictionJob(
        dataset,
        split,
        audio_root,
        asked,
        settings.sending_options(),
        out=out,
        config=config,
        tier=settings.tier,
        limit=settings.limit,
        best_of=settings.best_of,
    )
    yield job
    for probe in dict.fromkeys(settings.probe):
        yield replace(job, probe=probe, out=probe_file(out, probe))


def run_asked_jobs(
    jobs: Iterable[AskedPredictionJob], *, force: bool, report: LineCallback, progress: ProgressCallback | None
) -> None:
    """Does all jobs, each with a line on what it made.

    Raises:
        InputError, WorkError: as `report_runs`.
    """
    report_runs(jobs, partial(run_asked_prediction, force=force, progress=progress), report)


def report_runs(jobs: Iterable[AnyJob], run: Callable[[AnyJob], PredictionRun], report: LineCallback) -> None:
    """Does all jobs, each with a line on what it made.

    Raises:
        InputError: as `run`.
        WorkError: as `run`; at the end of all of them, where rows have no answer.
    """
    runs = []
    for job in jobs:
        runs.append(run(job))
        report(f"{job.out}: {runs[-1].summary()}")
    for done in runs:
        done.require_all_answers()
