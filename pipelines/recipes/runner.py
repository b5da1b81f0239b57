"""A recipe's steps in their order; what is up to date by content is left as it is."""

from adiff_data.annotation.annotators import annotate_job
from adiff_data.annotation.run import Job
from adiff_data.audio.files import with_recordings
from adiff_data.checks.checking import VERSION
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records, write_records
from adiff_data.dataset.building import build
from adiff_data.dataset.layout import CARD, CROISSANT
from adiff_data.demo import write_corpus
from adiff_data.pairing import make_pairs
from adiff_data.publishing.publish import publish
from adiff_data.records import Pair
from adiff_data.sources import caption_files, read_clips
from pipelines.annotation import FACTS_FILE, annotator_of, measured, say_tally
from pipelines.checking import check_file
from pipelines.console import counting, progress_bars, say
from pipelines.recipes.schema import Recipe, annotations_path, built_tables, pairs_path, verdicts_path
from pipelines.recipes.stamps import Stamps
from pipelines.settings import AnnotateSettings, CheckSettings, PairSettings, PublishSettings


def run_recipe(recipe: Recipe, *, force: bool = False) -> None:
    """Does the steps of a recipe: those of data split by split, then what is made of all of them.

    Args:
        force: make anew what was made with other settings.

    Raises:
        InputError, WorkError: as the steps.
    """
    steps, stamps = recipe.steps, Stamps(recipe.out / "work" / "steps.json")
    if steps.corpus:
        _make_corpus(recipe, force)
    for split in recipe.splits:
        if steps.pair:
            _pair(recipe, steps.pair, split, stamps, force)
        if steps.annotate:
            _annotate(recipe, steps.annotate, split, force)
        if steps.check:
            _check(recipe, steps.check, split, stamps)
    if steps.build:
        _build(recipe, stamps, force)
    if steps.publish:
        _publish(recipe, steps.publish, stamps)
    if steps.predict:
        from pipelines.recipes import run_model  # noqa: PLC0415 - it needs torch, which other recipes do without

        run_model.predict(recipe, steps.predict, stamps, force)
        if steps.evaluate:
            run_model.evaluate(recipe, steps.predict, steps.evaluate, stamps)


def _make_corpus(recipe: Recipe, force: bool) -> None:
    settings = recipe.steps.corpus
    if settings is None or recipe.corpus != "demo":
        raise InputError(f"only the demo corpus is made; {recipe.corpus} is read", mend="leave the step out")
    total = sum(settings.clips.values())
    with counting("corpus", total, "clips") as advance:
        made = write_corpus(recipe.root, settings, force=force, advance=advance)
    say(f"corpus: {total} clips in {recipe.root}{'' if made else ', up to date'}")


def _pair(recipe: Recipe, settings: PairSettings, split: str, stamps: Stamps, force: bool) -> None:
    path, inputs = pairs_path(recipe, split), caption_files(recipe.corpus, recipe.root, split)
    described = {"corpus": recipe.corpus, "audio": str(recipe.audio_root), **settings.model_dump()}

    def make() -> None:
        clips = read_clips(recipe.corpus, recipe.root, split, exclude=settings.exclude)
        if recipe.audio_root:
            clips = with_recordings(clips, recipe.audio_root)
        pairs = make_pairs(clips, **settings.model_dump(exclude={"exclude"}))
        outcome = write_records(path, pairs, force=force)
        say(f"pair {split}: {len(pairs):,} pairs of {len(clips):,} clips, {outcome}")

    stamps.unless_current(f"pair {split}", described, inputs, [path], make)


def _annotate(recipe: Recipe, settings: AnnotateSettings, split: str, force: bool) -> None:
    pairs, out = pairs_path(recipe, split), annotations_path(recipe, split)
    facts = None
    if recipe.audio_root:
        facts = measured(read_records(pairs, Pair), recipe.audio_root, recipe.out / "work" / FACTS_FILE)
    job = Job(pairs, out, settings.tiers, settings.tiers_per_call, force, settings.retry_failed, facts)
    with progress_bars() as progress:
        tally = annotate_job(job, annotator_of(settings), progress=progress)
    if tally.added:
        say_tally(out, tally)
    else:
        say(f"annotate {split}: up to date")


def _check(recipe: Recipe, settings: CheckSettings, split: str, stamps: Stamps) -> None:
    """Checks a split's answers, with the facts that are in their provenance."""
    source, out = annotations_path(recipe, split), verdicts_path(recipe, split)

    def make() -> None:
        facts = None
        if settings.fix and recipe.audio_root:  # what is asked again is told the facts anew
            pairs = read_records(pairs_path(recipe, split), Pair)
            facts = measured(pairs, recipe.audio_root, recipe.out / "work" / FACTS_FILE)
        rows, report = check_file(source, settings, facts=facts)
        write_records(out, report.verdicts, force=True)
        failures = [f"{name} {len(failed):,}" for name, failed in report.failures.items() if failed]
        say(f"check {split}: {len(rows):,} rows, {report.passed:,} passed; failed: {', '.join(failures) or 'none'}")

    described = {"version": VERSION, **settings.model_dump(include={"attribution", "fix"}, exclude_defaults=True)}
    stamps.unless_current(f"check {split}", described, [source], [out], make)


def _build(recipe: Recipe, stamps: Stamps, force: bool) -> None:
    sources = [annotations_path(recipe, split) for split in recipe.splits]
    verdicts = [verdicts_path(recipe, split) for split in recipe.splits] if recipe.steps.check else []
    outputs = built_tables(recipe, recipe.splits)

    def make() -> None:
        for built in build(sources, recipe.out, verdicts=verdicts, force=force):
            say(f"build: {built.path}, {built.rows:,} rows, {built.outcome}")

    stamps.unless_current(f"build {','.join(recipe.splits)}", {}, [*sources, *verdicts], outputs, make)


def _publish(recipe: Recipe, settings: PublishSettings, stamps: Stamps) -> None:
    to = recipe.out / "published"

    def make() -> None:
        with progress_bars() as progress:
            published = publish(
                [recipe.out],
                to=to,
                name=settings.repo or recipe.out.resolve().name,
                audio_root=recipe.audio_root,
                force=True,
                progress=progress,
                **settings.model_dump(),
            )
        splits, outcome = published.repository.sizes.values(), published.repository.outcome
        say(f"publish: {to}, {sum(len(sizes) for sizes in splits)} splits, {outcome}")
        if published.pushed:
            say(f"publish: {published.pushed.url}")

    described = settings.model_dump(mode="json", exclude_defaults=True)
    stamps.unless_current("publish", described, built_tables(recipe, recipe.splits), [to / CARD, to / CROISSANT], make)
