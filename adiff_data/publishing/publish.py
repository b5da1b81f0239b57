"""`publish`: built datasets become a Hugging Face dataset in a folder, on the Hub, or both."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adiff_data.audio.files import AudioFolder
from adiff_data.core.arguments import as_list, checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import files_in
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.dataset.built_folder import find_built
from adiff_data.engines.engine import Engine
from adiff_data.engines.local import LOCAL
from adiff_data.publishing.clip_audio import ClipAudio
from adiff_data.publishing.description import describe
from adiff_data.publishing.hub import Push, Pushed, push, require_repository_name
from adiff_data.publishing.refusals import DUPLICATE, FAILED, SELF_PAIR
from adiff_data.publishing.repository import Repository, count_rows, write_repository
from adiff_data.sources.clip_sources import ClipSources

_HUB = "https://huggingface.co"


@dataclass(frozen=True)
class Published:
    """What `publish` made.

    Attributes:
        repository: its folder (a temporary one that no longer exists, if only `repo` was given), its splits and their
            sizes, and whether it was `written` or is `unchanged`.
        files: the name and the size in bytes of every file.
        audio: lines that say how many clips went in as audio, and why the others did not.
        pushed: where it is on the Hub, if it was pushed.
    """

    repository: Repository
    files: tuple[tuple[str, int], ...]
    audio: tuple[str, ...] = ()
    pushed: Pushed | None = None


@checks_arguments
def publish(  # noqa: PLR0913 - a public call names each of its options
    datasets: str | Path | Sequence[str | Path],
    *,
    to: str | Path | None = None,
    repo: str | None = None,
    name: str | None = None,
    with_audio: bool = False,
    audio_root: str | Path | None = None,
    licences: str | Path | Sequence[str | Path] = (),
    include_failed: bool = False,
    include_duplicates: bool = False,
    include_self_pairs: bool = False,
    licence: str | None = None,
    public: bool = False,
    revision: str = "main",
    tag: str | None = None,
    dry_run: bool = False,
    force: bool = False,
    engine: Engine | None = None,
    progress: ProgressCallback | None = None,
) -> Published:
    """Makes a dataset repository: Parquet files, card, plots, licence, Croissant metadata; with `repo`, pushes it.

    Args:
        datasets: one or several built folders such as `data/CLD`, or `name=data/CLD`; each becomes a config.
        to: the folder of the repository; None makes a temporary one.
        repo: `ORG/NAME` on the Hub, or on the server that the variable HF_ENDPOINT names.
        name: the title of the card; None takes the name of the repository or of the folder.
        with_audio: embed the clips whose licence is known and allows it.
        audio_root: the recordings, for `with_audio`.
        licences: files that state the authors and licences of the clips, or folders of such files.
        include_failed, include_duplicates, include_self_pairs: publish such rows too, with a flag.
        licence: the Hub's name of a licence; None takes that of the corpora.
        public: make the repository public; by default it is private.
        revision, tag: the branch to push to, and a tag for the commit.
        dry_run: make everything, but keep and push nothing.
        force: overwrite a different published folder.
        engine: where recordings are decoded, for `with_audio`; None is this machine.
        progress: called with the number of rows that are written, then of recordings that are decoded.

    Raises:
        InputError: the call is wrong, a row must not be published, or `to` has other content.
        WorkError: the disk is full, or the Hub cannot be reached.
    """
    _require_target(to, repo, with_audio, audio_root, dry_run=dry_run)
    built = [find_built(str(dataset)) for dataset in as_list(datasets)]
    if not built:
        raise InputError("no dataset to publish")
    audio = None
    if with_audio and audio_root:
        sources = ClipSources([Path(path) for path in as_list(licences)])
        audio = ClipAudio(AudioFolder(Path(audio_root)), sources, engine or LOCAL, progress)
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


def _require_target(
    to: str | Path | None, repo: str | None, with_audio: bool, audio_root: str | Path | None, *, dry_run: bool
) -> None:
    if to is None and repo is None and not dry_run:
        raise InputError("nowhere to publish to", mend="give `to`, `repo`, or both")
    if repo is not None:
        require_repository_name(repo)
    if with_audio and audio_root is None:
        raise InputError("`with_audio=True` needs the recordings", mend="give `audio_root`")


@contextmanager
def _folder(to: Path | None) -> Iterator[Path]:
    """The folder to write to: `to`, or one that is removed afterwards."""
    if to is not None:
        yield to
        return
    with tempfile.TemporaryDirectory(prefix="adiff-publish-") as temporary:
        yield Path(temporary) / "repository"


def _message(repository: Repository) -> str:
    rows = sum(size.rows for splits in repository.sizes.values() for size in splits.values())
    return f"Publish {', '.join(repository.sizes)}: {rows:,} rows"
