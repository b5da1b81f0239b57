"""What the command and recipes share of checking: verdicts on a file, failed answers asked again, and the summary."""

from pathlib import Path

from adiff_data.annotation.mending import mend
from adiff_data.audio.differences import PairFactsSource
from adiff_data.checks.checking import CHECKS, Report, check, faults_of
from adiff_data.core.errors import one_line
from adiff_data.published_csv import read_annotations
from adiff_data.records import Annotation
from pipelines.annotation import say_tally
from pipelines.console import progress_bars, say
from pipelines.settings import CheckSettings


def check_file(
    annotations: Path, settings: CheckSettings, *, facts: PairFactsSource | None, pairs: Path | None = None
) -> tuple[list[Annotation], Report]:
    """Checks a file's answers; with `fix`, asks those that failed again and checks once more.

    Args:
        pairs: with `fix`, the pairs of the annotations; None is `pairs.jsonl` beside them.

    Returns:
        the rows as they are in the end, and what was found in them.
    """
    rows, report = _checked(annotations, settings, facts)
    faults = faults_of(rows, report) if settings.fix else {}
    if not faults:
        return rows, report
    show(annotations, rows, report, examples=0)
    with progress_bars() as progress:
        tally = mend(
            annotations,
            pairs or annotations.with_name("pairs.jsonl"),
            faults,
            settings.run_options(),
            facts=facts,
            base_url=settings.base_url,
            api_key_file=settings.api_key_file,
            prices=settings.prices,
            progress=progress,
        )
    say_tally(annotations, tally)
    passed_before = report.passed
    rows, report = _checked(annotations, settings, facts)
    say(f"{passed_before:,} rows passed before, {report.passed:,} after {len(faults):,} were asked again")
    return rows, report


def _checked(
    annotations: Path, settings: CheckSettings, facts: PairFactsSource | None
) -> tuple[list[Annotation], Report]:
    rows = list(read_annotations(annotations))
    with progress_bars() as progress:
        return rows, check(rows, facts=facts, attribution=settings.attribution, progress=progress)


def show(file: Path, rows: list[Annotation], report: Report, examples: int) -> None:
    """The summary: how many passed, and what each check said, with examples."""
    total = len(report.verdicts)
    say(f"{file}: {total:,} rows, {report.passed:,} passed ({report.passed / max(total, 1):.1%})")
    say(f"  {'check':22} {'failed':>8} {'undecided':>10}")
    for name in CHECKS:
        say(f"  {name:22} {len(report.failures[name]):8,} {len(report.undecided[name]):10,}")
    for note in report.notes:
        say(f"  {note}")
    for name in CHECKS:
        for place, reason in report.failures[name][:examples]:
            say(f"  {name}, row {place + 1}: {one_line(reason)} | {one_line(rows[place].answer, 160)}")
