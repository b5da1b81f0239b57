"""`adiff publish`: built datasets as a Hugging Face dataset, in a folder or on the Hub."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.publishing.publish import Published
from adiff_data.publishing.publish import publish as publish_datasets
from pipelines.console import progress_bars, say


def publish(
    datasets: Annotated[list[str], typer.Argument(help="Built folders, such as data/CLD, or name=data/CLD.")],
    to: Annotated[Path | None, typer.Option(help="The folder of the repository.")] = None,
    repo: Annotated[str | None, typer.Option(help="ORG/NAME on the Hub (HF_ENDPOINT names another server).")] = None,
    with_audio: Annotated[
        bool, typer.Option("--with-audio", help="Embed clips whose licence is known and allows it.")
    ] = False,
    audio_root: Annotated[Path | None, typer.Option(help="The recordings, for --with-audio.")] = None,
    licences: Annotated[
        list[Path] | None,
        typer.Option(help="Clotho's metadata CSVs, WavCaps' JSON, or a table with path, licence, author, title, link."),
    ] = None,
    include_failed: Annotated[
        bool, typer.Option("--include-failed", help="Publish rows that failed their checks, flagged.")
    ] = False,
    include_duplicates: Annotated[
        bool, typer.Option("--include-duplicates", help="Publish pairs that stand twice, flagged.")
    ] = False,
    include_self_pairs: Annotated[
        bool, typer.Option("--include-self-pairs", help="Publish pairs of a clip with itself, flagged.")
    ] = False,
    licence: Annotated[str | None, typer.Option(help="As the Hub names licences. Default: the corpora's.")] = None,
    public: Annotated[bool, typer.Option("--public", help="With --repo: readable by everybody.")] = False,
    revision: Annotated[str, typer.Option(help="With --repo: the branch.")] = "main",
    tag: Annotated[str | None, typer.Option(help="With --repo: a tag on the commit.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make all and list it; write and push nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite another published folder.")] = False,
) -> None:
    """Make a dataset repository: Parquet files, card, plots, Croissant metadata; with --repo, push it.

    Example: adiff publish data/CLD data/ACD --to published
    """
    with progress_bars() as progress:
        published = publish_datasets(
            datasets,
            to=to,
            repo=repo,
            with_audio=with_audio,
            audio_root=audio_root,
            licences=licences or (),
            include_failed=include_failed,
            include_duplicates=include_duplicates,
            include_self_pairs=include_self_pairs,
            licence=licence,
            public=public,
            revision=revision,
            tag=tag,
            dry_run=dry_run,
            force=force,
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
