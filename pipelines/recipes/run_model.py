"""A recipe's steps that need the model: its answers to a split, and how good they are."""

from pathlib import Path
from typing import Any

from adiff_data.core.errors import InputError
from adiff_data.dataset.layout import hub_split
from adiff_data.sources import corpus_named
from adiff_model.checkpoints import weights_file
from adiff_model.evaluation.baselines import TRAINING_SPLIT
from adiff_model.evaluation.evaluate import REPORT, SCORES
from adiff_model.metrics.spice_files import metrics_folder, missing_files
from adiff_model.probes import probe_file
from pipelines.asked_prediction import asked_jobs, run_asked_jobs
from pipelines.evaluation import evaluate_by
from pipelines.prediction import prediction_jobs, run_jobs
from pipelines.recipes.run import Run
from pipelines.recipes.schema import (
    Recipe,
    RecipeEvaluateSettings,
    RecipePredictSettings,
    built_tables,
    predictions_path,
    report_folder,
)


def predict(run: Run, settings: RecipePredictSettings) -> None:
    """Answers the split; a run that was cut goes on."""
    recipe = run.recipe
    if recipe.audio_root is None:
        raise InputError("predict: no audio_root", mend="the recipe or --audio-root names the recordings")
    out = predictions_path(recipe, settings.split)
    where: dict[str, Any] = {"split": settings.split, "audio_root": recipe.audio_root, "out": out}
    where["config"] = corpus_named(recipe.corpus).dataset
    outputs = [out, *(probe_file(out, probe) for probe in dict.fromkeys(settings.probe))]
    tables = [path for path in built_tables(recipe, [settings.split]) if path.exists()]
    inputs = tables if settings.model else [*tables, weights_file(settings.checkpoint)]
    anew = run.force or run.stamps.has("predict")  # it ended once, from something else; a run that was cut goes on

    def make() -> None:
        if settings.model:
            asked = asked_jobs(recipe.out, settings, settings.model, **where)
            return run_asked_jobs(asked, force=anew, report=run.report, progress=run.progress)
        jobs = prediction_jobs(recipe.out, settings, **where, engine=run.engine)
        return run_jobs(jobs, force=anew, report=run.report, progress=run.progress)

    run.stamps.unless_current("predict", settings.recorded(), inputs, outputs, make)


def evaluate(run: Run, predicted: RecipePredictSettings, settings: RecipeEvaluateSettings) -> None:
    """Scores the answers, with a report."""
    recipe = run.recipe
    predictions, out = predictions_path(recipe, predicted.split), report_folder(recipe)

    def make() -> None:
        baselines = baselines_source(recipe, settings.baselines)
        if settings.baselines is True and baselines is None:
            run.report("evaluate: without baselines, which need a training split")
        evaluate_by(
            settings.model_copy(update={"baselines": baselines}),
            {predicted.model or Path(predicted.checkpoint).name: predictions},
            out=out,
            audio_root=recipe.audio_root,
            engine=run.engine,
            progress=run.progress,
        )
        run.report(f"evaluate: {out / REPORT}, written")

    probed = [probe_file(predictions, probe) for probe in predicted.probe]
    inputs = [predictions, *probed, *built_tables(recipe, recipe.splits)]
    missing = [file.name for file in missing_files(metrics_folder())]
    described = {**settings.recorded(), "missing": missing}
    run.stamps.unless_current("evaluate", described, inputs, [out / REPORT, out / SCORES], make)


def baselines_source(recipe: Recipe, baselines: str | bool | None) -> str | None:
    """The dataset whose training split the baselines are made of; None goes without them.

    Args:
        baselines: a dataset, or true for the recipe's own, if it has a training split.
    """
    if baselines is not True:
        return baselines or None
    training = [split for split in corpus_named(recipe.corpus).splits if hub_split(split) == TRAINING_SPLIT]
    return str(recipe.out) if any(path.exists() for path in built_tables(recipe, training)) else None
