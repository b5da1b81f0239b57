"""What the command and recipes share of predicting: from settings to the library's calls."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from adiff_data.core.progress import LineCallback, ProgressCallback
from adiff_data.engines.engine import Engine
from adiff_model.encoding import Reading
from adiff_model.generation import Decoding
from adiff_model.prediction import PredictionJob, run_prediction
from adiff_model.probes import probe_file
from pipelines.asked_prediction import report_runs
from pipelines.settings import PredictSettings


def prediction_jobs(
    dataset: str | Path,
    settings: PredictSettings,
    *,
    split: str,
    audio_root: Path,
    out: Path,
    config: str | None,
    engine: Engine,
) -> Iterator[PredictionJob]:
    """The jobs that settings describe: the rows as they are, then under each probe, into files beside `out`."""
    job = PredictionJob(
        dataset=dataset,
        split=split,
        audio_root=audio_root,
        out=out,
        config=config,
        tier=settings.tier,
        checkpoint=settings.checkpoint,
        limit=settings.limit,
        batch_size=settings.batch_size,
        reading_threads=settings.reading_threads,
        decoding=Decoding(
            settings.max_len, _temperature(settings), top_p=settings.top_p, beams=settings.beams, seed=settings.seed
        ),
        reading=Reading(settings.window, settings.resampler),
        cache=settings.cache,
        device=settings.device,
        compiled=settings.compiled,
        int8=settings.int8,
        grounded=settings.grounded,
        best_of=settings.best_of,
        engine=engine,
    )
    yield job
    for probe in dict.fromkeys(settings.probe):
        yield replace(job, probe=probe, out=probe_file(out, probe))


def _temperature(settings: PredictSettings) -> float:
    return 1.0 if settings.temperature is None else settings.temperature


def run_jobs(
    jobs: Iterable[PredictionJob], *, force: bool, report: LineCallback, progress: ProgressCallback | None
) -> None:
    """Does all jobs, each with a line on what it made.

    Raises:
        InputError: as `run_prediction`.
        WorkError: as `run_prediction`; at the end of all of them, where rows have no answer.
    """
    report_runs(jobs, partial(run_prediction, force=force, progress=progress), report)
