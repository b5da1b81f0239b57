"""What is known of an edited pair, since it was made so."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from adiff_data.core.json_lines import read_records

TRUTH_FILE = "truth.jsonl"
TRUTH = "truth"  # in `provenance.facts`: the truth of a row's pair
Side = Literal[1, 2]


class PlacedEvent(BaseModel):
    """A sound that was laid into one audio of a pair, or into both at the same time.

    Attributes:
        sides: the audios that it is in.
        caption: of the recording that it was taken from.
        filepath: that recording, by its published path.
        onset, offset: in the audio, seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sides: tuple[Side, ...]
    caption: str
    filepath: str
    onset: float
    offset: float


class EditTruth(BaseModel):
    """The difference of an edited pair.

    Attributes:
        id: of the pair.
        edit: what was done to the edited audio, a name of `kinds.EDITS`.
        quality: what the two differ in, a name of `kinds.QUALITIES`.
        edited: the audio that was edited; the other one is the recording as it was.
        more: the audio that has more of the quality: is louder, has the event, has it later or more often. None where
            neither has.
        size: in thresholds (0.5, 1, 2 or 4).
        amount, unit: how much, as `kinds` has it; 0 and "" where there is no amount.
        events: what was laid in.
        caption: of the recording that both audios are made from.
        filepath: that recording, by its published path.
        start: where in it both begin, seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    edit: str
    quality: str
    edited: Side
    more: Side | None
    size: float
    amount: float
    unit: str
    events: tuple[PlacedEvent, ...] = ()
    caption: str
    filepath: str
    start: float

    @property
    def less(self) -> Side | None:
        """The audio that has less of the quality."""
        return None if self.more is None else other_side(self.more)

    def known_amounts(self) -> list[str]:
        """The numbers that an answer may state: "6 dB", "2.9 seconds"."""
        of_quality = [f"{self.amount:g} {self.unit}"] if self.unit else []
        return of_quality + [f"{event.onset:g} seconds" for event in self.events]


def other_side(side: Side) -> Side:
    """2 for 1 and 1 for 2."""
    return 2 if side == 1 else 1


def read_truth(path: Path) -> dict[str, EditTruth]:
    """What is known of each pair of a file, by the pair's id.

    Raises:
        InputError: the file is missing, or a line of it is wrong.
    """
    return {truth.id: truth for truth in read_records(path, EditTruth)}
