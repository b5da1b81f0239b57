"""The data of a training recipe: rows whose recordings are available, and clips with known events."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

from adiff_data.audio.files import AudioFolder
from adiff_data.audio.missing import warn_of_missing
from adiff_data.core.errors import InputError
from adiff_data.dataset.loading import load_split
from adiff_data.demo.naming import AUDIOSET
from adiff_data.demo.truth import read_truth
from adiff_data.demo.wording import aspects
from adiff_model.training.answers import without_amounts
from adiff_model.training.examples import TrainingRow
from adiff_model.training.labelled_clips import LabelledClip, LabelledEvent
from pipelines.training.edited_events import are_edited, read_edited_clips
from pipelines.training.recipe import TrainingSplit

_log = logging.getLogger(__name__)


class SplitData:
    """The rows whose recordings are available, and the clips with known events.

    Attributes:
        rows: the rows.
        labelled: all clips with known events.
        encoder_clips: those on which the encoder is trained.
        rows_digest, encoder_clips_digest: of the data of a step, so that a step with other data is not mistaken for it.
    """

    def __init__(
        self, rows: Sequence[TrainingRow], labelled: Sequence[LabelledClip], encoder_clips: Sequence[LabelledClip]
    ) -> None:
        self.rows, self.labelled, self.encoder_clips = rows, labelled, encoder_clips
        lines = (f"{row.tier}\t{row.caption1}\t{row.caption2}\t{row.answer}\n" for row in rows)
        self.rows_digest = hashlib.sha256("".join(lines).encode()).hexdigest()
        self.encoder_clips_digest = hashlib.sha256("".join(f"{clip}\n" for clip in encoder_clips).encode()).hexdigest()

    @classmethod
    def read(cls, splits: Sequence[TrainingSplit]) -> "SplitData":
        """The data of several splits, one after the other.

        Raises:
            InputError: no row has both recordings.
        """
        rows = [row for split in splits if split.weight for row in _read_rows(split)]
        if not rows:
            raise InputError("no row has both its recordings", file=splits[0].audio_root)
        clips = [
            (split, clip)
            for split in splits
            if split.ground_truth
            for clip in _read_labelled(split, split.ground_truth)
        ]
        return cls(rows, [clip for _, clip in clips], [clip for split, clip in clips if split.train_encoder])

    def paths(self) -> list[str]:
        """The recordings of the rows, each once."""
        return list(dict.fromkeys(path for row in self.rows for path in (row.audio1, row.audio2)))


def _read_rows(split: TrainingSplit) -> list[TrainingRow]:
    names = ("audio1_path", "audio2_path", "caption1", "caption2", "tier", "answer")
    table = load_split(split.source, split.config, split.split).select_columns(list(names))
    tier_name, folder = table.features["tier"].int2str, AudioFolder(split.audio_root)
    recordings, reasons = folder.find_all(path for name in names[:2] for path in table.unique(name))
    columns = (table[name][:] for name in names)
    learned = _as_it_is if split.amounts else without_amounts
    rows = [
        TrainingRow(
            str(recordings[path1]),
            str(recordings[path2]),
            caption1,
            caption2,
            tier_name(tier),
            learned(answer),
            split.weight,
        )
        for path1, path2, caption1, caption2, tier, answer in zip(*columns, strict=True)
        if path1 in recordings and path2 in recordings
    ]
    if len(rows) < len(table):
        missing = len(table) - len(rows)
        what = f"{split.source}, {split.split}: {missing:,} of {len(table):,} rows have no recording"
        warn_of_missing(_log, what, reasons, None)
    return rows


def _as_it_is(answer: str) -> str:
    return answer


def _read_labelled(split: TrainingSplit, corpus: Path) -> list[LabelledClip]:
    clips = read_labelled_clips(corpus, split.split)
    if not are_edited(split.audio_root):
        return clips
    return read_edited_clips(split.audio_root, {Path(clip.audio).name: clip for clip in clips})


def read_labelled_clips(corpus: Path, split: str) -> list[LabelledClip]:
    """The clips of a demo corpus with their events."""
    return [
        LabelledClip(
            str(corpus / clip.path),
            tuple(
                LabelledEvent(AUDIOSET[event.source], event.onset, event.offset, aspects(event))
                for event in clip.events
            ),
        )
        for clip in read_truth(corpus, split)
    ]
