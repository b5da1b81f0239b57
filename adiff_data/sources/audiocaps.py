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
from collections.abc import Iterator
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.files import unsafe_reason
from adiff_data.core.tables import read_table
from adiff_data.records import Clip
from adiff_data.sources.captions import caption_file, nonempty
from adiff_data.sources.corpus import Corpus, Terms
from adiff_data.sources.licences import ClipSource

_PUBLISHED = re.compile(r"AudioCapsLarger/\w+/Y?(?P<id>.+)\.\w+")


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
        """Yields the clips of a split, each with all its captions, in the order of their first rows."""
        del exclude
        path = self._captions(root, split)
        captions: dict[str, list[str]] = {}
        for row, fields in read_table(path, ("youtube_id", "caption")):
            youtube_id = fields["youtube_id"]
            reason = unsafe_reason(youtube_id)
            if reason is not None or "/" in youtube_id:
                raise InputError(f"youtube_id '{youtube_id}' is no id", file=path, row=row)
            caption = nonempty(fields["caption"], "caption", path, row)
            captions.setdefault(youtube_id, []).append(caption)
        for youtube_id, texts in captions.items():
            filepath = f"{self.folder}/{split}/Y{youtube_id}.wav"
            yield Clip(corpus=self.name, split=split, filepath=filepath, captions=tuple(texts))

    def caption_files(self, root: Path, split: str) -> list[Path]:
        """The CSV of the split."""
        return [path for path in (self._captions(root, split),) if path.exists()]

    def _captions(self, root: Path, split: str) -> Path:
        return caption_file(root, self.caption_layouts, f"{split}.csv")

    def youtube_id(self, filepath: str) -> str | None:
        """Every recording is from YouTube."""
        match = _PUBLISHED.fullmatch(filepath)
        return match["id"] if match else None

    def named_by_youtube_id(self, filepath: str) -> bool:
        """As `aac-datasets` and AudioCaps' downloaders name them."""
        del filepath
        return True

    def why_not_published(self, filepath: str, source: ClipSource | None) -> str:
        """Nobody knows the licences of YouTube's recordings."""
        del filepath, source
        return "from YouTube: its licence is not known"


CORPUS = AudioCaps()
