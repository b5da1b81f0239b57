"""Which clip of WavCaps is meant: by an entry of its files, and by a name on a blacklist."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adiff_data.core.errors import InputError
from adiff_data.core.text_files import json_type, read_json
from adiff_data.sources.recording_names import stem_of, youtube_id_of

FILES = {
    "AudioSet_SL": "as_final.json",
    "BBC_Sound_Effects": "bbc_final.json",
    "FreeSound": "fsd_final.json",
    "SoundBible": "sb_final.json",
}
_FROM_YOUTUBE = "AudioSet_SL"
_SOURCE_OF_KEY = {"audioset": _FROM_YOUTUBE, **{source.lower(): source for source in FILES}}
_WANTED = 'a list of ids for each source is wanted: {"AudioSet": ["Y….wav", …], "FreeSound": ["117790", …]}'


def read_entries(path: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yields each entry of a source file: its number from 1, its id without an extension, and its fields.

    Raises:
        InputError: the file is not as WavCaps' are, or an entry has no id.
    """
    document = read_json(path)
    entries = document.get("data") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InputError("no list under 'data', as WavCaps' files have", file=path)
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or "id" not in entry:
            raise InputError("an entry without 'id'", file=path, row=number)
        clip_id = _id(entry["id"])
        if clip_id is None:
            raise InputError(f"the id is {json_type(entry['id'])}, not a text", file=path, row=number)
        yield number, clip_id, entry


def read_blacklist(path: Path) -> dict[str, frozenset[str]]:
    """The clips that a blacklist names, as `clip_key` has them, by source.

    Raises:
        InputError: it is of another shape than WavCaps' blacklists, or names a source that WavCaps does not have.
    """
    document = read_json(path)
    if not isinstance(document, dict):
        raise InputError(f"the blacklist is {json_type(document)}", file=path, mend=_WANTED)
    blacklist: dict[str, frozenset[str]] = {}
    for key, names in document.items():
        source = _SOURCE_OF_KEY.get(key.strip().lower())
        if source is None:
            raise InputError(f"'{key}' is no source of WavCaps", file=path, mend=_WANTED)
        if not isinstance(names, list):
            raise InputError(f"'{key}' holds {json_type(names)}", file=path, mend=_WANTED)
        blacklist[source] = blacklist.get(source, frozenset()) | {
            clip_key(source, _listed_id(name, key, number, path)) for number, name in enumerate(names, start=1)
        }
    return blacklist


def clip_key(source: str, clip_id: str) -> str:
    """What is the same for all names of one clip: AudioSet's are of YouTube, with and without a `Y` before the id."""
    return (youtube_id_of(clip_id) if source == _FROM_YOUTUBE else None) or clip_id


def _listed_id(name: Any, key: str, number: int, path: Path) -> str:
    clip_id = _id(name)
    if clip_id is None:
        raise InputError(f"'{key}' holds {json_type(name)} as id {number}", file=path, mend=_WANTED)
    return clip_id


def _id(value: Any) -> str | None:
    """An id without the audio extension that some have; None where it is neither a text nor a whole number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return stem_of(str(value).strip()) or None
