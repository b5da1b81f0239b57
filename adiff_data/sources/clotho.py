"""Clotho v2.1 (Drossos et al., 2020): `clotho_captions_{split}.csv`, five captions a clip.

Authors and licences of the recordings stand in `clotho_metadata_{split}.csv`.

Copies that are understood, with the root at any of the folders:

| what made it | captions | recordings |
|---|---|---|
| adiff's own published paths | | `ClothoV21/{split}/NAME.wav` |
| Zenodo, unpacked | `clotho_captions_{split}.csv` | `{split}/NAME.wav`, `clotho_audio_{split}/{split}/NAME.wav` |
| aac-datasets | `CLOTHO_v2.1/clotho_csv_files/` | `CLOTHO_v2.1/clotho_audio_files/{split}/NAME.wav` |
| one flat folder | | `NAME.wav`, unless the folder is named for another split |

Some names stand in two splits, as different recordings: in a flat folder that may serve both, neither gets the file.
"""

import csv
import io
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.tables import read_table
from adiff_data.core.text_files import read_text
from adiff_data.records import Clip
from adiff_data.sources.captions import caption_file, distinct, nonempty
from adiff_data.sources.corpus import Corpus, SourceReader, Terms
from adiff_data.sources.licences import ClipSource, clip_source

CAPTION_COLUMNS = tuple(f"caption_{number}" for number in range(1, 6))
_METADATA = re.compile(r"clotho_metadata_(?P<split>\w+)\.csv")


class ClothoLayout(Corpus):
    """A corpus that is kept as Clotho is: a CSV a split, five captions a clip."""

    splits = ("development", "validation", "evaluation")

    def read_clips(self, root: Path, split: str, *, exclude: str) -> Iterator[Clip]:
        """Yields the clips of a split; a file name that stands twice is an error."""
        del exclude
        path = self._captions(root, split)
        names = distinct(path)
        for row, fields in read_table(path, ("file_name", *CAPTION_COLUMNS)):
            name = names(fields["file_name"], row)
            captions = tuple(nonempty(fields[column], column, path, row) for column in CAPTION_COLUMNS)
            yield Clip(corpus=self.name, split=split, filepath=f"{self.folder}/{split}/{name}", captions=captions)

    def caption_files(self, root: Path, split: str) -> list[Path]:
        """The CSV of the split."""
        return [path for path in (self._captions(root, split),) if path.exists()]

    def _captions(self, root: Path, split: str) -> Path:
        return caption_file(root, self.caption_layouts, f"clotho_captions_{split}.csv")


class Clotho(ClothoLayout):
    """Clotho v2.1."""

    name, taskname, folder, dataset = "clotho", "clothov21", "ClothoV21", "cld"
    caption_layouts = ("CLOTHO_v2.1/clotho_csv_files",)
    recording_layouts = ("CLOTHO_v2.1/clotho_audio_files/{part}", "clotho_audio_{part}/{part}", "clotho_audio_{part}")
    part_names = (("development", "dev"), ("validation", "val"), ("evaluation", "eval"))
    terms = Terms(
        title="Clotho v2.1",
        captions="for non-commercial use, with attribution (Tampere University licence)",
        recordings="each under its own Creative Commons licence, from Freesound",
        link="https://zenodo.org/records/4783391",
        citation="""@inproceedings{drossos2020clotho,
  title     = {Clotho: an Audio Captioning Dataset},
  author    = {Drossos, Konstantinos and Lipping, Samuel and Virtanen, Tuomas},
  booktitle = {ICASSP},
  year      = {2020}
}""",
    )

    def source_reader(self, path: Path) -> SourceReader | None:
        """Reads `clotho_metadata_{split}.csv`."""
        match = _METADATA.fullmatch(path.name)
        return partial(self._read_metadata, match["split"]) if match else None

    def _read_metadata(self, split: str, path: Path) -> Iterator[tuple[str, ClipSource]]:
        """The published files are in a Western encoding of one byte, older copies in UTF-8."""
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise InputError(f"cannot be read ({fault.strerror})", file=path) from None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            if b"\0" in content:  # UTF-16, say
                read_text(path)
            text = content.decode("cp1252", errors="replace")
        for fields in csv.DictReader(io.StringIO(text, newline="")):
            if not fields.get("file_name") or "license" not in fields:
                raise InputError("columns file_name and license are wanted", file=path, row=1)
            source = clip_source(fields, title="file_name", author="manufacturer", licence="license", link="sound_link")
            yield f"{self.folder}/{split}/{fields['file_name']}", source


CORPUS = Clotho()
