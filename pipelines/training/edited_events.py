"""The events of edited pairs, where those of the recordings that were edited are known."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from adiff_data.audio.decoding import count_frames, read_info
from adiff_data.claims.edit_truth import TRUTH_FILE, EditTruth, Side, read_truth
from adiff_data.core.json_lines import read_records
from adiff_data.demo.naming import AUDIOSET, named_sources
from adiff_data.records import Pair
from adiff_data.sources.edited import PAIRS_FILE
from adiff_model.training.labelled_clips import LabelledClip, LabelledEvent

_SIDES: tuple[Side, ...] = (1, 2)


def are_edited(folder: Path) -> bool:
    """Whether a folder of recordings is one of edited pairs."""
    return (folder / TRUTH_FILE).is_file() and (folder / PAIRS_FILE).is_file()


def read_edited_clips(folder: Path, originals: Mapping[str, LabelledClip]) -> list[LabelledClip]:
    """Both audios of each edited pair of a folder, with the events of the recording and those that were laid in.

    Args:
        originals: the recordings that were edited, by the name of their file.
    """
    truths = read_truth(folder / TRUTH_FILE)
    return [
        LabelledClip(str(path), tuple(_events_in(path, truths[pair.id], side, originals)))
        for pair in read_records(folder / PAIRS_FILE, Pair)
        for side, path in zip(_SIDES, (folder / pair.filepath1, folder / pair.filepath2), strict=True)
    ]


def _events_in(
    path: Path, truth: EditTruth, side: Side, originals: Mapping[str, LabelledClip]
) -> Iterator[LabelledEvent]:
    """The events that begin within an audio."""
    seconds, pace = count_frames(path) / read_info(path).rate, _pace(truth, side)
    for event in originals[PurePosixPath(truth.filepath).name].events:
        onset, offset = ((moment - truth.start) * pace for moment in (event.onset, event.offset))
        if offset > 0 and onset < seconds:
            yield LabelledEvent(event.classes, max(0.0, onset), min(offset, seconds), event.aspects)
    for placed in truth.events:
        if side in placed.sides:
            for source in named_sources(placed.caption):
                yield LabelledEvent(AUDIOSET[source], placed.onset, placed.offset)


def _pace(truth: EditTruth, side: Side) -> float:
    """By how much moments of the recording come later in an audio: below 1 where it is played faster."""
    if truth.quality != "tempo" or side != truth.edited:
        return 1.0
    return 1 / truth.amount if truth.edit == "faster" else truth.amount
