"""What is known of an edited pair, since it was made so, and the truth of claims that follows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from adiff_data.claims.claim import Vocabulary
from adiff_data.claims.denial import heard_and_denied
from adiff_data.claims.truth import ClipTruth, PairTruth
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.records import Annotation

TRUTH_FILE = "truth.jsonl"
TRUTH = "truth"  # in `provenance.facts`: the truth of a row's pair
Side = Literal[1, 2]
QUALITY_OF_EDIT = {  # by the edit's quality, that of `audio.differences` which it is about
    "loudness": "louder",
    "pitch": "higher-pitched",
    "brightness": "brighter",
    "tempo": "busier",
    "length": "longer",
}
# By the edit's quality, what it leaves as it is.
_UNTOUCHED: Mapping[str, frozenset[str]] = {
    "loudness": frozenset({"longer", "higher-pitched", "busier", "brighter"}),
    "pitch": frozenset({"longer", "busier"}),
    "brightness": frozenset({"longer", "higher-pitched", "busier"}),
    "tempo": frozenset({"longer", "higher-pitched"}),
    "length": frozenset(),
    "distance": frozenset({"longer", "higher-pitched", "busier"}),
    "noise": frozenset({"longer", "higher-pitched"}),
    "nothing": frozenset({"louder", "longer", "higher-pitched", "busier", "brighter"}),
}
_UNTOUCHED_BY_EVENTS = frozenset({"longer"})


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


def kept_truth(row: Annotation) -> EditTruth | None:
    """The truth of a row about an edited pair, which its provenance keeps.

    Raises:
        InputError: it keeps something else under that name.
    """
    kept = (row.provenance.facts or {}).get(TRUTH)
    if kept is None:
        return None
    try:
        return EditTruth.model_validate({**kept, "id": row.id})
    except (TypeError, ValidationError):
        raise InputError(f"'{row.id}' keeps no truth of an edit as its facts' {TRUTH}") from None


def untouched_by(edit: EditTruth) -> frozenset[str]:
    """The qualities (`audio.differences.QUALITIES`) that an edit leaves as they are."""
    return _UNTOUCHED.get(edit.quality, _UNTOUCHED_BY_EVENTS)


def with_edit(truth: PairTruth, edit: EditTruth, vocabulary: Vocabulary) -> PairTruth:
    """A truth with what is known of an edit: the difference that was made, what it leaves as it is, and its events.

    What was made overrules what was measured.

    Args:
        truth: what captions and measurements tell.
        vocabulary: finds the events that a caption names.
    """
    untouched = untouched_by(edit)
    more = {quality: audio for quality, audio in truth.more.items() if quality not in untouched}
    if edit.quality in QUALITY_OF_EDIT and edit.more is not None:
        more[QUALITY_OF_EDIT[edit.quality]] = edit.more
    first, second = (_with_events(truth.clip(side), side, edit, vocabulary) for side in (1, 2))
    equal = (truth.equal | untouched) - more.keys()
    is_same = edit.quality == "nothing"
    return replace(truth, first=first, second=second, more={} if is_same else more, equal=equal, same=is_same)


def _with_events(clip: ClipTruth, side: int, edit: EditTruth, vocabulary: Vocabulary) -> ClipTruth:
    """An audio with the events that were laid into it, when each begins, and those that the other one alone has."""
    of_recording, _ = heard_and_denied(edit.caption, vocabulary)
    onsets: dict[str, list[float]] = defaultdict(list)
    elsewhere: set[str] = set()
    for event in edit.events:
        words = heard_and_denied(event.caption, vocabulary)[0] - of_recording
        if side not in event.sides:
            elsewhere |= words
            continue
        for word in words:
            onsets[word].append(event.onset)
    known = {word: at[0] for word, at in onsets.items() if len(at) == 1}  # of a word for two, it is either's
    return replace(
        clip,
        events=clip.events | onsets.keys(),
        onsets={**clip.onsets, **known},
        lacks=frozenset((clip.lacks | elsewhere) - onsets.keys()),
    )
