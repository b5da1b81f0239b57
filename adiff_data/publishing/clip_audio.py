"""Which clips go into a dataset as audio, and why the others do not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adiff_data.audio.decoding import require_whole
from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.engines.engine import Engine
from adiff_data.engines.local import LOCAL
from adiff_data.sources import ClipSource
from adiff_data.sources.clip_sources import ClipSources

_ABSENT = "there is no recording of it in the folder"
_UNREADABLE = "its recording cannot be read to its end as audio"


@dataclass
class ClipAudio:
    """The audio of clips, as far as it may be published, and where each clip comes from.

    Attributes:
        folder: the recordings.
        sources: the authors and licences of the clips.
        engine: where recordings are decoded to their end, to see whether they can be.
        progress: called with the number of recordings that were decoded.
        reasons: how many clips did not go in, by reason; those that did are counted under None.
    """

    folder: AudioFolder
    sources: ClipSources
    engine: Engine = LOCAL
    progress: ProgressCallback | None = None
    reasons: Counter[str | None] = field(default_factory=Counter)
    _listed: set[str] = field(default_factory=set)
    _whole: set[Path] = field(default_factory=set)

    def expect(self, filepaths: Iterable[str]) -> None:
        """Takes the paths of clips that are asked for: a file that one of them names is no other's recording.

        Those that may go in are decoded to their end.
        """
        self._listed.update(filepaths)
        self.folder = AudioFolder(self.folder.root, (*self._listed, *self.sources.filepaths))
        allowed = (self.folder.find(path) for path in sorted(self._listed) if not self.sources.why_not(path))
        found = [path for path in dict.fromkeys(allowed) if path is not None]
        counter = ProgressCounter(self.progress, "decode", len(found), unit="clips")
        for path, is_whole in zip(found, self.engine.map(_is_whole, found, chunk_size=16, lost=_lost), strict=True):
            counter.advance()
            if is_whole:
                self._whole.add(path)

    def values(self, filepath: str, corpus: str, split: str) -> dict[str, Any]:
        """The values of `CLIP_FEATURES` for a clip; `audio` holds the bytes of the file, or is None."""
        audio, reason = self._audio_of(filepath)
        self.reasons[reason] += 1
        source = self.sources.source_of(filepath) or ClipSource()
        return {
            "path": filepath,
            "audio": audio,
            **source.model_dump(),
            "why_not": reason,
            "corpus": corpus,
            "source_split": split,
        }

    def summary(self) -> Iterator[str]:
        """Lines that say how many clips went in, and why the others did not."""
        yield f"audio: {self.reasons[None]:,} of {self.reasons.total():,} clips went in"
        for reason, clips in self.reasons.most_common():
            if reason is not None:
                yield f"  {clips:,} did not: {reason}"

    def _audio_of(self, filepath: str) -> tuple[dict[str, Any] | None, str | None]:
        """The audio of a clip, or else the reason why it does not go in."""
        reason = self.sources.why_not(filepath)
        if reason:
            return None, reason
        path = self.folder.find(filepath)
        if path is None:
            return None, _ABSENT
        if path not in self._whole:
            return None, _UNREADABLE
        try:
            return {"bytes": path.read_bytes(), "path": path.name}, None
        except OSError:
            return None, _UNREADABLE


def _is_whole(path: Path) -> bool:
    """Whether a recording can be read to its end."""
    try:
        require_whole(path)
    except (InputError, OSError):
        return False
    return True


def _lost(path: Path) -> bool:
    """What is said of a recording whose worker was ended again and again."""
    del path
    return False
