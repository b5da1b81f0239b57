"""`adiff publish`: built datasets as a Hugging Face dataset, in a folder or on the Hub."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.publishing.publish import Published
from adiff_data.publishing.publish import publish as publish_datasets
from pipelines.console import progress_bars, say
from pipelines.options import settings_as_options
from pipelines.settings import EngineSettings, PublishSettings


@settings_as_options
def publish(
    datasets: Annotated[list[str], typer.Argument(help="Built folders, such as data/CLD, or name=data/CLD.")],
    settings: PublishSettings,
    runs_on: EngineSettings,
    to: Annotated[Path | None, typer.Option(help="The folder to make the repository in.")] = None,
    audio_root: Annotated[Path | None, typer.Option(help="The recordings, for --with-audio.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Make and list everything; write and push nothing.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite another published folder.")] = False,
) -> None:
    """Make a dataset repository: Parquet files, card, plots, Croissant metadata; with --repo, push it.

    Example: adiff publish data/CLD data/ACD --to published
    """
    with runs_on.opened() as engine, progress_bars() as progress:
        published = publish_datasets(
            datasets,
            to=to,
            audio_root=audio_root,
            **settings.model_dump(),
            dry_run=dry_run,
            force=force,
            engine=engine,
            progress=progress,
        )
    _report(published)
    if dry_run:
        for name, size in published.files:
            say(f"  would go up: {name} ({size:,} bytes)")
    elif published.pushed:
        say(f"{published.pushed.url} ({'private' if published.pushed.private else 'public'})")
    else:
        say(f"{to}: {published.repository.outcome}")


def _report(published: Published) -> None:
    for config, splits in published.repository.sizes.items():
        listed = ", ".join(f"{split} {size.rows:,} rows" for split, size in splits.items())
        size = sum(each.file_bytes for each in splits.values())
        say(f"{config}: {listed}; {size / 1e6:,.1f} MB of Parquet")
    for line in published.audio:
        say(line)
