"""AudioCaps v1 (Kim et al., 2019): `train.csv`, `val.csv`, `test.csv`, one row a caption.

Copies that are understood, with the root at any of the folders:

| what made it | captions | recordings |
|---|---|---|
| adiff's own published paths | | `AudioCapsLarger/{split}/Y{id}.wav` |
| its repository | `dataset/{split}.csv` | |
| aac-datasets | `AUDIOCAPS/csv_files_v1/`, `AUDIOCAPS/` | `AUDIOCAPS/audio_32000Hz/{split}/{id}_{start}.flac` |
| audiocaps-download and other downloaders | | `{split}/` or one flat folder |

A recording is named `Y{id}`, `{id}`, `{id}_{start}` or `{id}_{start}_{end}`, with any audio extension; an id has eleven
characters, of which any may be a `Y`, a hyphen or an underscore.
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path, PurePosixPath

from adiff_data.core.errors import InputError
from adiff_data.core.tables import read_table
from adiff_data.records import Clip
from adiff_data.sources.captions import caption_file, nonempty
from adiff_data.sources.corpus import Corpus, Terms
from adiff_data.sources.licences import ClipSource
from adiff_data.sources.recording_names import YOUTUBE_ID, youtube_id_of

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
_BROKEN = "a spreadsheet breaks ids and numbers when it saves a file; take the file as it was published"


class AudioCaps(Corpus):
    """AudioCaps v1."""

    name, taskname, folder, dataset = "audiocaps", "audiocaps", "AudioCapsLarger", "acd"
    caption_layouts = ("AUDIOCAPS/csv_files_v1", "AUDIOCAPS", "audiocaps/dataset")
    recording_layouts = tuple(
        f"AUDIOCAPS/audio_{rate}Hz/{{part}}" for rate in (32_000, 48_000, 44_100, 24_000, 22_050, 16_000)
    )
    part_names = (("val", "valid", "validation"),)
    splits = ("train", "val", "test")
    terms = Terms(
        title="AudioCaps v1",
        captions="for academic use (MIT licence of its repository)",
        recordings="from YouTube; they are not part of this dataset",
        link="https://github.com/cdjkim/audiocaps",
        citation="""@inproceedings{kim2019audiocaps,
  title     = {{AudioCaps}: Generating Captions for Audios in The Wild},
  author    = {Kim, Chris Dongjoo and Kim, Byeongchang and Lee, Hyunmin and Kim, Gunhee},
  booktitle = {NAACL-HLT},
  year      = {2019}
}""",
    )

    def read_clips(self, root: Path, split: str, *, exclude: str) -> Iterator[Clip]:
        """Yields the clips of a split, each with all its captions, in the order of their first rows.

        Two start times of one video are two clips, whose paths tell them apart: `Y{id}_{start}.wav`.
        """
        del exclude
        path = self._captions(root, split)
        captions: dict[tuple[str, str], list[str]] = {}
        for row, fields in read_table(path, ("youtube_id", "caption")):
            clip = _youtube_id(fields, path, row), _start(fields, path, row)
            captions.setdefault(clip, []).append(nonempty(fields["caption"], "caption", path, row))
        clips_of_video = Counter(youtube_id for youtube_id, _ in captions)
        for (youtube_id, start), texts in captions.items():
            behind = f"_{start}" if start and clips_of_video[youtube_id] > 1 else ""
            filepath = f"{self.folder}/{split}/Y{youtube_id}{behind}.wav"
            yield Clip(corpus=self.name, split=split, filepath=filepath, captions=tuple(texts))

    def caption_files(self, root: Path, split: str) -> list[Path]:
        """The CSV of the split."""
        return [path for path in (self._captions(root, split),) if path.exists()]

    def _captions(self, root: Path, split: str) -> Path:
        return caption_file(root, self.caption_layouts, f"{split}.csv")

    def youtube_id(self, filepath: str) -> str | None:
        """Every recording is from YouTube."""
        return youtube_id_of(PurePosixPath(filepath).name) if filepath.startswith(f"{self.folder}/") else None

    def named_by_youtube_id(self, filepath: str) -> bool:
        """As `aac-datasets` and AudioCaps' downloaders name them."""
        del filepath
        return True

    def why_not_published(self, filepath: str, source: ClipSource | None) -> str:
        """Nobody knows the licences of YouTube's recordings."""
        del filepath, source
        return "from YouTube: its licence is not known"


CORPUS = AudioCaps()


def _youtube_id(fields: dict[str, str], path: Path, row: int) -> str:
    youtube_id = fields["youtube_id"]
    if not YOUTUBE_ID.fullmatch(youtube_id):
        raise InputError(f"'{youtube_id}' is no YouTube id of 11 characters", file=path, row=row, mend=_BROKEN)
    return youtube_id


def _start(fields: dict[str, str], path: Path, row: int) -> str:
    """The start time in seconds, in its shortest form; empty where none is given."""
    start = fields.get("start_time", "").strip()
    if start and not _SECONDS.fullmatch(start):
        raise InputError(f"start_time '{start}' is no number of seconds", file=path, row=row, mend=_BROKEN)
    return f"{Decimal(start).normalize():f}" if start else ""
