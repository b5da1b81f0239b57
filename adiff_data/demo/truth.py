"""What a demo corpus knows of its clips, read back."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_objects
from adiff_data.demo.scenes import Event

TRUTH_FILE = "truth.jsonl"


@dataclass(frozen=True)
class KnownClip:
    """A clip of the corpus and what was put into it.

    Attributes:
        path: below the corpus' folder: "development/development_0000.wav".
        arrangement: `single`, `sequence` or `together`.
    """

    path: str
    arrangement: str
    events: tuple[Event, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that sound, in their order."""
        return tuple(event.source for event in self.events)


def read_truth(corpus: Path, split: str) -> list[KnownClip]:
    """The clips of a split.

    Raises:
        InputError: the corpus has no `truth.jsonl`, or a line of it is wrong.
    """
    path, clips = corpus / TRUTH_FILE, []
    for row, line in read_objects(path):
        try:
            events = tuple(Event.model_validate(event) for event in line["events"])
            clip = KnownClip(f"{line['split']}/{line['file_name']}", line["arrangement"], events)
        except (KeyError, TypeError, ValidationError):
            raise InputError("not a clip of a demo corpus", file=path, row=row) from None
        if line["split"] == split:
            clips.append(clip)
    return clips
