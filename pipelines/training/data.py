"""What a recipe trains on and validates with: rows whose recordings are here, and clips whose events are known."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError
from adiff_data.dataset.loading import load_split
from adiff_data.demo.naming import AUDIOSET
from adiff_data.demo.truth import read_truth
from adiff_data.demo.wording import aspects
from adiff_model.training.examples import TrainingRow
from adiff_model.training.labelled_clips import LabelledClip, LabelledEvent
from pipelines.training.recipe import TrainingSplit

_log = logging.getLogger(__name__)


class SplitData:
    """The rows whose recordings are here, and the clips whose events are known.

    Attributes:
        labelled: all of these; `heard`: those that the encoder learns from.
        rows_digest, heard_digest: of what a step learns from, so that another one's result is not taken for its own.
    """

    def __init__(
        self, rows: Sequence[TrainingRow], labelled: Sequence[LabelledClip], heard: Sequence[LabelledClip]
    ) -> None:
        self.rows, self.labelled, self.heard = rows, labelled, heard
        lines = (f"{row.tier}\t{row.caption1}\t{row.caption2}\t{row.answer}\n" for row in rows)
        self.rows_digest = hashlib.sha256("".join(lines).encode()).hexdigest()
        self.heard_digest = hashlib.sha256("".join(f"{clip}\n" for clip in heard).encode()).hexdigest()

    @classmethod
    def read(cls, splits: Sequence[TrainingSplit]) -> "SplitData":
        """All splits of a use behind each other."""
        rows = [row for split in splits for row in _rows(split)]
        if not rows:
            raise InputError("no row has both its recordings", file=splits[0].audio_root)
        known = [(split, clip) for split in splits if split.truth for clip in _labelled(split.truth, split.split)]
        return cls(rows, [clip for _, clip in known], [clip for split, clip in known if split.hearing])

    def paths(self) -> list[str]:
        """The recordings of the rows, each once."""
        return list(dict.fromkeys(path for row in self.rows for path in (row.audio1, row.audio2)))


def _rows(split: TrainingSplit) -> list[TrainingRow]:
    names = ("audio1_path", "audio2_path", "caption1", "caption2", "tier", "answer")
    found = load_split(split.source, split.config, split.split).select_columns(list(names))
    tier_name, root = found.features["tier"].int2str, AudioFolder(split.audio_root)
    recordings = {path: root.find(path) for name in names[:2] for path in found.unique(name)}
    columns = (found[name][:] for name in names)
    rows = [
        TrainingRow(str(recordings[one]), str(recordings[other]), caption1, caption2, tier_name(tier), answer)
        for one, other, caption1, caption2, tier, answer in zip(*columns, strict=True)
        if recordings[one] and recordings[other]
    ]
    if len(rows) < len(found):
        missing = len(found) - len(rows)
        _log.warning("%s, %s: %d of %d rows have no recording", split.source, split.split, missing, len(found))
    return rows


def _labelled(corpus: Path, split: str) -> list[LabelledClip]:
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
