"""A recipe's steps that need the model: its answers to a split, and what they are worth."""

from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.sources import CORPORA
from adiff_model.checkpoints import weights_file
from adiff_model.evaluation.evaluate import REPORT, SCORES
from adiff_model.evaluation.evaluate import evaluate as evaluate_systems
from adiff_model.metrics.spice_parts import metrics_folder, missing_parts
from adiff_model.prediction import PredictionJob, run_prediction
from pipelines.console import progress_bars, say
from pipelines.recipes.schema import (
    EvaluateSettings,
    PredictSettings,
    Recipe,
    built_tables,
    predictions_path,
    report_folder,
)
from pipelines.recipes.stamps import Stamps


def predict(recipe: Recipe, settings: PredictSettings, stamps: Stamps, force: bool) -> None:
    """Answers the split; a run that was cut goes on."""
    if recipe.audio_root is None:
        raise InputError("predict: no audio_root", mend="the recipe or --audio-root names the recordings")
    config, out = CORPORA[recipe.corpus].dataset, predictions_path(recipe, settings.split)
    job = PredictionJob(
        dataset=recipe.out,
        audio_root=recipe.audio_root,
        out=out,
        config=config,
        split=settings.split,
        checkpoint=settings.checkpoint,
        tier=settings.tier,
        limit=settings.limit,
    )
    tables = [path for path in built_tables(recipe, [settings.split]) if path.exists()]
    inputs = [*tables, weights_file(settings.checkpoint)]
    anew = force or stamps.has("predict")  # it ended once, from something else; a run that was cut goes on

    def make() -> None:
        with progress_bars() as progress:
            run = run_prediction(job, force=anew, progress=progress)
        say(f"{out}: {run.summary()}")
        run.require_all_answers()

    stamps.unless_current("predict", settings.model_dump(), inputs, [out], make)


def evaluate(recipe: Recipe, predicted: PredictSettings, settings: EvaluateSettings, stamps: Stamps) -> None:
    """Scores the answers, with a report."""
    predictions, out = predictions_path(recipe, predicted.split), report_folder(recipe)
    name = Path(predicted.checkpoint).name

    def make() -> None:
        with progress_bars() as progress:
            evaluate_systems(
                {name: predictions},
                out=out,
                audio_root=recipe.audio_root,
                baselines=recipe.out if settings.baselines else None,
                rows=settings.rows,
                spice=settings.spice,
                browse=settings.browse,
                progress=progress,
            )
        say(f"evaluate: {out / REPORT}, written")

    inputs = [predictions, *built_tables(recipe, recipe.splits)]
    described = {**settings.model_dump(), "missing": [part.name for part in missing_parts(metrics_folder())]}
    stamps.unless_current("evaluate", described, inputs, [out / REPORT, out / SCORES], make)
