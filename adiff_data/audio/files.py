"""Where a published path lies in a user's own copy of a corpus."""

import logging
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from adiff_data.core.errors import InputError
from adiff_data.core.files import unsafe_reason
from adiff_data.records import Clip
from adiff_data.sources import corpus_of_path

_log = logging.getLogger(__name__)
EXTENSIONS = (".wav", ".flac", ".ogg", ".mp3")
_YOUTUBE_START = re.compile(r"_\d+(\.\d+)?$")


class AudioFolder:
    """A folder of recordings, looked up by published path.

    A recording of `ClothoV21/evaluation/a.wav` is found as that path below the root, as `evaluation/a.wav` or as
    `a.wav`, with any of `EXTENSIONS`. Recordings of AudioCaps are also found under the names that
    `aac-datasets` gives them: `{youtube_id}_{start_time}.flac`.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise InputError("no such folder of recordings", file=root)
        self.root = root
        self._listings: dict[tuple[Path, bool], dict[str, str]] = {}

    def find(self, filepath: str) -> Path | None:
        """The recording of a published path, or None where there is none (or the path leaves the root)."""
        if unsafe_reason(filepath) is not None:
            return None
        path = PurePosixPath(filepath)
        corpus = corpus_of_path(filepath)
        from_youtube = corpus is not None and corpus.named_by_youtube_id(filepath)
        stem = path.stem.removeprefix("Y") if from_youtube else path.stem
        for folder in _folders(self.root, path):
            names = self._listing(folder, from_youtube)
            if stem in names:
                return folder / names[stem]
        return None

    def _listing(self, folder: Path, from_youtube: bool) -> dict[str, str]:
        """The folder's recordings, name by stem (by YouTube id); the extensions named first win."""
        key = (folder, from_youtube)
        if key not in self._listings:
            files = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
            names: dict[str, str] = {}
            for extension in EXTENSIONS:
                for name in (name for name in files if name.lower().endswith(extension)):
                    stem = PurePosixPath(name).stem
                    names.setdefault(_youtube_id(stem) if from_youtube else stem, name)
            self._listings[key] = names
        return self._listings[key]


def with_recordings(clips: Sequence[Clip], audio_root: str | Path) -> list[Clip]:
    """The clips whose recording is in a folder; a warning in the log says how many have none.

    Raises:
        InputError: there is no such folder, or no recording of any clip in it.
    """
    folder = AudioFolder(Path(audio_root))
    kept = [clip for clip in clips if folder.find(clip.filepath) is not None]
    if not kept:
        raise InputError(f"none of the {len(clips):,} clips has a recording here", file=folder.root)
    if len(kept) < len(clips):
        _log.warning("%d of %d clips left out: no recording in %s", len(clips) - len(kept), len(clips), folder.root)
    return kept


def _youtube_id(stem: str) -> str:
    """The id in `Y{id}` or `{id}_{start_time}`: eleven characters, but for an id of another length as it is."""
    bare = _YOUTUBE_START.sub("", stem)
    return stem.removeprefix("Y") if len(bare) == len(stem) and stem.startswith("Y") else bare


def _folders(root: Path, path: PurePosixPath) -> list[Path]:
    middle = path.parts[1:-1]
    return [root / path.parent, root.joinpath(*middle), root]
