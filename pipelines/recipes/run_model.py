"""A recipe's steps that need the model: its answers to a split, and how good they are."""

from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.sources import corpus_named
from adiff_model.checkpoints import weights_file
from adiff_model.evaluation.evaluate import REPORT, SCORES
from adiff_model.metrics.spice_parts import metrics_folder, missing_parts
from adiff_model.prediction import run_prediction
from pipelines.console import progress_bars, say
from pipelines.model_jobs import evaluate_by, prediction_job
from pipelines.recipes.schema import (
    Recipe,
    RecipeEvaluateSettings,
    RecipePredictSettings,
    built_tables,
    predictions_path,
    report_folder,
)
from pipelines.recipes.stamps import Stamps


def predict(recipe: Recipe, settings: RecipePredictSettings, stamps: Stamps, force: bool) -> None:
    """Answers the split; a run that was cut goes on."""
    if recipe.audio_root is None:
        raise InputError("predict: no audio_root", mend="the recipe or --audio-root names the recordings")
    out = predictions_path(recipe, settings.split)
    job = prediction_job(
        recipe.out,
        settings,
        split=settings.split,
        audio_root=recipe.audio_root,
        out=out,
        config=corpus_named(recipe.corpus).dataset,
    )
    tables = [path for path in built_tables(recipe, [settings.split]) if path.exists()]
    inputs = [*tables, weights_file(settings.checkpoint)]
    anew = force or stamps.has("predict")  # it ended once, from something else; a run that was cut goes on

    def make() -> None:
        with progress_bars() as progress:
            run = run_prediction(job, force=anew, progress=progress)
        say(f"{out}: {run.summary()}")
        run.require_all_answers()

    stamps.unless_current("predict", settings.model_dump(mode="json", exclude_defaults=True), inputs, [out], make)


def evaluate(
    recipe: Recipe, predicted: RecipePredictSettings, settings: RecipeEvaluateSettings, stamps: Stamps
) -> None:
    """Scores the answers, with a report."""
    predictions, out = predictions_path(recipe, predicted.split), report_folder(recipe)

    def make() -> None:
        own_split = str(recipe.out) if settings.baselines is True else settings.baselines or None
        evaluate_by(
            settings.model_copy(update={"baselines": own_split}),
            {Path(predicted.checkpoint).name: predictions},
            out=out,
            audio_root=recipe.audio_root,
        )
        say(f"evaluate: {out / REPORT}, written")

    inputs = [predictions, *built_tables(recipe, recipe.splits)]
    missing = [part.name for part in missing_parts(metrics_folder())]
    described = {**settings.model_dump(mode="json", exclude_defaults=True), "missing": missing}
    stamps.unless_current("evaluate", described, inputs, [out / REPORT, out / SCORES], make)
