"""WavCaps (Mei et al., 2023): one JSON file a source, and the published blacklists.

The blacklists name the clips that also stand in other datasets: `test` those of test sets (AudioCaps' and
Clotho's among them), `all` those of every split.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adiff_data.core.errors import InputError
from adiff_data.core.tables import read_text
from adiff_data.records import Clip
from adiff_data.sources.captions import distinct, nonempty
from adiff_data.sources.corpus import CORPORA

_log = logging.getLogger(__name__)

FILES = {
    "AudioSet_SL": "as_final.json",
    "BBC_Sound_Effects": "bbc_final.json",
    "FreeSound": "fsd_final.json",
    "SoundBible": "sb_final.json",
}
BLACKLISTS = {"test": "blacklist_exclude_test_ac.json", "all": "blacklist_exclude_all_ac.json"}
_SOURCE_OF_BLACKLIST = {"AudioSet": "AudioSet_SL", "FreeSound": "FreeSound"}


def read_clips(root: Path, split: str, *, exclude: str = "test") -> Iterator[Clip]:
    """Yields the clips of every source file found below `root`, in the order of `FILES`.

    Args:
        root: the folder of the JSON files, flat or in a folder a source, as published.
        split: `train`: WavCaps has no other.
        exclude: the blacklist to keep out: `test`, `all` or `none`.

    Raises:
        InputError: no source file is found, the blacklist is missing, or an entry lacks a field.
    """
    excluded = _blacklisted(root, exclude)
    found = {source: path for source, name in FILES.items() if (path := _locate(root, source, name))}
    if not found:
        raise InputError(f"none of {', '.join(FILES.values())} is here", file=root)
    for source, path in found.items():
        yield from _read_source(path, source, split, excluded.get(source, frozenset()))


def caption_files(root: Path) -> list[Path]:
    """The source files and blacklists that are there."""
    wanted = [*FILES.items(), *(("blacklist", name) for name in BLACKLISTS.values())]
    return [path for folder, name in wanted if (path := _locate(root, folder, name))]


def _read_source(path: Path, source: str, split: str, excluded: frozenset[str]) -> Iterator[Clip]:
    document = _load(path)
    entries = document.get("data") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InputError("no list under 'data', as WavCaps' files have", file=path)
    names = distinct(path)
    left_out = 0
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or "id" not in entry:
            raise InputError("an entry without 'id'", file=path, row=number)
        clip_id = bare_id(names(str(entry["id"]), number))
        if clip_id in excluded:
            left_out += 1
            continue
        caption = nonempty(entry.get("caption"), "caption", path, number)
        filepath = published_path(source, clip_id)
        yield Clip(corpus="wavcaps", split=split, filepath=filepath, captions=(caption,))
    if left_out:
        _log.warning("%s: %d of %d clips left out by the blacklist", path, left_out, len(entries))


def _blacklisted(root: Path, exclude: str) -> dict[str, frozenset[str]]:
    if exclude == "none":
        return {}
    path = _locate(root, "blacklist", BLACKLISTS[exclude])
    if path is None:
        raise InputError(f"{BLACKLISTS[exclude]} is not here", file=root, mend="--exclude none keeps blacklisted clips")
    lists = _load(path)
    return {
        source: frozenset(bare_id(str(name)) for name in lists.get(key, []))
        for key, source in _SOURCE_OF_BLACKLIST.items()
    }


def _locate(root: Path, folder: str, name: str) -> Path | None:
    candidates = (root / name, root / folder / name)
    return next((path for path in candidates if path.is_file()), None)


def _load(path: Path) -> Any:
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as fault:
        raise InputError(f"not JSON ({fault.msg})", file=path, row=fault.lineno) from None


def published_path(source: str, clip_id: str) -> str:
    """The published path of a clip of one of `FILES`."""
    return f"{CORPORA['wavcaps'].folder}/{source}/{clip_id}.flac"


def bare_id(name: str) -> str:
    """An entry's id without the extension that some have."""
    return name.removesuffix(".wav").removesuffix(".flac")
