"""Loading: a split of a built or published dataset as a `datasets.Dataset`."""

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import datasets
import pyarrow as pa
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined] # exported lazily
from pydantic import PositiveInt

from adiff_data.audio.files import AudioFolder
from adiff_data.audio.missing import NO_RECORDING, name_first
from adiff_data.audio.reading import SoundfileAudio
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError, WorkError
from adiff_data.dataset.built_folder import BuiltFolder, Origins, find_built, read_verdicts_by_id
from adiff_data.dataset.columns import ANSWER_KIND, features_of, values
from adiff_data.dataset.known import Known
from adiff_data.dataset.layout import CLIPS, CROISSANT, hub_split
from adiff_data.published_csv import read_published
from adiff_data.reviews.results import read_reviews
from adiff_data.sources.recording_names import AUDIO_EXTENSIONS
from adiff_data.tiers import require_tier

_log = logging.getLogger(__name__)
AUDIO_COLUMNS = ("audio1", "audio2")


@checks_arguments
def load_split(
    source: str | Path,
    config: str,
    split: str,
    tier: str | None = None,
    audio_root: str | Path | None = None,
    *,
    embedded_audio: bool = False,
    sampling_rate: PositiveInt | None = None,
    revision: str | None = None,
) -> datasets.Dataset:
    """A split of a dataset, with the columns of `adiff publish`.

    Args:
        source: `ORG/NAME` on the Hub, a published folder, or a built one such as `data/CLD`.
        config: `acd`, `cld`, `wcd`, `demo`.
        split: the Hub's name (`train`, `validation`, `test`) or the corpus' own (`evaluation`).
        tier: `fewwords`, `sentence`, `detail` or `similarity`; None for all that there are.
        audio_root: your own copy of the recordings. It adds `audio1` and `audio2`, each with `path`, `array` (float32
            of shape (samples,), mono) and `sampling_rate`, which are read when they are used. A recording that is
            missing is None, and a warning in the log names it.
        embedded_audio: adds the same columns from the clips in the dataset itself, if it was published with them.
        sampling_rate: the rate to resample to, in Hz; None keeps that of each recording.
        revision: a branch, tag or commit, for a dataset on the Hub.

    Raises:
        InputError: there is no such source, config, split or tier, or none of the recordings is in `audio_root`.
        WorkError: the Hub cannot be reached.
    """
    if tier is not None:
        require_tier(tier)
    folder = Path(source)
    if folder.is_dir() and not (folder / CROISSANT).exists():
        dataset = _load_built(folder, config, split, tier)
    else:
        dataset = _load_published(str(source), config, hub_split(split), tier, revision)
    feature = SoundfileAudio(sampling_rate=sampling_rate)
    if audio_root:
        folder_of_recordings = AudioFolder(Path(audio_root))
        filepaths = (filepath for column in AUDIO_COLUMNS for filepath in dataset.unique(f"{column}_path"))
        recordings, reasons = folder_of_recordings.find_all(filepaths)
        return _with_audio(dataset, recordings, reasons, folder_of_recordings.root, feature)
    if embedded_audio:
        clips = _load_published(str(source), f"{config}{CLIPS}", hub_split(split), None, revision)
        return _with_audio(dataset, _extract(clips), {}, source, feature)
    return dataset


def _load_published(source: str, config: str, split: str, tier: str | None, revision: str | None) -> datasets.Dataset:
    if not Path(source).exists():
        _require_hub_name(source)
    of_tier = {}
    if tier:  # without verification: it would compare the rows of the tier with the number of all rows, in the card
        of_tier = {"filters": [("tier", "==", ANSWER_KIND.str2int(tier))], "verification_mode": "no_checks"}
    try:
        with _without_progress_bars():
            return datasets.load_dataset(source, config, split=split, revision=revision, **of_tier)
    except ValueError as fault:
        raise _absent(source, config, split, revision) or InputError(str(fault), file=source) from None
    except (datasets.exceptions.DatasetNotFoundError, FileNotFoundError):
        raise InputError("no such dataset, here or on the Hub", file=source) from None
    except (PermissionError, NotADirectoryError) as fault:
        cache = datasets.config.HF_DATASETS_CACHE
        mend = "set HF_HOME to a folder that can be written to"
        raise WorkError(f"its copy in {cache} cannot be written ({fault.strerror})", file=source, mend=mend) from None
    except ConnectionError:
        raise WorkError("no such folder, and the Hub was not reached", file=source) from None


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    """Keeps `datasets` from showing a bar that nobody asked for; afterwards it shows them as before."""
    if datasets.are_progress_bars_disabled():
        yield
        return
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        datasets.enable_progress_bars()


def _require_hub_name(source: str) -> None:
    """Raises InputError for what is neither a folder nor `ORG/NAME`, which the Hub need not be asked for."""
    try:
        validate_repo_id(source)
    except HFValidationError:
        is_hub_name = False
    else:
        is_hub_name = "/" in source
    if not is_hub_name:
        raise InputError("no such folder", file=source, mend="a dataset on the Hub is named ORG/NAME")


def _absent(source: str, config: str, split: str, revision: str | None) -> InputError | None:
    """What a dataset does not have, the config or the split; None where it has both."""
    configs = [name for name in datasets.get_dataset_config_names(source, revision=revision) if CLIPS not in name]
    if config not in configs:
        return InputError(f"no config '{config}'", file=source, mend=f"its configs: {', '.join(configs)}")
    splits = datasets.get_dataset_split_names(source, config, revision=revision)
    if split not in splits:
        return InputError(f"no split '{split}'", file=source, mend=f"its splits: {', '.join(splits)}")
    return None


def _load_built(folder: Path, config: str, split: str, tier: str | None) -> datasets.Dataset:
    built = find_built(str(folder))
    if config != built.config:
        raise InputError(f"no config '{config}'", file=folder, mend=f"it is {built.config}")
    return datasets.Dataset(_built_table(built, split, tier))


def _built_table(built: BuiltFolder, split: str, tier: str | None) -> pa.Table:
    tables = [table for table in built.tables if split in (table.split, hub_split(table.split))]
    if not tables:
        splits_there = ", ".join(sorted({table.split for table in built.tables}))
        raise InputError(f"no split '{split}'", file=built.folder, mend=f"its splits: {splits_there}")
    with Origins(built.annotations) as origins:
        known = Known(origins, read_verdicts_by_id(built.verdicts), read_reviews(built.reviews))
        rows = [
            values(known.published(annotation))
            for table in tables
            if tier in (None, table.tier)
            for annotation in read_published(table.path)
        ]
    features = features_of(built.dataset, built.kinds, reviewed=bool(built.reviews))
    return pa.Table.from_pylist(rows, schema=features.arrow_schema)


def _with_audio(
    dataset: datasets.Dataset,
    recordings: Mapping[str, Path],
    reasons: Mapping[str, str],
    source: str | Path,
    feature: SoundfileAudio,
) -> datasets.Dataset:
    """Adds the recordings as audio columns; nothing is read yet.

    Args:
        recordings: the files, by published path.
        reasons: why a clip has none, where more is known than that it is missing.
        source: what the recordings come from, for messages.
    """
    clips: set[str] = set()
    for column in AUDIO_COLUMNS:
        filepaths = dataset[f"{column}_path"][:]
        clips.update(filepaths)
        paths = [recordings.get(filepath) for filepath in filepaths]
        sounds = [{"bytes": None, "path": str(path)} if path else None for path in paths]
        dataset = dataset.add_column(column, pa.array(sounds, type=feature.pa_type)).cast_column(column, feature)
    missing = {filepath: reasons.get(filepath, NO_RECORDING) for filepath in sorted(clips - recordings.keys())}
    if missing and len(missing) == len(clips):
        raise InputError("none of the recordings is here", file=source, mend=f"such as {name_first(missing)}")
    if missing:
        _log.warning("%d of %d recordings are not in %s: %s", len(missing), len(clips), source, name_first(missing))
    return dataset


def _extract(clips: datasets.Dataset) -> dict[str, Path]:
    """Writes the embedded recordings into the folder of the dataset's own cache, once; returns their files by clip."""
    cached = clips.cache_files
    folder = Path(cached[0]["filename"]).parent / "recordings" if cached else Path(tempfile.mkdtemp())
    folder.mkdir(exist_ok=True)
    files = {}
    for clip in clips.cast_column("audio", datasets.Audio(decode=False)).select_columns(["path", "audio"]):
        if clip["audio"] is not None:
            name = clip["audio"]["path"] or clip["path"]  # a format is known by the file's own extension
            extension = PurePosixPath(name).suffix
            files[clip["path"]] = _write_recording(folder, clip["path"], extension, clip["audio"]["bytes"])
    return files


def _write_recording(folder: Path, filepath: str, extension: str, content: bytes) -> Path:
    """Writes a recording under a name that follows from the clip's path, unless it is there already."""
    stem = hashlib.sha256(filepath.encode()).hexdigest()[:32]
    path = folder / f"{stem}{extension if extension.lower() in AUDIO_EXTENSIONS else ''}"
    if not path.exists() or path.stat().st_size != len(content):
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
    return path
