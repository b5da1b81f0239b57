"""`adiff run`: a whole recipe; a second run does only what is missing."""

from pathlib import Path
from typing import Annotated, Any

import typer

from adiff_data.annotation.annotators import ModelAnnotator, RulesAnnotator, annotate_job
from adiff_data.annotation.run import Job
from adiff_data.audio.files import with_recordings
from adiff_data.checks.checking import VERSION, check
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records, write_records
from adiff_data.dataset.building import build as build_tables
from adiff_data.dataset.layout import CARD, CROISSANT
from adiff_data.demo import write_corpus
from adiff_data.llm import ModelOptions, RunOptions, read_key, read_price
from adiff_data.pairing import make_pairs
from adiff_data.published_csv import read_annotations
from adiff_data.publishing.publish import publish
from adiff_data.records import Pair
from adiff_data.sources import caption_files, read_clips
from pipelines.console import counting, progress_bars, say
from pipelines.recipes.schema import (
    AnnotateSettings,
    CheckSettings,
    Recipe,
    annotations_path,
    built_tables,
    pairs_path,
    read_recipe,
    verdicts_path,
)
from pipelines.recipes.stamps import Stamps
from pipelines.steps.annotate import FACTS_FILE, measured, report


def run(
    recipe: Annotated[str, typer.Argument(help="A .yaml file, or demo, cld, acd, wcd.")],
    root: Annotated[Path | None, typer.Option(help="In place of the recipe's.")] = None,
    out: Annotated[Path | None, typer.Option(help="In place of the recipe's.")] = None,
    audio_root: Annotated[
        Path | None, typer.Option(help="Pair only clips whose recording is here, and measure them.")
    ] = None,
    splits: Annotated[str | None, typer.Option(help="In place of the recipe's, with commas between.")] = None,
    annotator: Annotated[str | None, typer.Option(help="llm or rules.")] = None,
    model: Annotated[str | None, typer.Option(help="As the server knows it.")] = None,
    base_url: Annotated[str | None, typer.Option(help="An OpenAI-compatible server.")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Requests in flight at most.")] = None,
    budget: Annotated[float | None, typer.Option(help="US dollars a split that are never passed.")] = None,
    limit: Annotated[int | None, typer.Option(help="Pair this many rows a split only.")] = None,
    api_key_file: Annotated[Path | None, typer.Option(help="Default: the variable OPENAI_API_KEY.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make anew what was made with other settings.")] = False,
) -> None:
    """Do the steps of a recipe in order; what is up to date by content is left as it is.

    Example: adiff run cld --root captions/clotho --model my-model --base-url http://localhost:8000/v1
    """
    asked = {"annotator": annotator, "model": model, "base_url": base_url, "concurrency": concurrency}
    changes = {
        "root": root,
        "out": out,
        "audio_root": audio_root,
        "splits": splits.split(",") if splits else None,
        "steps": {
            "pair": _given({"limit": limit}),
            "annotate": _given({**asked, "budget": budget}),
        },
    }
    run_recipe(read_recipe(recipe, _given(changes)), api_key_file=api_key_file, force=force)


def run_recipe(recipe: Recipe, *, api_key_file: Path | None = None, force: bool = False) -> None:
    """Does the steps of a recipe, split by split, then builds."""
    stamps = Stamps(recipe.out / "work" / "steps.json")
    if recipe.steps.corpus:
        _make_corpus(recipe, force)
    for split in recipe.splits:
        if recipe.steps.pair:
            _pair(recipe, split, stamps, force)
        if recipe.steps.annotate:
            _annotate(recipe, recipe.steps.annotate, split, api_key_file, force)
        if recipe.steps.check:
            _check(recipe, recipe.steps.check, split, stamps)
    if recipe.steps.build:
        _build(recipe, stamps, force)
    if recipe.steps.publish:
        _publish(recipe, stamps)
    if recipe.steps.predict:
        from pipelines.recipes import run_model  # noqa: PLC0415 - it needs torch, which other recipes do without

        run_model.predict(recipe, recipe.steps.predict, stamps, force)
        if recipe.steps.evaluate:
            run_model.evaluate(recipe, recipe.steps.predict, recipe.steps.evaluate, stamps)


def _make_corpus(recipe: Recipe, force: bool) -> None:
    settings = recipe.steps.corpus
    if recipe.corpus != "demo":
        raise InputError(f"only the demo corpus is made; {recipe.corpus} is read", mend="leave the step out")
    total = sum(settings.clips.values())
    with counting("corpus", total, "clips") as advance:
        made = write_corpus(recipe.root, settings, force=force, advance=advance)
    say(f"corpus: {total} clips in {recipe.root}{'' if made else ', up to date'}")


def _pair(recipe: Recipe, split: str, stamps: Stamps, force: bool) -> None:
    settings, path = recipe.steps.pair, pairs_path(recipe, split)
    inputs = caption_files(recipe.corpus, recipe.root, split)
    described = {"corpus": recipe.corpus, "audio": str(recipe.audio_root), **settings.model_dump()}

    def make() -> None:
        found = read_clips(recipe.corpus, recipe.root, split, exclude=settings.exclude)
        if recipe.audio_root:
            found = with_recordings(found, recipe.audio_root)
        pairs = make_pairs(found, **settings.model_dump(exclude={"exclude"}))
        outcome = write_records(path, pairs, force=force)
        say(f"pair {split}: {len(pairs):,} pairs of {len(found):,} clips, {outcome}")

    stamps.unless_current(f"pair {split}", described, inputs, [path], make)


def _annotate(recipe: Recipe, settings: AnnotateSettings, split: str, api_key_file: Path | None, force: bool) -> None:
    pairs, out = pairs_path(recipe, split), annotations_path(recipe, split)
    facts = None
    if recipe.audio_root:
        facts = measured(read_records(pairs, Pair), recipe.audio_root, recipe.out / "work" / FACTS_FILE)
    job = Job(pairs, out, settings.tiers, settings.tiers_per_call, force=force, facts=facts)
    with progress_bars() as progress:
        if settings.annotator == "rules":
            tally = annotate_job(job, RulesAnnotator(), progress=progress)
        else:
            model = ModelOptions(**settings.model_dump(include=set(ModelOptions.model_fields)))
            options = RunOptions(**settings.model_dump(include=set(RunOptions.model_fields)))
            key, price = read_key(api_key_file, model.base_url), read_price(model.model)
            tally = annotate_job(job, ModelAnnotator(model, options, key, price), progress=progress)
    if tally.added:
        report(job.out, tally)
    else:
        say(f"annotate {split}: up to date")


def _check(recipe: Recipe, settings: CheckSettings, split: str, stamps: Stamps) -> None:
    """Checks a split's answers, with the facts that stand in their provenance."""
    source, out = annotations_path(recipe, split), verdicts_path(recipe, split)

    def make() -> None:
        rows = list(read_annotations(source))
        with progress_bars() as progress:
            found = check(rows, attribution=settings.attribution, progress=progress)
        write_records(out, found.verdicts, force=True)
        failures = [f"{name} {len(failed):,}" for name, failed in found.failures.items() if failed]
        say(f"check {split}: {len(rows):,} rows, {found.passed:,} passed; failed: {', '.join(failures) or 'none'}")

    stamps.unless_current(f"check {split}", {"version": VERSION, **settings.model_dump()}, [source], [out], make)


def _build(recipe: Recipe, stamps: Stamps, force: bool) -> None:
    sources = [annotations_path(recipe, split) for split in recipe.splits]
    verdicts = [verdicts_path(recipe, split) for split in recipe.splits] if recipe.steps.check else []
    outputs = built_tables(recipe, recipe.splits)

    def make() -> None:
        for built in build_tables(sources, recipe.out, verdicts=verdicts, force=force):
            say(f"build: {built.path}, {built.rows:,} rows, {built.outcome}")

    stamps.unless_current(f"build {','.join(recipe.splits)}", {}, [*sources, *verdicts], outputs, make)


def _publish(recipe: Recipe, stamps: Stamps) -> None:
    to = recipe.out / "published"

    def make() -> None:
        with progress_bars() as progress:
            repository = publish(
                [recipe.out], to=to, name=recipe.out.resolve().name, force=True, progress=progress
            ).repository
        say(f"publish: {to}, {sum(len(splits) for splits in repository.sizes.values())} splits, {repository.outcome}")

    stamps.unless_current("publish", {}, built_tables(recipe, recipe.splits), [to / CARD, to / CROISSANT], make)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that were given: none of None, no empty group."""
    kept = {name: _given(value) if isinstance(value, dict) else value for name, value in fields.items()}
    return {name: value for name, value in kept.items() if value is not None and value != {}}
