"""`load_split`: a split of a produced or published dataset as a `datasets.Dataset`."""

import logging
from pathlib import Path

import datasets
import pyarrow as pa

from adiff_data.audio_files import AudioFolder
from adiff_data.errors import InputError
from adiff_data.published_csv import read_numbered
from adiff_data.publishing.built_folder import BuiltFolder, Origins, find_built, read_verdicts_by_id
from adiff_data.publishing.columns import FEATURES, TIER, PublishedRow, values
from adiff_data.publishing.croissant import FILE as CROISSANT_FILE
from adiff_data.publishing.splits import hub_split
from adiff_data.soundfile_audio import SoundfileAudio
from adiff_data.tiers import TIERS

_log = logging.getLogger(__name__)
_NAMED = 5
AUDIO_COLUMNS = ("audio1", "audio2")


def load_split(
    source: str | Path,
    config: str,
    split: str,
    tier: str | None = None,
    audio_root: str | Path | None = None,
    *,
    sampling_rate: int | None = None,
    revision: str | None = None,
) -> datasets.Dataset:
    """A split of a dataset, with the columns of `adiff publish`.

    Args:
        source: `ORG/NAME` on the Hub, a published folder, or a built one such as `data/CLD`.
        config: `acd`, `cld`, `wcd`, `demo`.
        split: the Hub's name (`train`, `validation`, `test`) or the corpus' own (`evaluation`).
        tier: `fewwords`, `sentence` or `detail`; None for all.
        audio_root: your own copy of the recordings. Adds `audio1` and `audio2`, each a dictionary of `path`, `array`
            (float32, mono) and `sampling_rate` when it is read. Where a recording is missing it is None, and a
            warning in the log names the missing ones.
        sampling_rate: to resample to, Hz; None keeps each clip's own.
        revision: a branch, tag or commit, for a dataset on the Hub.

    Raises:
        InputError: there is no such source, config, split or tier, or no recording at all in `audio_root`.
    """
    if tier is not None and tier not in TIERS:
        raise InputError(f"no tier '{tier}'", mend=f"one of {', '.join(TIERS)}")
    folder = Path(source)
    if folder.is_dir() and not (folder / CROISSANT_FILE).exists():
        found = _load_built(folder, config, split, tier)
    else:
        found = _load_published(str(source), config, hub_split(split), tier, revision)
    for column in AUDIO_COLUMNS:
        if column in found.column_names:
            found = found.cast_column(column, SoundfileAudio(sampling_rate=sampling_rate))
    return _with_audio(found, AudioFolder(Path(audio_root)), sampling_rate) if audio_root else found


def _load_published(source: str, config: str, split: str, tier: str | None, revision: str | None) -> datasets.Dataset:
    filters = [("tier", "==", TIER.str2int(tier))] if tier else None
    try:
        return datasets.load_dataset(source, config, split=split, revision=revision, filters=filters)
    except ValueError as fault:
        raise InputError(str(fault), file=source) from None
    except (datasets.exceptions.DatasetNotFoundError, FileNotFoundError):
        raise InputError("no such dataset, here or on the Hub", file=source) from None


def _load_built(folder: Path, config: str, split: str, tier: str | None) -> datasets.Dataset:
    built = find_built(str(folder))
    if config != built.config:
        raise InputError(f"no config '{config}'", file=folder, mend=f"it is {built.config}")
    return datasets.Dataset(_built_table(built, split, tier))


def _built_table(built: BuiltFolder, split: str, tier: str | None) -> pa.Table:
    tables = [table for table in built.tables if split in (table.split, hub_split(table.split))]
    if not tables:
        known = ", ".join(sorted({table.split for table in built.tables}))
        raise InputError(f"no split '{split}'", file=built.folder, mend=f"its splits: {known}")
    verdicts = read_verdicts_by_id(built.verdicts)
    with Origins(built.annotations) as origins:
        rows = [
            values(PublishedRow(origins.complete(annotation), verdicts.get(annotation.id), (), row))
            for table in tables
            if tier in (None, table.tier)
            for row, annotation in read_numbered(table.path)
        ]
    return pa.Table.from_pylist(rows, schema=FEATURES.arrow_schema)


def _with_audio(found: datasets.Dataset, folder: AudioFolder, sampling_rate: int | None) -> datasets.Dataset:
    """Adds the recordings' paths as audio columns; nothing is read yet."""
    feature = SoundfileAudio(sampling_rate=sampling_rate)
    missing: set[str] = set()
    place: dict[str, Path | None] = {}
    for column in AUDIO_COLUMNS:
        paths = found.with_format(None)[f"{column}_path"]
        sounds = []
        for filepath in paths:
            if filepath not in place:
                place[filepath] = folder.find(filepath)
            path = place[filepath]
            if path is None:
                missing.add(filepath)
            sounds.append(None if path is None else {"bytes": None, "path": str(path)})
        if column in found.column_names:
            found = found.remove_columns(column)
        found = found.add_column(column, pa.array(sounds, type=feature.pa_type), feature=feature)
    if missing and len(missing) == len(place):
        raise InputError("none of the recordings is here", file=folder.root, mend=f"such as {min(missing)}")
    if missing:
        named = ", ".join(sorted(missing)[:_NAMED])
        _log.warning("%d of %d recordings are not in %s: %s", len(missing), len(place), folder.root, named)
    return found
