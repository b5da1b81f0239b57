"""The names in one folder of recordings, and which of them a clip's recording may have."""

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cached_property
from pathlib import Path

from adiff_data.sources.recording_names import YOUTUBE_NAME, stem_of


class Fit(IntEnum):
    """How well a file fits a clip's path; the lowest is the best."""

    PATH = 0  # it is that path below the root
    NAME = 1  # that name, in a folder of the corpus' layouts
    STEM = 2  # another extension
    YOUTUBE = 3  # another name of the same YouTube clip
    UNICODE = 4  # the same letters in another Unicode form


class Listing:
    """The names of one folder's files and of its subfolders; a folder that does not exist has none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            entries = {entry.name: entry.is_dir() for entry in os.scandir(folder)}
        except OSError:  # no folder, or one that may not be read
            entries = {}
        self.names = frozenset(name for name, is_folder in entries.items() if not is_folder)
        self._subfolders = frozenset(entries) - self.names

    def fits(self, name: str, *, from_youtube: bool) -> Iterator[tuple[Fit, list[str]]]:
        """Yields the names that fit a clip's, the best fit first; several of one fit are in alphabetical order."""
        if name in self.names:
            yield Fit.NAME, [name]
        stem = stem_of(name)
        others = [each for each in self._by_stem.get(stem, ()) if each != name]
        if others:
            yield Fit.STEM, others
        if from_youtube:
            yield from ((Fit.YOUTUBE, names) for names in self._of_youtube_clip(stem))

    def unicode_fits(self, name: str) -> list[str]:
        """The names that are a clip's but for their Unicode form, or, where there are none, for the extension too."""
        if not self.names:
            return []
        same = self._by_composed_name.get(_composed(name), [])
        return same or self._by_composed_stem.get(_composed(stem_of(name)), [])

    def subfolder(self, name: str) -> str | None:
        """The subfolder of that name, or the only one that is the same but for its Unicode form."""
        if name in self._subfolders:
            return name
        same = [each for each in self._subfolders if _composed(each) == _composed(name)]
        return same[0] if len(same) == 1 else None

    def _of_youtube_clip(self, stem: str) -> Iterator[list[str]]:
        clip = YOUTUBE_NAME.fullmatch(stem)
        if clip is None:
            return
        youtube_id, start = clip["id"], clip["start"]
        behind = f"_{start}" if start else ""
        wholes = (f"Y{youtube_id}{behind}", f"{youtube_id}{behind}")
        yield from (self._by_stem[whole] for whole in wholes if whole != stem and whole in self._by_stem)
        timed = [
            name
            for name, of_start in self._by_youtube_id.get(youtube_id, ())
            if stem_of(name) not in (stem, *wholes) and _is_one_time(start, of_start)
        ]
        if timed:
            yield timed

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        return _grouped((stem_of(name), name) for name in self.names if _is_audio(name))

    @cached_property
    def _by_youtube_id(self) -> dict[str, list[tuple[str, str | None]]]:
        names_by_id: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        for stem, names in self._by_stem.items():
            if match := YOUTUBE_NAME.fullmatch(stem):
                names_by_id[match["id"]] += [(name, match["start"]) for name in names]
        return names_by_id

    @cached_property
    def _by_composed_name(self) -> dict[str, list[str]]:
        return _grouped((_composed(name), name) for name in self.names)

    @cached_property
    def _by_composed_stem(self) -> dict[str, list[str]]:
        return _grouped((_composed(stem_of(name)), name) for name in self.names if _is_audio(name))


def _is_one_time(start: str | None, other_start: str | None) -> bool:
    """Whether two start times, s, may be the same; one that is not told may be any."""
    return start is None or other_start is None or float(start) == float(other_start)


def _is_audio(name: str) -> bool:
    return stem_of(name) != name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped = defaultdict(list)
    for key, name in sorted(pairs):
        grouped[key].append(name)
    return grouped
