"""What the command and recipes share of annotating: from settings to an annotator, and the summary of a run."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from adiff_data.annotation.annotators import Annotator, ModelAnnotator, RulesAnnotator
from adiff_data.annotation.batch_annotator import BatchAnnotator, BatchCanceller
from adiff_data.annotation.hearing import Hearing, hearing_of
from adiff_data.annotation.run import Job
from adiff_data.annotation.run_file import Tally, read_run
from adiff_data.annotation.tasks import make_agenda
from adiff_data.audio.differences import PairFactsSource
from adiff_data.claims.edit_truth import TRUTH_FILE
from adiff_data.core.errors import WorkError, one_line
from adiff_data.core.journal import read_journal
from adiff_data.core.progress import LineCallback, ProgressCallback
from adiff_data.core.wording import counted
from adiff_data.edits.known_facts import known_edits
from adiff_data.engines.engine import Engine
from adiff_data.llm import read_price
from adiff_data.llm.options import read_keys
from adiff_data.records import Annotation, Pair
from adiff_data.sources.edited import CORPUS as EDITED
from pipelines.option_names import as_options
from pipelines.settings import AnnotateSettings

FACTS_FILE = "facts.jsonl"


def hearing_by(settings: AnnotateSettings, audio_root: Path | None) -> Hearing | None:
    """What a language model hears.

    Raises:
        InputError: the recordings are not named, or do not exist.
    """
    return hearing_of(settings.hear, audio_root, settings.sending_options())


def annotator_of(settings: AnnotateSettings, report: LineCallback, hearing: Hearing | None = None) -> Annotator:
    """Who writes the explanations.

    Args:
        report: takes lines on batches that are under way.
        hearing: what a language model hears.

    Raises:
        InputError: the key or the table of prices cannot be read.
    """
    if settings.annotator == "rules":
        return RulesAnnotator()
    model, options = settings.model_options(), settings.run_options()
    key, price = read_keys(settings.api_key_file, model.base_url), read_price(model.model, settings.prices)
    headers = settings.headers()
    if settings.batch or settings.cancel_batches:
        kind = BatchCanceller if settings.cancel_batches else BatchAnnotator
        size, poll = settings.batch_size, settings.poll
        return kind(
            model,
            options,
            key,
            price=price,
            headers=headers,
            hearing=hearing,
            say=lambda line: report(as_options(line)),
            poll=poll,
            size=size,
        )
    return ModelAnnotator(model, options, key, price=price, headers=headers, hearing=hearing)


def measured(
    pairs: Iterable[Pair | Annotation],
    audio_root: Path,
    cache: Path,
    engine: Engine,
    progress: ProgressCallback | None,
) -> PairFactsSource:
    """Measures the recordings of all pairs; returns what knows their facts, and what was edited where that is known."""
    from adiff_data.audio.measuring import measure  # noqa: PLC0415 - librosa takes seconds, and few runs need it

    pairs = list(pairs)
    facts = measure(pairs, audio_root, cache=cache, engine=engine, progress=progress)
    is_edited = any(pair.corpus == EDITED.name for pair in pairs) and (audio_root / TRUTH_FILE).is_file()
    return known_edits(facts, audio_root) if is_edited else facts


def summary(out: Path, tally: Tally) -> Iterator[str]:
    """The lines that sum up a run."""
    rate = tally.added / max(tally.seconds, 1e-9)
    yield f"{out}: {tally.figures()}; {tally.added:,} rows in {tally.seconds:.1f} s ({rate:,.0f} rows/s)"
    for reason, count in tally.failed.most_common():
        yield f"  {count:,} failed: {reason}"


def preview_of(job: Job, tally: Tally) -> Iterator[str]:
    """The lines that show the rows that a preview made, and what the others would cost."""
    assert job.out is not None
    rows: deque[Annotation] = deque(maxlen=tally.added)
    done = set()
    for row in read_journal(job.out, Annotation):
        rows.append(row)
        done.add(row.id)
    for row in rows:
        cost = f"{row.provenance.cost:.6f} USD" if row.provenance.cost is not None else "cost unknown"
        yield f"{row.id}, {cost}: {one_line(row.answer) or row.provenance.failure}"
    costs = [row.provenance.cost for row in rows if row.provenance.cost is not None]
    left = make_agenda(job.pairs, job.tiers, done, job.out, job.facts).missing
    price = f", about {sum(costs) / len(costs) * left:.2f} USD" if costs else ""
    yield f"{counted(left, 'row is', 'rows are')} left{price}: the same command without --preview makes the rest"


def require_answers(annotations: Sequence[Path], mend: str = "--retry-failed asks them again") -> None:
    """Ends a command where rows have no answer, once all else is done.

    Args:
        annotations: files of annotations, each with its run file.

    Raises:
        WorkError: there are such rows; it says how many.
    """
    runs = [run for path in annotations if (run := read_run(path))]
    if failed := sum(sum(run.failed.values()) for run in runs):
        raise WorkError(f"{failed:,} of {sum(run.rows for run in runs):,} rows have no answer", mend=mend)
