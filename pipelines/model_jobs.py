"""What the command and recipes share of predicting and evaluating: from settings to the library's calls."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from adiff_data.core.progress import ProgressCallback
from adiff_data.llm import ModelOptions, RunOptions, checked, read_key
from adiff_model.encoding import Reading
from adiff_model.evaluation.evaluate import evaluate
from adiff_model.evaluation.judge import Judge
from adiff_model.evaluation.scoring import Scores
from adiff_model.generation import Decoding
from adiff_model.prediction import PredictionJob
from pipelines.settings import EvaluateSettings, PredictSettings


def prediction_job(
    dataset: str | Path, settings: PredictSettings, *, split: str, audio_root: Path, out: Path, config: str | None
) -> PredictionJob:
    """The job that settings describe."""
    return PredictionJob(
        dataset=dataset,
        split=split,
        audio_root=audio_root,
        out=out,
        config=config,
        tier=settings.tier,
        checkpoint=settings.checkpoint,
        limit=settings.limit,
        batch_size=settings.batch_size,
        workers=settings.workers,
        decoding=Decoding(
            settings.max_len, settings.temperature, top_p=settings.top_p, beams=settings.beams, seed=settings.seed
        ),
        reading=Reading(settings.window, settings.resampler),
        cache=settings.cache,
        cuda=settings.cuda,
        compiled=settings.compiled,
        int8=settings.int8,
    )


def evaluate_by(
    settings: EvaluateSettings,
    predictions: Sequence[str] | Mapping[str, Path],
    *,
    out: Path,
    audio_root: Path | None,
    progress: ProgressCallback | None,
) -> Scores:
    """Evaluates predictions as settings say."""
    return evaluate(
        predictions,
        out=out,
        audio_root=audio_root,
        baselines=settings.baselines if isinstance(settings.baselines, str) else None,
        rows=settings.rows,
        spice=settings.spice,
        browse=settings.browse,
        judge=_judge(settings, out),
        progress=progress,
    )


def _judge(settings: EvaluateSettings, out: Path) -> Judge | None:
    if settings.judge is None:
        return None
    model = checked(ModelOptions, model=settings.judge, base_url=settings.judge_url, temperature=0.0)
    options = checked(RunOptions, concurrency=settings.concurrency)
    key = read_key(settings.api_key_file, settings.judge_url)
    return Judge(model, options, key, out / "judge", settings.judge_rows)
