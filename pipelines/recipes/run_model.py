"""A recipe's steps that need the model: its answers to a split, and what they are worth."""

from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.sources import CORPORA
from adiff_model.checkpoints import weights_file
from adiff_model.encoding import Reading
from adiff_model.generation import Decoding
from adiff_model.metrics.spice_parts import metrics_folder, missing_parts
from pipelines.console import say
from pipelines.recipes.schema import (
    Recipe,
    RecipeEvaluateSettings,
    RecipePredictSettings,
    built_tables,
    predictions_path,
    report_folder,
)
from pipelines.recipes.stamps import Stamps
from pipelines.steps.evaluate import REPORT, SCORES, evaluate_files
from pipelines.steps.predict import PredictionJob, predict_split


def predict(recipe: Recipe, settings: RecipePredictSettings, stamps: Stamps, force: bool) -> None:
    """Answers the split; a run that was cut goes on."""
    if recipe.audio_root is None:
        raise InputError("predict: no audio_root", mend="the recipe or --audio-root names the recordings")
    config, out = CORPORA[recipe.corpus].dataset, predictions_path(recipe, settings.split)
    job = PredictionJob(
        dataset=str(recipe.out),
        split=settings.split,
        audio_root=recipe.audio_root,
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
        compiled=settings.compile,
        int8=settings.int8,
    )
    tables = [path for path in built_tables(recipe, [settings.split]) if path.exists()]
    inputs = [*tables, weights_file(settings.checkpoint)]
    anew = force or stamps.has("predict")  # it ended once, from something else; a run that was cut goes on
    described = settings.model_dump(mode="json", exclude_defaults=True)
    stamps.unless_current("predict", described, inputs, [out], lambda: predict_split(job, force=anew))


def evaluate(
    recipe: Recipe, predicted: RecipePredictSettings, settings: RecipeEvaluateSettings, stamps: Stamps
) -> None:
    """Scores the answers, with a report."""
    predictions, out = predictions_path(recipe, predicted.split), report_folder(recipe)
    name = Path(predicted.checkpoint).name

    def make() -> None:
        own = settings.model_dump(include={"spice", "rows", "browse"})
        baselines = str(recipe.out) if settings.baselines is True else settings.baselines or None
        evaluate_files([f"{name}={predictions}"], out, audio_root=recipe.audio_root, baselines=baselines, **own)
        say(f"evaluate: {out / REPORT}, written")

    inputs = [predictions, *built_tables(recipe, recipe.splits)]
    described = {
        **settings.model_dump(mode="json", exclude_defaults=True),
        "missing": [part.name for part in missing_parts(metrics_folder())],
    }
    stamps.unless_current("evaluate", described, inputs, [out / REPORT, out / SCORES], make)
