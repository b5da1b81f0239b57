"""What the command and recipes share of evaluating, which needs no torch: from settings to the library's call."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback
from adiff_data.engines.engine import Engine
from adiff_data.llm import read_price
from adiff_data.llm.options import read_keys
from adiff_model.evaluation.evaluate import evaluate
from adiff_model.evaluation.judge import Judge
from adiff_model.evaluation.scoring import Scores
from pipelines.settings import EvaluateSettings


def evaluate_by(
    settings: EvaluateSettings,
    predictions: Sequence[str] | Mapping[str, Path],
    *,
    out: Path,
    audio_root: Path | None,
    study: Path | None = None,
    engine: Engine,
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
        spice_time_limit=settings.spice_time_limit,
        fense=settings.fense,
        browse=settings.browse,
        judge=_judge(settings, out, audio_root),
        study=study,
        engine=engine,
        progress=progress,
    )


def _judge(settings: EvaluateSettings, out: Path, audio_root: Path | None) -> Judge | None:
    if settings.judge is None:
        return None
    if settings.judge_hear and audio_root is None:
        raise InputError("`judge_hear` needs the recordings", mend="give `audio_root`")
    model, options = settings.model_options(settings.judge), settings.run_options()
    key, price = read_keys(settings.api_key_file, model.base_url), read_price(model.model, settings.prices)
    return Judge(
        model,
        options,
        key,
        out / "judge",
        settings.judge_rows,
        price=price,
        headers=settings.headers(),
        audio_root=audio_root if settings.judge_hear else None,
        sending=settings.sending_options(),
    )
