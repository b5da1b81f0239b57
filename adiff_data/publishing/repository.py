"""From built datasets to a dataset repository in a folder: whole, or not at all."""

import filecmp
import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from datasets import Features

from adiff_data.errors import InputError, WorkError
from adiff_data.output import UNCHANGED, WRITTEN
from adiff_data.published_csv import read_numbered
from adiff_data.publishing.built_folder import BuiltFolder, BuiltTable, Origins, read_verdicts_by_id
from adiff_data.publishing.card import SplitSize, write_card
from adiff_data.publishing.clip_audio import ClipAudio
from adiff_data.publishing.columns import AUDIO_FEATURES, FEATURES, PublishedRow, audio_values, values
from adiff_data.publishing.croissant import FILE as CROISSANT_FILE
from adiff_data.publishing.croissant import write_croissant
from adiff_data.publishing.description import Description, licence_text
from adiff_data.publishing.plots import plot_similarity, plot_words
from adiff_data.publishing.refusals import Gate
from adiff_data.publishing.shards import SHARD_BYTES, ShardWriter
from adiff_data.publishing.splits import hub_split, in_order
from adiff_data.publishing.statistics import Statistics

Describe = Callable[[Collection[str], str], Description]


@dataclass(frozen=True)
class Published:
    """A repository that stands in a folder.

    Attributes:
        sizes: of its splits, by config.
        outcome: `written` or `unchanged`.
    """

    folder: Path
    sizes: Mapping[str, Mapping[str, SplitSize]]
    outcome: str


def publish(
    built: Sequence[BuiltFolder],
    out: Path,
    describe: Describe,
    *,
    allowed: Collection[str] = (),
    audio: ClipAudio | None = None,
    shard_bytes: int = SHARD_BYTES,
    force: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> Published:
    """Writes Parquet files, card, plots, licence and Croissant metadata of several datasets, a config each.

    Args:
        describe: given the corpora and the date, what the repository is called.
        allowed: flags of rows that are let through all the same, of `refusals.FLAGS`.
        audio: embeds the clips that may be; None embeds none.
        advance: called after each row.

    Raises:
        InputError: a row must not be published, two datasets have one name, or `out` holds something else and
            `force` is not given.
        WorkError: the disk is full.
    """
    _require_names(built)
    _require_place(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=out) from fault
    try:
        sizes = _fill(temporary, built, describe, allowed, audio, shard_bytes, advance)
        outcome = _put_in_place(temporary, out, force)
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=out) from fault
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return Published(out, sizes, outcome)


def _fill(
    folder: Path,
    built: Sequence[BuiltFolder],
    describe: Describe,
    allowed: Collection[str],
    audio: ClipAudio | None,
    shard_bytes: int,
    advance: Callable[[], None],
) -> dict[str, dict[str, SplitSize]]:
    features = AUDIO_FEATURES if audio else FEATURES
    gate = Gate(allowed)
    sizes: dict[str, dict[str, SplitSize]] = {}
    statistics: dict[str, Statistics] = {}
    shards: dict[str, list[Path]] = {}
    for dataset in built:
        writer = _ConfigWriter(folder / dataset.config, features, gate, audio, shard_bytes, advance)
        sizes[dataset.config] = writer.write(dataset)
        statistics[dataset.config] = writer.statistics
        shards[dataset.config] = writer.files
    gate.warn()
    corpora = {corpus for own in statistics.values() for corpus in own.corpora}
    description = describe(corpora, max(dataset.date for dataset in built))
    (folder / "plots").mkdir()
    plot_words(statistics, folder / "plots" / "words.png")
    plot_similarity(statistics, folder / "plots" / "similarity.png")
    card = write_card(description, features, statistics, sizes, list(audio.summary()) if audio else [])
    (folder / "README.md").write_text(card, encoding="utf-8")
    (folder / "LICENSE.md").write_text(licence_text(description), encoding="utf-8")
    if audio:
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in audio.records())
        (folder / "clips.jsonl").write_text("".join(lines), encoding="utf-8")
    write_croissant(folder, description, features, shards)
    return sizes


class _ConfigWriter:
    """Writes the rows of one dataset, split by split."""

    def __init__(
        self,
        folder: Path,
        features: Features,
        gate: Gate,
        audio: ClipAudio | None,
        shard_bytes: int,
        advance: Callable[[], None],
    ) -> None:
        self._folder, self._features, self._gate = folder, features, gate
        self._audio, self._shard_bytes, self._advance = audio, shard_bytes, advance
        self.statistics = Statistics()
        self.files: list[Path] = []

    def write(self, dataset: BuiltFolder) -> dict[str, SplitSize]:
        """The sizes of the splits, in the Hub's order."""
        verdicts = read_verdicts_by_id(dataset.verdicts)
        self.statistics.take_verdicts(verdicts.values())
        tables = sorted(dataset.tables, key=lambda table: hub_split(table.split))
        sizes = {}
        with Origins(dataset.annotations) as origins:
            for split, own in groupby(tables, key=lambda table: hub_split(table.split)):
                with ShardWriter(self._folder, split, self._features, shard_bytes=self._shard_bytes) as shards:
                    for table in own:
                        for number, annotation in read_numbered(table.path):
                            verdict = verdicts.get(annotation.id)
                            place = table.path, number
                            flags = self._gate.flags_of(annotation, verdict, dataset.config, split, place)
                            row = PublishedRow(origins.complete(annotation), verdict, flags, number)
                            self.statistics.add(row, split)
                            shards.write(self._values(row))
                            self._advance()
                        shards.end_group()
                files = shards.finish()
                self.files += files
                sizes[split] = SplitSize(shards.rows, shards.arrow_bytes, sum(file.stat().st_size for file in files))
        return {split: sizes[split] for split in in_order(set(sizes))}

    def _values(self, row: PublishedRow) -> dict[str, object]:
        if self._audio is None:
            return values(row)
        clips = row.annotation.filepath1, row.annotation.filepath2
        sources = self._audio.source_of(clips[0]), self._audio.source_of(clips[1])
        sounds = self._audio.sound_of(clips[0]), self._audio.sound_of(clips[1])
        return {**audio_values(sources, sounds), **values(row)}


def _require_names(built: Sequence[BuiltFolder]) -> None:
    names: dict[str, Path] = {}
    for dataset in built:
        other = names.setdefault(dataset.config, dataset.folder)
        if other != dataset.folder:
            raise InputError(
                f"is '{dataset.config}' as {other} is", file=dataset.folder, mend=f"name=… before one: other={other}"
            )


def _require_place(out: Path) -> None:
    """`out` may be new, empty, or a repository that was published before."""
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError("is a file, and a folder is wanted", file=out)
    if (out / ".git").exists():
        raise InputError(
            "is a git repository", file=out, mend="--repo pushes to the Hub; --to wants a folder of its own"
        )
    if any(out.iterdir()) and not (out / CROISSANT_FILE).exists():
        raise InputError("holds something that is not a published dataset", file=out, mend="give another folder")


def _put_in_place(temporary: Path, out: Path, force: bool) -> str:
    if out.exists() and any(out.iterdir()):
        if _same(temporary, out):
            return UNCHANGED
        if not force:
            raise InputError("exists and holds other data", file=out, mend="--force overwrites it")
    if out.exists():
        shutil.rmtree(out)
    temporary.chmod(0o755)
    temporary.rename(out)
    return WRITTEN


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files."""
    names = _files(one)
    return names == _files(other) and not any(filecmp.cmpfiles(one, other, names, shallow=False)[1:][0])


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def count_rows(tables: Sequence[BuiltTable]) -> int:
    """About how many rows the tables have, for a progress bar: their line feeds."""
    return sum(_line_feeds(table.path) - 1 for table in tables)


def _line_feeds(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
