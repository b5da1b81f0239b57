"""`adiff publish`: built datasets as a Hugging Face dataset, in a folder or on the Hub."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError
from adiff_data.core.files import files_in
from adiff_data.dataset.built_folder import BuiltFolder, find_built
from adiff_data.publishing.clip_audio import ClipAudio
from adiff_data.publishing.clip_sources import ClipSources
from adiff_data.publishing.description import describe
from adiff_data.publishing.hub import Push, push, require_repository_name
from adiff_data.publishing.refusals import DUPLICATE, FAILED, SELF_PAIR
from adiff_data.publishing.repository import Describe, Published, count_rows
from adiff_data.publishing.repository import publish as publish_folders
from pipelines.console import counting, say

_HUB = "https://huggingface.co"


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
    _require_target(to, repo, with_audio, audio_root)
    built = [find_built(given) for given in datasets]
    audio = ClipAudio(AudioFolder(audio_root), ClipSources(licences or ())) if with_audio and audio_root else None
    included = {FAILED: include_failed, DUPLICATE: include_duplicates, SELF_PAIR: include_self_pairs}
    allowed = [flag for flag, wanted in included.items() if wanted]
    name = repo or (to or Path("published")).resolve().name
    endpoint = os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")
    describing = partial(describe, name, endpoint=endpoint, on_hub=repo is not None, licence=licence)
    with _folder(None if dry_run else to) as folder:
        published = _publish_counting(built, folder, describing, allowed=allowed, audio=audio, force=force)
        _show(published, audio)
        if dry_run:
            for name_in_repository, size in files_in(folder):
                say(f"  would go up: {name_in_repository} ({size:,} bytes)")
        elif repo:
            done = push(folder, Push(repo, public, revision, tag), message=_message(published))
            say(f"{done.url} ({'private' if done.private else 'public'})")
        else:
            say(f"{to}: {published.outcome}")


def publish_built(folder: Path, to: Path, *, force: bool = False) -> Published:
    """Makes the repository of one built folder, as a recipe's step."""
    describing = partial(describe, folder.resolve().name, endpoint=_HUB, on_hub=False, licence=None)
    return _publish_counting([find_built(str(folder))], to, describing, force=force)


def _publish_counting(
    built: Sequence[BuiltFolder],
    folder: Path,
    describing: Describe,
    *,
    allowed: Sequence[str] = (),
    audio: ClipAudio | None = None,
    force: bool,
) -> Published:
    with counting("publish", sum(count_rows(dataset.tables) for dataset in built), "rows") as advance:
        return publish_folders(built, folder, describing, allowed=allowed, audio=audio, force=force, advance=advance)


def _require_target(to: Path | None, repo: str | None, with_audio: bool, audio_root: Path | None) -> None:
    if to is None and repo is None:
        raise InputError("nowhere to publish to", mend="give --to DIR, --repo ORG/NAME, or both")
    if repo is not None:
        require_repository_name(repo)
    if with_audio and audio_root is None:
        raise InputError("--with-audio needs the recordings", mend="give --audio-root DIR")


@contextmanager
def _folder(to: Path | None) -> Iterator[Path]:
    """The folder to fill: the one that was asked for, or one that is gone afterwards."""
    if to is not None:
        yield to
        return
    with tempfile.TemporaryDirectory(prefix="adiff-publish-") as temporary:
        yield Path(temporary) / "repository"


def _show(published: Published, audio: ClipAudio | None) -> None:
    for config, splits in published.sizes.items():
        listed = ", ".join(f"{split} {size.rows:,} rows" for split, size in splits.items())
        size = sum(each.file_bytes for each in splits.values())
        say(f"{config}: {listed}; {size / 1e6:,.1f} MB of Parquet")
    for line in audio.summary() if audio else ():
        say(line)


def _message(published: Published) -> str:
    rows = sum(size.rows for splits in published.sizes.values() for size in splits.values())
    return f"Publish {', '.join(published.sizes)}: {rows:,} rows"
