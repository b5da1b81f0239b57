"""`adiff status`: what an annotations file at rest holds."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.annotation.run_file import Tally, read_run
from adiff_data.core.journal import read_journal
from adiff_data.llm.batch_state import read_state, state_path
from adiff_data.records import Annotation
from pipelines.console import say


def status(annotations: Annotated[Path, typer.Argument(help="An annotations.jsonl.")]) -> None:
    """Say what an annotations file holds and what it took; it may be growing.

    Example: adiff status annotations.jsonl
    """
    batches = read_state(state_path(annotations))
    tally = Tally()
    for annotation in read_journal(annotations, Annotation) if annotations.exists() or not batches.marks else ():
        tally.add(annotation)
    run = read_run(annotations)
    state = f", {run.state}, {max(run.wanted - tally.rows, 0):,} of {run.wanted:,} rows missing" if run else ""
    say(f"{annotations}: {tally.figures()}{state}")
    for line in batches.lines():
        say(f"  {line}")
    if tally.rows:
        say(f"  by tier: {', '.join(f'{tier} {count:,}' for tier, count in sorted(tally.tiers.items()))}")
    for reason, count in tally.failed.most_common():
        say(f"  {count:,} failed: {reason}")
    if run:
        rate = tally.rows / run.seconds if run.seconds else 0.0
        say(f"  {run.requests:,} requests in {run.seconds:,.1f} s ({rate:,.1f} rows/s), {run.spent:.4f} USD spent")
