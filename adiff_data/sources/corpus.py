"""What adiff has to know of a corpus: one class says all of it, and one file a corpus holds it.

A new corpus is a subclass of `Corpus` in a file of its own: in this folder, in a package that names it under the entry
point `adiff_data.corpora`, or in a script that calls `register_corpus`.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from adiff_data.core.errors import InputError
from adiff_data.records import Clip
from adiff_data.sources.licences import UNKNOWN, ClipSource, forbidden

UNDIVIDED = "all"  # the split of a corpus that has none
DATASET_NAME = re.compile("[a-z][a-z0-9]*")

SourceReader = Callable[[Path], Iterator[tuple[str, ClipSource]]]


@dataclass(frozen=True)
class Terms:
    """What a dataset card says of a corpus.

    Attributes:
        title: its name as its authors write it.
        captions: the licence of its captions, in words.
        recordings: that of its recordings.
        link: where both are stated.
        citation: BibTeX.
        hub_licence: the Hub's name of a licence (`cc0-1.0`) for a dataset of this corpus alone, if it is a plain one.
    """

    title: str
    captions: str
    recordings: str
    link: str = ""
    citation: str = ""
    hub_licence: str | None = None


class Corpus(ABC):
    """A source of captioned clips: how it is read, what it is called in published files, and under which terms.

    Attributes:
        name: the word on the command line and in `pairs.jsonl`.
        taskname: the `taskname` column of published CSVs.
        folder: the first part of a published path.
        dataset: the stem of published file names (`cld` of `cld_evaluation_adiff_detail_answer.csv`), of lower-case
            letters and digits.
        splits: the corpus' own split names; empty where the user's file names them.
        terms: what a card says of it.
        caption_layouts: folders in which copies of the corpus keep the caption files, outermost folder first, besides
            `root` itself.
        recording_layouts: folders in which copies of the corpus keep the recordings, outermost folder first, besides
            `folder/{part}`. `{part}` is the second folder of a published path: as a rule, the split.
        part_names: the names that people give such a folder, those of one part together, the published one first.
    """

    name: str
    taskname: str
    folder: str
    dataset: str
    splits: tuple[str, ...]
    terms: Terms
    caption_layouts: tuple[str, ...] = ()
    recording_layouts: tuple[str, ...] = ()
    part_names: tuple[tuple[str, ...], ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What the second folder of a published path can be; empty where the user's file names it."""
        return self.splits

    @abstractmethod
    def read_clips(self, root: Path, split: str, *, exclude: str) -> Iterator[Clip]:
        """Yields the clips of a split, in the order of their file.

        Args:
            root: the folder of the corpus' caption files.
            split: one of `splits`.
            exclude: the published blacklist to leave out, for a corpus that has some.

        Raises:
            InputError: a file is missing or wrong.
        """

    @abstractmethod
    def caption_files(self, root: Path, split: str) -> list[Path]:
        """The files that `read_clips` reads, those that exist: a change of them makes the pairs out of date."""

    def listed_paths(self, root: Path) -> Iterator[str]:
        """Yields the published paths of all splits whose caption files are there: clips that may share a folder of
        recordings. A split that cannot be read is passed over."""
        for split in self.splits:
            with suppress(InputError):
                if self.caption_files(root, split):
                    yield from [clip.filepath for clip in self.read_clips(root, split, exclude="none")]

    def default_split(self) -> str:
        """The split that is meant where none is named.

        Raises:
            InputError: there are several.
        """
        if not self.splits:
            return UNDIVIDED
        if len(self.splits) > 1:
            raise InputError(f"{self.name} has several splits", mend=f"name one: {', '.join(self.splits)}")
        return self.splits[0]

    def splits_in(self, root: Path) -> tuple[str, ...]:
        """The splits whose caption files are in a folder; for a corpus without splits of its own, `all`."""
        return tuple(split for split in self.splits or (UNDIVIDED,) if self.caption_files(root, split))

    def require_split(self, split: str) -> None:
        """Raises InputError where the corpus has splits and `split` is none of them."""
        if self.splits and split not in self.splits:
            raise InputError(f"{self.name} has no split '{split}'", mend=f"its splits: {', '.join(self.splits)}")

    def recording_folders(self, filepath: str) -> tuple[str, ...]:
        """The folders in which copies of the corpus keep the recording of a published path; () for another path.

        A copy's root may be any folder on the way to one of them.
        """
        part = self._part_of(filepath)
        return () if part is None else self._folders_of(part)

    def folders_of_other_parts(self, filepath: str) -> frozenset[str]:
        """Lower-case names of folders that hold other parts of the corpus than the one that a published path is of.

        A folder of such a name, given as the root, holds no recording of it directly.
        """
        part = self._part_of(filepath)
        names = {each: {PurePosixPath(folder).name.lower() for folder in self._folders_of(each)} for each in self.parts}
        others = (folders for each, folders in names.items() if each != part)
        return frozenset[str]().union(*others) - names.get(part or "", set())

    def _part_of(self, filepath: str) -> str | None:
        folder, *middle, _ = PurePosixPath(filepath).parts or ("", "")
        part = middle[0] if middle else ""
        return part if folder == self.folder and (not self.parts or part in self.parts) else None

    def _folders_of(self, part: str) -> tuple[str, ...]:
        layouts = (f"{self.folder}/{{part}}", *self.recording_layouts)
        names = next((names for names in self.part_names if names[0] == part), (part,))
        return tuple(dict.fromkeys(layout.format(part=name) for layout in layouts for name in names))

    def youtube_id(self, filepath: str) -> str | None:
        """The id of the YouTube video that a published path is a recording of; None for other recordings."""
        del filepath
        return None

    def named_by_youtube_id(self, filepath: str) -> bool:
        """Whether users' copies name a recording by its YouTube id, with a `Y` before it or a start time behind it."""
        del filepath
        return False

    def source_reader(self, path: Path) -> SourceReader | None:
        """What reads a file of the corpus that states the author and licence of each clip; None for another file."""
        del path
        return None

    def source_of(self, filepath: str) -> ClipSource | None:
        """Where a clip comes from, if the corpus says so of all its clips alike."""
        del filepath
        return None

    def why_not_published(self, filepath: str, source: ClipSource | None) -> str | None:
        """Why the recording of a clip must not be handed on inside a dataset, or None where it may."""
        del filepath
        return forbidden(source.licence) if source and source.licence else UNKNOWN
