"""Which clips go into a dataset as audio, and why the others do not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import soundfile

from adiff_data.audio_files import AudioFolder
from adiff_data.publishing.clip_sources import ClipSource, ClipSources

Sound = dict[str, object]


@dataclass
class ClipAudio:
    """The audio of clips, as far as it may be handed on.

    Attributes:
        outside: by published path, why a clip's audio is not in the dataset.
    """

    folder: AudioFolder
    sources: ClipSources
    outside: dict[str, str] = field(default_factory=dict)
    _inside: dict[str, Path] = field(default_factory=dict)

    def source_of(self, filepath: str) -> ClipSource | None:
        """Where the clip comes from, if that is known."""
        return self.sources.source_of(filepath)

    def sound_of(self, filepath: str) -> Sound | None:
        """The value of an `Audio` column: the file's own bytes and its name; None for a clip that stays outside."""
        if filepath in self.outside:
            return None
        if filepath not in self._inside and not self._admit(filepath):
            return None
        path = self._inside[filepath]
        return {"bytes": path.read_bytes(), "path": path.name}

    @property
    def inside(self) -> int:
        """The number of clips that went in."""
        return len(self._inside)

    def summary(self) -> Iterator[str]:
        """Lines: how many clips went in, and why the others did not."""
        yield f"audio: {self.inside:,} of {self.inside + len(self.outside):,} clips went in"
        for reason, clips in Counter(self.outside.values()).most_common():
            yield f"  {clips:,} did not: {reason}"

    def records(self) -> Iterator[dict[str, object]]:
        """A record a clip for `clips.jsonl`, in the order of the paths."""
        for filepath in sorted({*self.outside, *self._inside}):
            source = self.source_of(filepath) or ClipSource()
            yield {
                "path": filepath,
                **source.model_dump(),
                "embedded": filepath in self._inside,
                "why_not": self.outside.get(filepath),
            }

    def _admit(self, filepath: str) -> bool:
        reason = self.sources.why_not(filepath)
        path = None if reason else self.folder.find(filepath)
        if path is None:
            self.outside[filepath] = reason or "there is no recording of it in the folder"
            return False
        try:
            soundfile.info(path)
        except (soundfile.LibsndfileError, OSError):
            self.outside[filepath] = "its recording cannot be read as audio"
            return False
        self._inside[filepath] = path
        return True
