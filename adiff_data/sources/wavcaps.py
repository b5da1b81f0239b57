"""WavCaps (Mei et al., 2023): one JSON file a source, and the published blacklists.

The blacklists name the clips that also stand in other datasets: `test` those of test sets (AudioCaps' and
Clotho's among them), `all` those of every split.

Copies that are understood, with the root at any of the folders, of one source or of all:

| what made it | captions | recordings |
|---|---|---|
| adiff's own published paths | | `WavCaps/{source}/{id}.flac` |
| its Hugging Face dataset | `json_files/{source}/`, `json_files/blacklist/` | |
| its archives, unzipped | | `mnt/fast/…/waveforms/{source}_flac/`, also below `Zip_files/{source}/` |
| the same, moved | | `WavCaps/waveforms/{source}_flac/`, `{source}_flac/`, `{source}/`, `waveforms/` |
| aac-datasets | `WavCaps/json_files/…` | `WavCaps/Audio/{source}/{id}.flac` |
| one flat folder | | `{id}.flac`, unless the folder is named for another source |

FreeSound and SoundBible number their clips alike: of two clips of one number in a flat folder, neither gets the file.
"""

import logging
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from adiff_data.core.errors import InputError
from adiff_data.core.files import unsafe_reason
from adiff_data.records import Clip
from adiff_data.sources.captions import caption_file, nonempty
from adiff_data.sources.corpus import Corpus, SourceReader, Terms
from adiff_data.sources.licences import ClipSource, clip_source
from adiff_data.sources.recording_names import youtube_id_of
from adiff_data.sources.wavcaps_clips import FILES, clip_key, read_blacklist, read_entries

_log = logging.getLogger(__name__)

BLACKLISTS = {"test": "blacklist_exclude_test_ac.json", "all": "blacklist_exclude_all_ac.json"}
_FOLDER = "WavCaps"
_UNZIPPED = "mnt/fast/nobackup/scratch4weeks/xm00178/WavCaps/data/waveforms/{part}"
_SOURCE_OF_FILE = {name: source for source, name in FILES.items()}
_SEPARATOR = re.compile(r"[/\\]")
_FROM_YOUTUBE = f"{_FOLDER}/AudioSet_SL/"


class WavCaps(Corpus):
    """WavCaps: `train`, it has no other split."""

    name, taskname, folder, dataset = "wavcaps", "wavcaps", _FOLDER, "wcd"
    caption_layouts = ("WavCaps/json_files",)
    recording_layouts = (
        "WavCaps/Audio/{part}",
        "audio/{part}",
        "WavCaps/waveforms/{part}",
        _UNZIPPED,
        f"{{part}}/{_UNZIPPED}_flac",
        f"WavCaps/Zip_files/{{part}}/{_UNZIPPED}_flac",
        "WavCaps/Zip_files/{part}",
        "WavCaps/waveforms",
    )
    part_names = tuple((source, f"{source}_flac") for source in FILES)
    splits = ("train",)
    terms = Terms(
        title="WavCaps",
        captions="for academic use only",
        recordings="each under its source's terms (FreeSound, BBC Sound Effects, SoundBible, AudioSet)",
        link="https://github.com/XinhaoMei/WavCaps",
        citation="""@article{mei2024wavcaps,
  title   = {{WavCaps}: A {ChatGPT}-Assisted Weakly-Labelled Audio Captioning Dataset},
  author  = {Mei, Xinhao and Meng, Chutong and Liu, Haohe and Kong, Qiuqiang and Ko, Tom and Zhao, Chengqi and
             Plumbley, Mark D. and Zou, Yuexian and Wang, Wenwu},
  journal = {IEEE/ACM Transactions on Audio, Speech, and Language Processing},
  year    = {2024}
}""",
    )

    @property
    def parts(self) -> tuple[str, ...]:
        """The four sources."""
        return tuple(FILES)

    def read_clips(self, root: Path, split: str, *, exclude: str) -> Iterator[Clip]:
        """Yields the clips of every source file found below `root`, in the order of `FILES`.

        Args:
            root: the folder of the JSON files, flat or in a folder for each source, as published.
            split: `train`.
            exclude: the blacklist to leave out: `test`, `all` or `none`.

        Raises:
            InputError: no source file is found, the blacklist is missing or of another shape, an entry lacks a field,
                or a clip stands twice.
        """
        blacklist_file = _blacklist_file(root, exclude)
        blacklist = read_blacklist(blacklist_file) if blacklist_file else {}
        files = {source: path for source, name in FILES.items() if (path := _locate(root, source, name))}
        if not files:
            raise InputError(f"none of {', '.join(FILES.values())} is here", file=root)
        for source, path in files.items():
            yield from _read_source(path, source, split, blacklist.get(source, frozenset()))
        if blacklist_file and not any(blacklist.get(source) for source in files):
            _log.warning("%s: no clip left out, since it names none of %s", blacklist_file, ", ".join(files))

    def caption_files(self, root: Path, split: str) -> list[Path]:
        """The source files and blacklists that are there."""
        del split
        names = [*FILES.items(), *(("blacklist", name) for name in BLACKLISTS.values())]
        return [path for folder, name in names if (path := _locate(root, folder, name))]

    def youtube_id(self, filepath: str) -> str | None:
        """AudioSet's recordings are from YouTube."""
        return youtube_id_of(PurePosixPath(filepath).name) if filepath.startswith(_FROM_YOUTUBE) else None

    def named_by_youtube_id(self, filepath: str) -> bool:
        """AudioSet's recordings may be named as AudioSet's downloaders do."""
        return filepath.startswith(_FROM_YOUTUBE)

    def source_reader(self, path: Path) -> SourceReader | None:
        """WavCaps' JSON files state authors and licences too."""
        return partial(_read_sources, _SOURCE_OF_FILE[path.name]) if path.name in _SOURCE_OF_FILE else None

    def why_not_published(self, filepath: str, source: ClipSource | None) -> str | None:
        """Two of the four sources are never handed on."""
        if filepath.startswith(_FROM_YOUTUBE):
            return "from YouTube: its licence is not known"
        if filepath.startswith(f"{_FOLDER}/BBC_Sound_Effects/"):
            return "BBC Sound Effects: their licence (RemArc) does not let others hand them on"
        return super().why_not_published(filepath, source)


CORPUS = WavCaps()


def _read_source(path: Path, source: str, split: str, blacklist: frozenset[str]) -> Iterator[Clip]:
    row_of_clip: dict[str, int] = {}
    left_out = 0
    for row, clip_id, entry in read_entries(path):
        if _SEPARATOR.search(clip_id) or unsafe_reason(clip_id):
            raise InputError(f"'{entry['id']}' is no id", file=path, row=row)
        key = clip_key(source, clip_id)
        if key in row_of_clip:
            raise InputError(f"'{entry['id']}' stands in row {row_of_clip[key]} already", file=path, row=row)
        row_of_clip[key] = row
        if key in blacklist:
            left_out += 1
            continue
        caption = nonempty(entry.get("caption"), "caption", path, row)
        yield Clip(corpus="wavcaps", split=split, filepath=published_path(source, clip_id), captions=(caption,))
    if left_out:
        _log.warning("%s: %d of %d clips left out by the blacklist", path, left_out, len(row_of_clip))
    elif blacklist:
        _log.warning("%s: no clip left out, since none of the %d on the blacklist is here", path, len(blacklist))


def _blacklist_file(root: Path, exclude: str) -> Path | None:
    if exclude == "none":
        return None
    if exclude not in BLACKLISTS:
        raise InputError(f"no blacklist '{exclude}'", mend="give test, all or none")
    path = _locate(root, "blacklist", BLACKLISTS[exclude])
    if path is None:
        raise InputError(
            f"{BLACKLISTS[exclude]} is not here", file=root, mend='`exclude="none"` keeps blacklisted clips'
        )
    return path


def _locate(root: Path, folder: str, name: str) -> Path | None:
    layouts = [each for layout in WavCaps.caption_layouts for each in (f"{layout}/{folder}", layout)]
    path = caption_file(root, layouts, name)
    return path if path.is_file() else None


def published_path(source: str, clip_id: str) -> str:
    """The published path of a clip of one of `FILES`."""
    return f"{_FOLDER}/{source}/{clip_id}.flac"


def _read_sources(source: str, path: Path) -> Iterator[tuple[str, ClipSource]]:
    for _, clip_id, entry in read_entries(path):
        link = "download_link" if entry.get("download_link") else "href"
        filepath = published_path(source, clip_id)
        yield filepath, clip_source(entry, title="title", author="author", licence="license", link=link)
