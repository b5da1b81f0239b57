"""What the command and recipes share of annotating: from settings to an annotator, and the summary of a run."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from adiff_data.annotation.annotators import Annotator, ModelAnnotator, RulesAnnotator
from adiff_data.annotation.batch_annotator import BatchAnnotator, BatchCanceller
from adiff_data.annotation.run_file import Tally
from adiff_data.audio.differences import PairFactsSource
from adiff_data.core.progress import ProgressCallback
from adiff_data.llm import read_key, read_price
from adiff_data.records import Annotation, Pair
from pipelines.settings import AnnotateSettings

FACTS_FILE = "facts.jsonl"
Report = Callable[[str], None]  # takes a line for a person to read


def annotator_of(settings: AnnotateSettings, report: Report) -> Annotator:
    """Who writes the explanations.

    Args:
        report: takes lines on batches that are under way.

    Raises:
        InputError: the key or the table of prices cannot be read.
    """
    if settings.annotator == "rules":
        return RulesAnnotator()
    model, options = settings.model_options(), settings.run_options()
    key, price = read_key(settings.api_key_file, model.base_url), read_price(model.model, settings.prices)
    if settings.batch or settings.cancel_batches:
        kind = BatchCanceller if settings.cancel_batches else BatchAnnotator
        return kind(model, options, key, price, say=report, poll=settings.poll, size=settings.batch_size)
    return ModelAnnotator(model, options, key, price)


def measured(
    pairs: Iterable[Pair | Annotation], audio_root: Path, cache: Path, progress: ProgressCallback | None
) -> PairFactsSource:
    """Measures the recordings of all pairs; returns what knows their facts."""
    from adiff_data.audio.measuring import measure  # noqa: PLC0415 - librosa takes seconds, and few runs need it

    return measure(pairs, audio_root, cache=cache, progress=progress)


def summary(out: Path, tally: Tally) -> Iterator[str]:
    """The lines that sum up a run."""
    rate = tally.added / max(tally.seconds, 1e-9)
    yield f"{out}: {tally.figures()}; {tally.added:,} rows in {tally.seconds:.1f} s ({rate:,.0f} rows/s)"
    for reason, count in tally.failed.most_common():
        yield f"  {count:,} failed: {reason}"
    if tally.failed:
        yield "  --retry-failed asks them again"
