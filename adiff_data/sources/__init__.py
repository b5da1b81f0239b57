"""The corpora's readers: from their own published files to clips."""

from collections.abc import Iterator
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.records import Clip
from adiff_data.sources import audiocaps, clotho, demo, manifest, wavcaps
from adiff_data.sources.corpus import CORPORA

_READERS = {
    "clotho": clotho.read_clips,
    "audiocaps": audiocaps.read_clips,
    "demo": demo.read_clips,
    "manifest": manifest.read_clips,
}


def read_clips(corpus: str, root: Path, split: str, *, exclude: str = "test") -> Iterator[Clip]:
    """Yields the clips of one split of a corpus.

    Args:
        corpus: a name of `CORPORA`.
        root: the folder of the corpus' caption files; for `manifest`, the file.
        split: the corpus' own name of the split.
        exclude: WavCaps' blacklist to keep out: `test`, `all` or `none`.

    Raises:
        InputError: the corpus or the split does not exist, or a file of it is wrong.
    """
    if corpus not in CORPORA:
        raise InputError(f"no corpus '{corpus}'", mend=f"corpora: {', '.join(CORPORA)}")
    splits = CORPORA[corpus].splits
    if splits and split not in splits:
        raise InputError(f"{corpus} has no split '{split}'", mend=f"its splits: {', '.join(splits)}")
    if corpus == "wavcaps":
        return wavcaps.read_clips(root, split, exclude=exclude)
    return _READERS[corpus](root, split)


def caption_files(corpus: str, root: Path, split: str) -> list[Path]:
    """The files that the clips of a split are read from, those that exist."""
    if corpus == "wavcaps":
        return wavcaps.caption_files(root)
    if corpus == "manifest":
        return [root]
    name = f"{split}.csv" if corpus == "audiocaps" else f"clotho_captions_{split}.csv"
    return [path for path in (root / name,) if path.exists()]
