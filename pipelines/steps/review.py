"""`adiff review`: people listen, in the browser, and say whether answers hold."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import write_records
from adiff_data.reviewing.rows import answers_of_split
from adiff_data.reviewing.serving import ServedReview, serve_review
from adiff_data.reviews.order import Order
from adiff_data.reviews.results import results_of
from adiff_data.reviews.store import ReviewStore
from adiff_data.tiers import TierName
from pipelines.console import progress_bars, say
from pipelines.options import Force


def review(
    dataset: Annotated[Path, typer.Argument(help="A built folder, such as data/CLD.")],
    split: Annotated[str, typer.Option(help="Its split, under its own name or the Hub's (test).")],
    audio_root: Annotated[Path | None, typer.Option(help="The folder of the recordings.")] = None,
    tier: Annotated[TierName | None, typer.Option(help="Review only this tier.")] = None,
    people: Annotated[
        int, typer.Option(min=1, help="Ask N people about each answer; where they disagree, one more decides.")
    ] = 1,
    order: Annotated[
        Order,
        typer.Option(
            help="First: at random, those that failed their checks, or one of each stratum (tier, passed or failed)."
        ),
    ] = "random",
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Review this share of each stratum.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed gives another order.")] = 0,
    invite: Annotated[
        list[str] | None,
        typer.Option(help="Make a link for a reviewer, by name. May be repeated. Then nobody else gets in."),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen. Beyond this machine, only --invite lets people in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8016,
    database: Annotated[
        Path | None, typer.Option(help="Where to keep the review. Default: work/SPLIT/reviews.sqlite in the dataset.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="Write what was said so far as JSON lines, and serve nothing.")
    ] = None,
    force: Force = False,
) -> None:
    """Listen to a split in the browser, and accept, edit or reject its answers. Ctrl-C ends it; the same call goes on.

    Example: adiff review data/CLD --split test --audio-root recordings
    """
    if export is not None:
        with ReviewStore(database or answers_of_split(dataset, split)[1]) as store:
            say(f"{export}: {write_records(export, results_of(store), force=force)}")
        return
    if audio_root is None:
        raise InputError("no recordings to listen to", mend="--audio-root names their folder")
    with progress_bars() as progress:
        serve_review(
            dataset,
            split,
            audio_root,
            tier=tier,
            people=people,
            order=order,
            share=share,
            seed=seed,
            invite=invite or (),
            host=host,
            port=port,
            database=database,
            ready=_report,
            progress=progress,
        )


def _report(served: ServedReview) -> None:
    left_out = f"; {served.without_recording:,} left out, without a recording" if served.without_recording else ""
    say(f"{served.rows:,} answers to review{left_out}; kept in {served.database}")
    for name, link in served.invitations.items():
        say(f"for {name}: {link}")
    say(f"the page: {served.address} (Ctrl-C ends it)")
