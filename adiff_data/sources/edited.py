"""Pairs of a recording and its edit, as `adiff edit` writes them: `pairs.jsonl` says what is heard in each audio."""

import re
from collections.abc import Iterator
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_records
from adiff_data.records import Clip, Pair
from adiff_data.sources.corpus import Corpus, Terms

PAIRS_FILE = "pairs.jsonl"
STRATEGY = "edited"
_FILE_NAME = re.compile(r"(?P<number>.*/\d{6,}_)(?P<side>[12])\.flac")


def file_name(number: int, side: int) -> str:
    """The file of audio 1 or 2 of a pair."""
    return f"{number:06d}_{side}.flac"


def other_file(filepath: str) -> str | None:
    """The published path of the other audio of its pair; None for a recording that is no edit's."""
    match = _FILE_NAME.fullmatch(filepath)
    return f"{match['number']}{'21'[int(match['side']) - 1]}.flac" if match else None


class Edited(Corpus):
    """Recordings of any corpus and their edits. Its splits are those of the corpus that was edited."""

    name, taskname, folder, dataset = "edited", "edited", "Edited", "edt"
    splits = ()
    terms = Terms(
        title="recordings and their edits",
        captions="as those of the recordings that were edited",
        recordings="as those of the recordings that were edited",
    )

    def read_clips(self, root: Path, split: str, *, exclude: str) -> Iterator[Clip]:
        """Yields both audios of each pair of the split."""
        del exclude
        splits = set()
        for pair in read_records(root / PAIRS_FILE, Pair):
            splits.add(pair.split)
            if pair.split == split:
                for filepath, caption in ((pair.filepath1, pair.caption1), (pair.filepath2, pair.caption2)):
                    yield Clip(corpus=self.name, split=split, filepath=filepath, captions=(caption,))
        if split not in splits:
            raise InputError(
                f"no split '{split}'", file=root, mend=f"its splits: {', '.join(sorted(splits)) or 'none'}"
            )

    def splits_in(self, root: Path) -> tuple[str, ...]:
        """The splits of the pairs, in the order in which they come."""
        return tuple(dict.fromkeys(pair.split for pair in read_records(root / PAIRS_FILE, Pair)))

    def caption_files(self, root: Path, split: str) -> list[Path]:
        """The file of pairs."""
        del split
        return [root / PAIRS_FILE] if (root / PAIRS_FILE).exists() else []


CORPUS = Edited()
