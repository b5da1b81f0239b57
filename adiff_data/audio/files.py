"""Where a clip's recording lies in a user's own copy of a corpus.

The exact path below the root wins, whatever its extension. Only then come the folders in which copies of the corpus
keep it (`Corpus.recording_folders`), other extensions and other names of the same YouTube clip; a path of a manifest,
or of no known corpus, is looked for in its own folder alone. Two clips never get the same file.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from adiff_data.audio.listing import Fit, Listing
from adiff_data.audio.missing import NO_RECORDING, name_first, warn_of_missing
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import unsafe_reason
from adiff_data.records import Clip
from adiff_data.sources import corpus_of_path

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Located:
    """What was found for a clip.

    Attributes:
        path: its recording; None where there is none.
        reason: why there is none.
        also: further files that fit. Where there are several, and none fits best, `path` is None.
        fit: how well the file fits.
        is_ambiguous: there is none because several files fit alike, or one file fits several clips alike.
    """

    path: Path | None
    reason: str = ""
    also: tuple[Path, ...] = ()
    fit: Fit = Fit.PATH
    is_ambiguous: bool = False


@dataclass(frozen=True)
class _Folders:
    """Where the recordings of one published folder may be: as it is named, and all that exist, the likeliest first."""

    named: Path
    existing: list[Listing]
    in_any_unicode_form: list[Listing]


class AudioFolder:
    """A folder of recordings, looked up by published path.

    Args:
        root: the folder.
        listed: the paths of all clips that share it. A file that one of them names is no other's recording.

    Raises:
        InputError: there is no such folder.
    """

    def __init__(self, root: Path, listed: Iterable[str] = ()) -> None:
        if not root.is_dir():
            raise InputError("no such folder of recordings", file=root)
        self.root = root
        self._listed = tuple(dict.fromkeys(listed))
        self._root_names = {root.absolute().name.lower(), root.resolve().name.lower()}
        self._listings: dict[Path, Listing] = {}
        self._folders_of: dict[PurePosixPath, _Folders] = {}

    def find(self, filepath: str) -> Path | None:
        """The recording of a published path, or None where there is none (or the path leaves the root)."""
        return self.locate(filepath).path

    def locate(self, filepath: str) -> Located:
        """The recording of a published path, or why there is none."""
        listed = self._located.get(filepath)
        return listed if listed else self.locate_all((filepath,))[filepath]

    def locate_all(self, filepaths: Iterable[str]) -> dict[str, Located]:
        """The recordings of many paths, and of those that are listed; no two different paths get the same file."""
        located_of = {filepath: self._best(filepath) for filepath in dict.fromkeys((*self._listed, *filepaths))}
        named = {filepath: self._named_path(filepath) for filepath, located in located_of.items() if located.path}
        claims: dict[Path, dict[PurePosixPath, Fit]] = defaultdict(dict)
        for filepath, located in located_of.items():
            if located.path:
                claims[located.path][named[filepath]] = located.fit
        return {
            filepath: self._without_other_clips_files(named.get(filepath), located, claims)
            for filepath, located in located_of.items()
        }

    def find_all(self, filepaths: Iterable[str]) -> tuple[dict[str, Path], dict[str, str]]:
        """The recordings of the paths that have one, and why the others have none."""
        wanted = list(dict.fromkeys(filepaths))
        located = self.locate_all(wanted)
        recordings = {filepath: path for filepath in wanted if (path := located[filepath].path)}
        return recordings, {path: located[path].reason for path in wanted if path not in recordings}

    @cached_property
    def _located(self) -> dict[str, Located]:
        return self.locate_all(()) if self._listed else {}

    def _without_other_clips_files(
        self, named: PurePosixPath | None, located: Located, claims: dict[Path, dict[PurePosixPath, Fit]]
    ) -> Located:
        also = tuple(path for path in located.also if path not in claims)
        if located.path is None:
            return replace(located, also=also)
        rivals = [path for path, fit in claims[located.path].items() if path != named and fit <= located.fit]
        if not rivals:
            return replace(located, also=also)
        file, rival = located.path.relative_to(self.root), rivals[0]
        is_the_rivals = claims[located.path][rival] < located.fit
        reason = "is the recording of" if is_the_rivals else "fits as well for"
        return Located(None, f"{file} {reason} {rival}", also, is_ambiguous=not is_the_rivals)

    def _best(self, filepath: str) -> Located:
        """The file that fits best, without a look at other clips."""
        reason = unsafe_reason(filepath)
        if reason is not None:
            return Located(None, reason)
        choices = list(self._choices(filepath))
        if not choices:
            return Located(None, NO_RECORDING)
        fit, paths = choices[0]
        all_paths = tuple(dict.fromkeys(path for _, of_one_fit in choices for path in of_one_fit))
        if len(paths) > 1:
            names = ", ".join(path.relative_to(self.root).as_posix() for path in paths[:3])
            return Located(None, f"{len(paths)} files fit alike: {names}", all_paths, is_ambiguous=True)
        return Located(paths[0], "", all_paths[1:], fit)

    def _choices(self, filepath: str) -> Iterator[tuple[Fit, list[Path]]]:
        """Yields the files that fit, the best first; those of one fit together."""
        path = self._named_path(filepath)
        corpus = corpus_of_path(path.as_posix())
        from_youtube = corpus is not None and corpus.named_by_youtube_id(path.as_posix())
        folders = self._folders(path.parent)
        any_fits = False
        for listing in folders.existing:
            for fit, names in listing.fits(path.name, from_youtube=from_youtube):
                any_fits = True
                exact = fit == Fit.NAME and listing.folder == folders.named
                yield (Fit.PATH if exact else fit), [listing.folder / name for name in names]
        if any_fits:
            return
        for listing in folders.in_any_unicode_form:
            if names := listing.unicode_fits(path.name):
                yield Fit.UNICODE, [listing.folder / name for name in names]

    def _named_path(self, filepath: str) -> PurePosixPath:
        """The path that a clip names: a backslash is a slash, unless there is a file of that very name."""
        literal = PurePosixPath(filepath)
        if "\\" not in filepath or literal.name in self._listing(self.root / literal.parent).names:
            return literal
        return PurePosixPath(filepath.replace("\\", "/"))

    def _folders(self, parent: PurePosixPath) -> "_Folders":
        """The folders in which the recordings of a published folder may be, each once."""
        if parent not in self._folders_of:
            named = self.root / parent
            folders = list(dict.fromkeys((named, *self._folders_of_copies(parent))))
            actual = dict.fromkeys(filter(None, map(self._in_any_unicode_form, folders)))
            self._folders_of[parent] = _Folders(
                named,
                [listing for folder in folders if (listing := self._listing(folder)).names],
                [listing for folder in actual if (listing := self._listing(folder)).names],
            )
        return self._folders_of[parent]

    def _folders_of_copies(self, parent: PurePosixPath) -> Iterator[Path]:
        """Yields the folders where copies of a corpus keep recordings. The root is any folder on the way there."""
        any_name = (parent / "name").as_posix()
        corpus = corpus_of_path(any_name)
        layouts = [PurePosixPath(folder).parts for folder in corpus.recording_folders(any_name)] if corpus else []
        if corpus is None or not layouts:
            return
        below = parent.parts[2:]  # a published path is FOLDER/PART/…
        layout_ends = dict.fromkeys(parts[start:] for parts in layouts for start in range(len(parts)))
        yield from (self.root.joinpath(*end, *below) for end in layout_ends)
        if not self._root_names & corpus.folders_of_other_parts(any_name):
            yield self.root.joinpath(*below)

    def _in_any_unicode_form(self, folder: Path) -> Path | None:
        actual = self.root
        for part in folder.relative_to(self.root).parts:
            name = self._listing(actual).subfolder(part)
            if name is None:
                return None
            actual /= name
        return actual

    def _listing(self, folder: Path) -> Listing:
        if folder not in self._listings:
            self._listings[folder] = Listing(folder)
        return self._listings[folder]


@checks_arguments
def with_recordings(
    clips: Iterable[Clip],
    audio_root: str | Path,
    *,
    listed: Iterable[str] = (),
    missing_file: str | Path | None = None,
) -> list[Clip]:
    """The clips whose recording is in a folder; a warning in the log names the first of the others.

    Args:
        audio_root: the folder.
        listed: the paths of further clips that share the folder, of other splits for example.
        missing_file: a JSON-lines file for the clips that have no recording, with the reason; it is removed where all
            have one.

    Raises:
        InputError: there is no such folder, or no recording of any clip in it.
        WorkError: `missing_file` cannot be written.
    """
    clips = list(clips)
    folder = AudioFolder(Path(audio_root), listed)
    recordings, reasons = folder.find_all(clip.filepath for clip in clips)
    what = f"{len(reasons):,} of {len(clips):,} clips left out: no recording in {folder.root}"
    warn_of_missing(_log, what, reasons, None if missing_file is None else Path(missing_file))
    if not recordings:
        raise InputError(
            f"none of the {len(clips):,} clips has a recording here",
            file=folder.root,
            mend=f"such as {name_first(reasons)}",
        )
    return [clip for clip in clips if clip.filepath in recordings]
