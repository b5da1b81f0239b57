"""From built datasets to a Hugging Face dataset: in a folder, on the Hub, or both."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError
from adiff_data.core.files import files_in
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.dataset.built_folder import find_built
from adiff_data.publishing.clip_audio import ClipAudio
from adiff_data.publishing.clip_sources import ClipSources
from adiff_data.publishing.description import describe
from adiff_data.publishing.hub import Push, Pushed, push, require_repository_name
from adiff_data.publishing.refusals import DUPLICATE, FAILED, SELF_PAIR
from adiff_data.publishing.repository import Repository, count_rows, write_repository

_HUB = "https://huggingface.co"


@dataclass(frozen=True)
class Published:
    """What `publish` made.

    Attributes:
        repository: its folder (where only `repo` was given, a temporary one that is gone by now), its splits and their
            sizes, and whether it was `written` or `unchanged`.
        files: name and size (bytes) of every file.
        audio: lines that say how many clips went in as audio, and why the others did not.
        pushed: where it is on the Hub, if it was pushed.
    """

    repository: Repository
    files: tuple[tuple[str, int], ...]
    audio: tuple[str, ...] = ()
    pushed: Pushed | None = None


def publish(  # noqa: PLR0913 - a public call names each of its options
    datasets: Sequence[str | Path],
    *,
    to: str | Path | None = None,
    repo: str | None = None,
    name: str | None = None,
    with_audio: bool = False,
    audio_root: str | Path | None = None,
    licences: Sequence[str | Path] = (),
    include_failed: bool = False,
    include_duplicates: bool = False,
    include_self_pairs: bool = False,
    licence: str | None = None,
    public: bool = False,
    revision: str = "main",
    tag: str | None = None,
    dry_run: bool = False,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> Published:
    """Makes a dataset repository: Parquet files, card, plots, licence, Croissant metadata; with `repo`, pushes it.

    Args:
        datasets: built folders such as `data/CLD`, or `name=data/CLD`; each becomes a config.
        to: the repository's folder; None makes a temporary one.
        repo: `ORG/NAME` on the Hub, or on the server that the variable HF_ENDPOINT names.
        name: what the card calls it; None is the repository's or the folder's own name.
        with_audio: embed the clips whose licence is known and allows it.
        audio_root: the recordings, for `with_audio`.
        licences: files that state the clips' authors and licences, or folders of them.
        include_failed, include_duplicates, include_self_pairs: publish such rows too, flagged.
        licence: as the Hub names licences; None is the corpora's.
        public: readable by everybody; else private.
        revision, tag: the branch to push to, and a tag on the commit.
        dry_run: make everything, and write and push nothing.
        force: overwrite another published folder.
        progress: told how many rows are written.

    Raises:
        InputError: the call is wrong, a row must not be published, or `to` holds something else.
        WorkError: the disk is full, or the Hub was not reached.
    """
    _require_target(to, repo, with_audio, audio_root)
    built = [find_built(str(dataset)) for dataset in datasets]
    if not built:
        raise InputError("no dataset to publish")
    audio = None
    if with_audio and audio_root:
        audio = ClipAudio(AudioFolder(Path(audio_root)), ClipSources([Path(path) for path in licences]))
    flags = {FAILED: include_failed, DUPLICATE: include_duplicates, SELF_PAIR: include_self_pairs}
    source = repo or Path(to or "published").resolve().name
    endpoint = os.environ.get("HF_ENDPOINT", _HUB).rstrip("/")
    counter = ProgressCounter(progress, "publish", sum(count_rows(dataset.tables) for dataset in built))
    with _folder(None if dry_run or to is None else Path(to)) as folder:
        repository = write_repository(
            built,
            folder,
            partial(describe, source, endpoint=endpoint, on_hub=repo is not None, name=name, licence=licence),
            allowed=[flag for flag, included in flags.items() if included],
            audio=audio,
            force=force,
            advance=counter.advance,
        )
        pushed = None
        if repo and not dry_run:
            pushed = push(folder, Push(repo, public, revision, tag), message=_message(repository))
        return Published(repository, tuple(files_in(folder)), tuple(audio.summary()) if audio else (), pushed)


def _require_target(to: str | Path | None, repo: str | None, with_audio: bool, audio_root: str | Path | None) -> None:
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


def _message(repository: Repository) -> str:
    rows = sum(size.rows for splits in repository.sizes.values() for size in splits.values())
    return f"Publish {', '.join(repository.sizes)}: {rows:,} rows"
