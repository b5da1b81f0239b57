"""AudioCaps v1 (Kim et al., 2019): `train.csv`, `val.csv`, `test.csv`, one row a caption."""

from collections.abc import Iterator
from pathlib import Path

from adiff_data.audio.files import unsafe_reason
from adiff_data.core.errors import InputError
from adiff_data.core.tables import read_table
from adiff_data.records import Clip
from adiff_data.sources.captions import nonempty
from adiff_data.sources.corpus import CORPORA


def read_clips(root: Path, split: str) -> Iterator[Clip]:
    """Yields the clips of a split, each with all its captions, in the order of their first rows.

    Raises:
        InputError: a column is missing, a caption is empty, or an id would leave the folder.
    """
    path = root / f"{split}.csv"
    captions: dict[str, list[str]] = {}
    for row, fields in read_table(path, ("youtube_id", "caption")):
        youtube_id = fields["youtube_id"]
        reason = unsafe_reason(youtube_id)
        if reason is not None or "/" in youtube_id:
            raise InputError(f"youtube_id '{youtube_id}' is no id", file=path, row=row)
        caption = nonempty(fields["caption"], "caption", path, row)
        captions.setdefault(youtube_id, []).append(caption)
    folder = CORPORA["audiocaps"].folder
    for youtube_id, texts in captions.items():
        filepath = f"{folder}/{split}/Y{youtube_id}.wav"
        yield Clip(corpus="audiocaps", split=split, filepath=filepath, captions=tuple(texts))
