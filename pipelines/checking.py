"""What the command and recipes share of checking: verdicts on a file, failed answers asked again, and the summary."""

from collections.abc import Iterator
from pathlib import Path

from adiff_data.annotation.fixing import fix
from adiff_data.annotation.run_file import Tally, read_run
from adiff_data.audio.differences import MeasuredFacts
from adiff_data.checks.checking import CHECKS, Report, check
from adiff_data.core.errors import one_line
from adiff_data.core.progress import LineCallback, ProgressCallback
from adiff_data.engines.engine import Engine
from adiff_data.llm import read_price
from adiff_data.llm.options import read_keys
from adiff_data.published_csv import read_annotations
from adiff_data.records import Annotation
from pipelines.settings import CheckSettings


def check_file(
    annotations: Path,
    settings: CheckSettings,
    *,
    facts: MeasuredFacts | None,
    engine: Engine,
    report_line: LineCallback,
    progress: ProgressCallback | None,
    pairs: Path | None = None,
    audio_root: Path | None = None,
) -> tuple[list[Annotation], Report]:
    """Checks a file's answers; with `fix`, asks those that failed again and checks once more.

    Args:
        report_line: takes the lines on what failed and what was asked again.
        pairs: with `fix`, the pairs of the annotations; None is `pairs.jsonl` beside them.
        audio_root: with `fix`, the recordings, for a model that heard them.

    Returns:
        the rows as they are in the end, and what was found in them.
    """
    rows, report = _checked(annotations, settings, facts, engine, progress)
    if not (settings.fix and report.faults):
        return rows, report
    for line in table(annotations, rows, report, examples=0):
        report_line(line)
    run = read_run(annotations)
    fix(
        annotations,
        report,
        pairs=pairs,
        base_url=settings.base_url,
        api_key=read_keys(settings.api_key_file, settings.base_url) if settings.api_key_file else None,
        headers=settings.headers(),
        options=settings.run_options(),
        price=read_price(run.settings["model"], settings.prices) if run and settings.prices else None,
        facts=facts,
        audio_root=audio_root,
        progress=progress,
    )
    passed_before, number_asked = report.passed, len(report.faults)
    rows, report = _checked(annotations, settings, facts, engine, progress)
    tally = Tally()
    for row in rows:
        tally.add(row)
    report_line(f"{annotations}: {tally.figures()}")
    report_line(f"{number_asked:,} answers asked again: {passed_before:,} rows passed before, {report.passed:,} do now")
    return rows, report


def _checked(
    annotations: Path,
    settings: CheckSettings,
    facts: MeasuredFacts | None,
    engine: Engine,
    progress: ProgressCallback | None,
) -> tuple[list[Annotation], Report]:
    rows = list(read_annotations(annotations))
    return rows, check(rows, facts=facts, attribution=settings.attribution, engine=engine, progress=progress)


def table(file: Path, rows: list[Annotation], report: Report, examples: int) -> Iterator[str]:
    """The lines of the summary: how many passed, and what each check said, with examples."""
    total = len(report.verdicts)
    yield (f"{file}: {total:,} rows, {report.passed:,} passed ({report.passed / max(total, 1):.1%})")
    yield (f"  {'check':22} {'failed':>8} {'undecided':>10}")
    for name in CHECKS:
        yield (f"  {name:22} {len(report.failures[name]):8,} {len(report.undecided[name]):10,}")
    for note in report.notes:
        yield (f"  {note}")
    for name in CHECKS:
        for index, reason in report.failures[name][:examples]:
            yield (f"  {name}, row {index + 1}: {one_line(reason)} | {one_line(rows[index].answer, 160)}")
