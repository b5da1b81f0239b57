"""What is known of the recordings of predictions, since they were made: demo corpora and edited pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from adiff_data.audio.files import AudioFolder
from adiff_data.claims.edit_truth import TRUTH_FILE as EDITS_FILE
from adiff_data.claims.edit_truth import EditTruth
from adiff_data.claims.edit_truth import read_truth as read_edits
from adiff_data.core.json_lines import read_records
from adiff_data.demo.truth import TRUTH_FILE as CLIPS_FILE
from adiff_data.demo.truth import KnownClip
from adiff_data.demo.truth import read_truth as read_clips
from adiff_data.records import Pair
from adiff_data.sources import corpus_of_path
from adiff_data.sources.edited import CORPUS as EDITED
from adiff_data.sources.edited import PAIRS_FILE
from adiff_model.prediction_file import Prediction


@dataclass(frozen=True)
class GroundTruth:
    """What is known.

    Attributes:
        clips: of demo corpora, by the clip's published path.
        edits: of edited pairs, by the published paths of both audios.
    """

    clips: Mapping[str, KnownClip] = field(default_factory=dict)
    edits: Mapping[tuple[str, str], EditTruth] = field(default_factory=dict)

    def clips_of(self, row: Prediction) -> tuple[KnownClip, KnownClip] | None:
        """Both clips of a row, where they are a demo corpus'."""
        if row.filepath1 not in self.clips or row.filepath2 not in self.clips:
            return None
        return self.clips[row.filepath1], self.clips[row.filepath2]

    def edit_of(self, row: Prediction) -> EditTruth | None:
        """What was edited, where the row is about an edited pair."""
        return self.edits.get((row.filepath1, row.filepath2))


NOTHING_KNOWN = GroundTruth()


def read_ground_truth(audio_root: Path | None, rows: Sequence[Prediction]) -> GroundTruth:
    """What the folder of recordings tells of the rows' clips and pairs; nothing where it is of another kind.

    Raises:
        InputError: a line of its truth is wrong.
    """
    if audio_root is None:
        return NOTHING_KNOWN
    edited = {row.filepath1 for row in rows if corpus_of_path(row.filepath1) is EDITED}
    return GroundTruth(
        _known_clips(audio_root, [row for row in rows if row.filepath1 not in edited]),
        _known_edits(audio_root) if edited else {},
    )


def _known_clips(audio_root: Path, rows: Sequence[Prediction]) -> Mapping[str, KnownClip]:
    if not rows or not (audio_root / CLIPS_FILE).is_file():
        return {}
    paths = {path for row in rows for path in (row.filepath1, row.filepath2)}
    splits = {PurePosixPath(path).parent.name for path in paths}
    recordings, _ = AudioFolder(audio_root).find_all(paths)
    clip_of_file = {
        str(audio_root / clip.path): clip for split in sorted(splits) for clip in read_clips(audio_root, split)
    }
    return {path: clip_of_file[str(file)] for path, file in recordings.items() if str(file) in clip_of_file}


def _known_edits(audio_root: Path) -> Mapping[tuple[str, str], EditTruth]:
    """Of every folder that `adiff edit` wrote, at the given one or below."""
    edits: dict[tuple[str, str], EditTruth] = {}
    for truth_file in sorted(audio_root.rglob(EDITS_FILE)):
        pairs_file = truth_file.with_name(PAIRS_FILE)
        if not pairs_file.is_file():
            continue
        truths = read_edits(truth_file)
        for pair in read_records(pairs_file, Pair):
            if pair.id in truths:
                edits[pair.filepath1, pair.filepath2] = truths[pair.id]
    return edits
