"""A recipe's steps in their order; what is up to date by content is left as it is."""

import logging
from pathlib import Path

from adiff_data.annotation.annotators import annotate_job
from adiff_data.annotation.run import Job
from adiff_data.audio.differences import MeasuredFacts
from adiff_data.checks.checking import VERSION
from adiff_data.claims.edit_truth import TRUTH_FILE
from adiff_data.core.distribution import install_hint, missing_extras
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records, write_records
from adiff_data.core.progress import LineCallback, ProgressCallback, ProgressCounter
from adiff_data.dataset.building import build
from adiff_data.dataset.layout import CARD, CROISSANT
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.publishing.publish import publish
from adiff_data.records import Pair
from adiff_data.sources import caption_files, read_clips
from pipelines.annotation import FACTS_FILE, annotator_of, hearing_by, measured, require_answers, summary
from pipelines.checking import check_file
from pipelines.pairing import pair_split
from pipelines.recipes.run import Run
from pipelines.recipes.schema import Recipe, annotations_path, built_tables, pairs_path, reviews_path, verdicts_path
from pipelines.recipes.stamps import Stamps
from pipelines.settings import AnnotateSettings, CheckSettings, EditSettings, PairSettings, PublishSettings

_log = logging.getLogger(__name__)


def run_recipe(
    recipe: Recipe,
    *,
    force: bool = False,
    report: LineCallback = lambda line: None,
    progress: ProgressCallback | None = None,
) -> None:
    """Does the steps of a recipe: those of data split by split, then what is made of all of them.

    Args:
        force: make again what was made with other settings.
        report: takes a line on each step.
        progress: told how far each step is.

    Raises:
        InputError, WorkError: as the steps; at the end of all of them, where rows have no answer.
    """
    _require_packages(recipe)
    _require_recordings(recipe)
    with recipe.opened() as engine:
        _do(Run(recipe, engine, Stamps(recipe.out / "work" / "steps.json", report), force, report, progress))
    _require_answers(recipe)


def _do(run: Run) -> None:
    recipe, steps = run.recipe, run.recipe.steps
    if steps.corpus:
        _make_corpus(run, steps.corpus)
    for split in recipe.splits:
        _make_rows(run, split)
    if steps.build:
        _build(run)
    if steps.publish:
        _publish(run, steps.publish)
    if steps.predict:
        from pipelines.recipes import run_model  # noqa: PLC0415 - it needs torch, which other recipes do without

        run_model.predict(run, steps.predict)
        if steps.evaluate:
            run_model.evaluate(run, steps.predict, steps.evaluate)


def _make_rows(run: Run, split: str) -> None:
    steps = run.recipe.steps
    if steps.edit:
        _edit(run, steps.edit, split)
    if steps.pair:
        _pair(run, steps.pair, split)
    if steps.annotate:
        _annotate(run, steps.annotate, split)
    if steps.check:
        _check(run, steps.check, split)


def _require_answers(recipe: Recipe) -> None:
    """Ends a run whose later steps are done with an error, where rows are without an answer."""
    if recipe.steps.annotate:
        files = [annotations_path(recipe, split) for split in recipe.splits]
        require_answers(files, "the same command asks them again")


def _require_packages(recipe: Recipe) -> None:
    """Tells what the last steps need before the first ones are done."""
    steps = recipe.steps
    if not steps.predict:
        return
    missing = missing_extras("model", "metrics") if steps.evaluate else missing_extras("model")
    mend = install_hint(",".join(missing))
    if "model" in missing:
        raise InputError("the steps predict and evaluate need packages that are not installed", mend=mend)
    if missing:
        _log.warning("evaluate goes without the text metrics, whose packages are not installed; %s", mend)


def _require_recordings(recipe: Recipe) -> None:
    """Tells that recordings are to be heard before the first steps are done."""
    annotate = recipe.steps.annotate
    if annotate and annotate.hear != "captions" and recipe.audio_root is None:
        raise InputError("annotate: no audio_root", mend="the recipe or --audio-root names the recordings")


def _make_corpus(run: Run, settings: DemoSettings) -> None:
    recipe = run.recipe
    if recipe.corpus != "demo":
        raise InputError(f"only the demo corpus is made; {recipe.corpus} is read", mend="leave the step out")
    total = sum(settings.clips.values())
    counter = ProgressCounter(run.progress, "corpus", total, unit="clips")
    made = write_corpus(recipe.root, settings, force=run.force, advance=counter.advance)
    run.report(f"corpus: {total} clips in {recipe.root}{'' if made else ', up to date'}")


def _edit(run: Run, settings: EditSettings, split: str) -> None:
    """Pairs a split's recordings with edits of themselves; recordings, pairs and answers stand in one folder."""
    recipe = run.recipe
    step, answers = f"edit {split}", annotations_path(recipe, split)
    outputs = [answers, answers.with_name(TRUTH_FILE)]

    def make() -> None:
        pairs = make_edited_pairs(
            read_clips(recipe.corpus, recipe.root, split, exclude=settings.exclude),
            recipe.audio_root or "",
            answers.parent,
            force=run.force or run.stamps.made(step, outputs),
            progress=run.progress,
            **settings.model_dump(exclude={"exclude"}),
        )
        run.report(f"edit {split}: {len(pairs):,} pairs in {answers.parent}, written")

    inputs = [*caption_files(recipe.corpus, recipe.root, split), *settings.licences]
    described = {"corpus": recipe.corpus, "audio": str(recipe.audio_root), **settings.model_dump(mode="json")}
    run.stamps.unless_current(step, described, inputs, outputs, make)


def _pair(run: Run, settings: PairSettings, split: str) -> None:
    recipe = run.recipe
    path, inputs = pairs_path(recipe, split), caption_files(recipe.corpus, recipe.root, split)
    described = {"corpus": recipe.corpus, "audio": str(recipe.audio_root), **settings.model_dump()}

    def make() -> None:
        paired = pair_split(
            recipe.corpus, recipe.root, split, settings, audio_root=recipe.audio_root, out=path, force=run.force
        )
        run.report(f"pair {split}: {len(paired.pairs):,} pairs of {len(paired.clips):,} clips, {paired.outcome}")

    run.stamps.unless_current(f"pair {split}", described, inputs, [path], make)


def _measured(run: Run, split: str) -> MeasuredFacts | None:
    """The facts of a split's pairs; None for a recipe without recordings."""
    recipe = run.recipe
    if recipe.audio_root is None:
        return None
    pairs = read_records(pairs_path(recipe, split), Pair)
    return measured(pairs, recipe.audio_root, recipe.out / "work" / FACTS_FILE, run.engine, run.progress)


def _annotate(run: Run, settings: AnnotateSettings, split: str) -> None:
    recipe = run.recipe
    pairs, out = pairs_path(recipe, split), annotations_path(recipe, split)
    facts, hearing = _measured(run, split) if settings.facts else None, hearing_by(settings, recipe.audio_root)
    job = Job(pairs, out, settings.tiers, settings.tiers_per_call, run.force, retry_failed=True, facts=facts)
    tally = annotate_job(job, annotator_of(settings, run.report, hearing), progress=run.progress)
    if tally.added:
        for line in summary(out, tally):
            run.report(line)
    else:
        run.report(f"annotate {split}: up to date")


def _check(run: Run, settings: CheckSettings, split: str) -> None:
    """Checks a split's answers, with the facts that are in their provenance."""
    recipe = run.recipe
    source, out = annotations_path(recipe, split), verdicts_path(recipe, split)

    def make() -> None:
        facts = _measured(run, split) if settings.fix else None  # what is asked again is told the facts anew
        rows, report = check_file(
            source,
            settings,
            facts=facts,
            engine=run.engine,
            report_line=run.report,
            progress=run.progress,
            audio_root=recipe.audio_root,
        )
        write_records(out, report.verdicts, force=True)
        failures = [f"{name} {len(failed):,}" for name, failed in report.failures.items() if failed]
        run.report(
            f"check {split}: {len(rows):,} rows, {report.passed:,} passed; failed: {', '.join(failures) or 'none'}"
        )

    described = {"version": VERSION, **settings.model_dump(include={"attribution", "fix"}, exclude_defaults=True)}
    run.stamps.unless_current(f"check {split}", described, [source], [out], make)


def _build(run: Run) -> None:
    recipe = run.recipe
    sources = [annotations_path(recipe, split) for split in recipe.splits]
    verdicts = [verdicts_path(recipe, split) for split in recipe.splits] if recipe.steps.check else []
    reviews = _reviews(recipe)
    outputs, step = built_tables(recipe, recipe.splits), f"build {','.join(recipe.splits)}"

    def make() -> None:
        force = run.force or run.stamps.made(step, outputs)  # rows without an answer may have one now
        for built in build(sources, recipe.out, verdicts=verdicts, reviews=reviews, force=force):
            run.report(f"build: {built.path}, {built.rows:,} rows, {built.outcome}")

    run.stamps.unless_current(step, {}, [*sources, *verdicts, *reviews], outputs, make)


def _reviews(recipe: Recipe) -> list[Path]:
    """The reviews of the recipe's splits, as far as there are any: `adiff review` keeps them there."""
    return [path for split in recipe.splits if (path := reviews_path(recipe, split)).exists()]


def _publish(run: Run, settings: PublishSettings) -> None:
    recipe = run.recipe
    to = recipe.out / "published"

    def make() -> None:
        published = publish(
            [recipe.out],
            to=to,
            name=settings.repo or recipe.out.resolve().name,
            audio_root=recipe.audio_root,
            force=True,
            engine=run.engine,
            progress=run.progress,
            **settings.model_dump(),
        )
        splits, outcome = published.repository.sizes.values(), published.repository.outcome
        run.report(f"publish: {to}, {sum(len(sizes) for sizes in splits)} splits, {outcome}")
        if published.pushed:
            run.report(f"publish: {published.pushed.url}")

    described = settings.model_dump(mode="json", exclude_defaults=True)
    run.stamps.unless_current(
        "publish",
        described,
        [*built_tables(recipe, recipe.splits), *_reviews(recipe)],
        [to / CARD, to / CROISSANT],
        make,
    )
