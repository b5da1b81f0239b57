"""Who made a clip, under which licence, and whether it may be handed on inside a dataset.

Known from Clotho's metadata CSVs, WavCaps' JSON files, and tables of `path, licence, author, title, link`.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import read_objects
from adiff_data.core.tables import read_table, read_text
from adiff_data.sources.corpus import CORPORA
from adiff_data.sources.wavcaps import FILES as WAVCAPS_FILES
from adiff_data.sources.wavcaps import bare_id, published_path

_CLOTHO_METADATA = re.compile(r"clotho_metadata_(?P<split>\w+)\.csv")
_WAVCAPS_SOURCE = {name: source for source, name in WAVCAPS_FILES.items()}
_CREATIVE_COMMONS = re.compile(
    r"(?:\bcc[- ]|licenses/|creative commons )(by(?:-nc)?(?:-nd|-sa)?)\b[/ -]*(\d\.\d)?", re.IGNORECASE
)
_ZERO = re.compile(r"\bcc-?0\b|publicdomain/zero|creative commons (?:0|zero)", re.IGNORECASE)
_SAMPLING = re.compile(r"sampling\+[/ ]*(\d\.\d)?", re.IGNORECASE)
_NEVER = {
    "AudioCapsLarger/": "from YouTube: its licence is not known",
    "WavCaps/AudioSet_SL/": "from YouTube: its licence is not known",
    "WavCaps/BBC_Sound_Effects/": "BBC Sound Effects: their licence (RemArc) does not let others hand them on",
}
UNKNOWN = "its licence is not known"


class ClipSource(BaseModel):
    """Where a clip comes from; what is not known is None."""

    model_config = ConfigDict(frozen=True)

    title: str | None = None
    author: str | None = None
    licence: str | None = None
    link: str | None = None


_DEMO = ClipSource(title="synthesized by adiff's demo corpus", author="adiff", licence="CC0 1.0")


class ClipSources:
    """The sources of clips, looked up by published path.

    Raises:
        InputError: a file is none of those that tell of licences, or a row of it is wrong.
    """

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._sources: dict[str, ClipSource] = {}
        for file in files:
            for path in sorted(file.iterdir()) if file.is_dir() else [file]:
                if not file.is_dir() or _CLOTHO_METADATA.fullmatch(path.name) or path.name in _WAVCAPS_SOURCE:
                    self._sources.update(_read(path))

    def source_of(self, filepath: str) -> ClipSource | None:
        """Where a clip comes from, or None where nothing is known of it."""
        if filepath.startswith(f"{CORPORA['demo'].folder}/"):
            return _DEMO
        return self._sources.get(filepath)

    def why_not(self, filepath: str) -> str | None:
        """Why a clip must not be handed on, or None where it may."""
        for folder, reason in _NEVER.items():
            if filepath.startswith(folder):
                return reason
        source = self.source_of(filepath)
        return forbidden(source.licence if source else None)


def licence_name(licence: str) -> str | None:
    """The short name of a licence (CC0 1.0, CC BY-NC 4.0, Sampling+ 1.0), or None for one that is not known here."""
    if _ZERO.search(licence):
        return "CC0 1.0"
    if match := _SAMPLING.search(licence):
        return f"Sampling+ {match[1] or '1.0'}"
    if match := _CREATIVE_COMMONS.search(licence):
        return f"CC {match[1].upper()} {match[2] or ''}".rstrip()
    return None


def forbidden(licence: str | None) -> str | None:
    """Why a licence does not allow a clip to stand in a dataset for research, or None where it does.

    Clips are parts of recordings: licences without derivatives (ND) do not cover them.
    """
    name = licence_name(licence) if licence else None
    if name is None:
        return UNKNOWN
    if name.split()[1].endswith("-ND"):
        return f"{name}: no derivatives, and a clip is one"
    return None


def _read(path: Path) -> Iterator[tuple[str, ClipSource]]:
    if match := _CLOTHO_METADATA.fullmatch(path.name):
        return _clotho(path, match["split"])
    if path.name in _WAVCAPS_SOURCE:
        return _wavcaps(path, _WAVCAPS_SOURCE[path.name])
    if path.suffix in (".csv", ".jsonl"):
        return _table(path)
    raise InputError(
        "tells of no licences", file=path, mend="give clotho_metadata_*.csv, WavCaps' JSON, or a CSV with path, licence"
    )


def _clotho(path: Path, split: str) -> Iterator[tuple[str, ClipSource]]:
    """The published files are ISO 8859-1, older copies UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_bytes().decode("iso-8859-1")
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", file=path) from None
    for fields in csv.DictReader(io.StringIO(text, newline="")):
        if not fields.get("file_name") or "license" not in fields:
            raise InputError("columns file_name and license are wanted", file=path, row=1)
        yield (
            f"{CORPORA['clotho'].folder}/{split}/{fields['file_name']}",
            _source(fields, title="file_name", author="manufacturer", licence="license", link="sound_link"),
        )


def _wavcaps(path: Path, source: str) -> Iterator[tuple[str, ClipSource]]:
    try:
        entries = json.loads(read_text(path))["data"]
    except (ValueError, KeyError, TypeError):
        raise InputError("no list under 'data', as WavCaps' files have", file=path) from None
    for entry in entries:
        link = "download_link" if entry.get("download_link") else "href"
        yield (
            published_path(source, bare_id(str(entry.get("id", "")))),
            _source(entry, title="title", author="author", licence="license", link=link),
        )


def _table(path: Path) -> Iterator[tuple[str, ClipSource]]:
    rows = read_table(path, ("path",)) if path.suffix == ".csv" else read_objects(path)
    for row, fields in rows:
        if not fields.get("path"):
            raise InputError("no path", file=path, row=row)
        spelling = "license" if "license" in fields else "licence"
        yield str(fields["path"]), _source(fields, title="title", author="author", licence=spelling, link="link")


def _source(fields: dict[str, Any], **columns: str) -> ClipSource:
    found = {name: str(fields.get(column) or "").strip() for name, column in columns.items()}
    licence = found.pop("licence")
    return ClipSource(
        licence=(licence_name(licence) or licence) if licence else None,
        **{name: value or None for name, value in found.items()},
    )
