"""From built datasets to a dataset repository in a folder: whole, or not at all."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from datasets import Features

from adiff_data.checks.verdicts import Verdict
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_data.dataset.built_folder import BuiltFolder, BuiltTable, Origins, read_verdicts_by_id
from adiff_data.dataset.columns import CLIP_FEATURES, FEATURES, PublishedRow, values
from adiff_data.dataset.layout import CARD, CLIPS, CROISSANT, hub_split, sorted_splits
from adiff_data.published_csv import read_numbered
from adiff_data.publishing.card import write_card
from adiff_data.publishing.clip_audio import ClipAudio
from adiff_data.publishing.croissant import write_croissant
from adiff_data.publishing.description import Description, licence_text
from adiff_data.publishing.plots import plot_similarity, plot_words
from adiff_data.publishing.refusals import Gate
from adiff_data.publishing.shards import SHARD_BYTES, Shards, ShardWriter
from adiff_data.publishing.statistics import Statistics

Describe = Callable[[Collection[str], str], Description]


@dataclass(frozen=True)
class SplitSize:
    """A split as it was written: its rows, and its bytes on disk."""

    rows: int
    file_bytes: int


@dataclass(frozen=True)
class Repository:
    """A repository that stands in a folder.

    Attributes:
        sizes: of its splits, by config.
        outcome: `written` or `unchanged`.
    """

    folder: Path
    sizes: Mapping[str, Mapping[str, SplitSize]]
    outcome: str


def write_repository(
    built: Sequence[BuiltFolder],
    out: Path,
    describe: Describe,
    *,
    allowed: Collection[str] = (),
    audio: ClipAudio | None = None,
    shard_bytes: int = SHARD_BYTES,
    force: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> Repository:
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
    with replace_folder(out, force=force) as output:
        sizes = _fill(output.path, built, describe, allowed, audio, shard_bytes, advance)
    return Repository(out, sizes, output.outcome)


def _fill(
    folder: Path,
    built: Sequence[BuiltFolder],
    describe: Describe,
    allowed: Collection[str],
    audio: ClipAudio | None,
    shard_bytes: int,
    advance: Callable[[], None],
) -> dict[str, dict[str, SplitSize]]:
    gate = Gate(allowed)
    contents: dict[str, tuple[Features, dict[str, Shards]]] = {}
    clip_contents: dict[str, tuple[Features, dict[str, Shards]]] = {}
    statistics: dict[str, Statistics] = {}
    clips: dict[str, Mapping[str, Mapping[str, tuple[str, str]]]] = {}
    for dataset in built:
        writer = _PairsWriter(folder / dataset.config, gate, shard_bytes, advance)
        contents[dataset.config] = FEATURES, writer.write(dataset)
        statistics[dataset.config] = writer.statistics
        clips[f"{dataset.config}{CLIPS}"] = writer.clips
    if audio:
        audio.expect(path for by_split in clips.values() for of_split in by_split.values() for path in of_split)
        for config, by_split in clips.items():
            clip_contents[config] = CLIP_FEATURES, _write_clips(folder / config, by_split, audio, shard_bytes)
    gate.warn()
    contents |= clip_contents
    corpora = {corpus for own in statistics.values() for corpus in own.corpora}
    description = describe(corpora, max(dataset.date for dataset in built))
    (folder / "plots").mkdir()
    plot_words(statistics, folder / "plots" / "words.png")
    plot_similarity(statistics, folder / "plots" / "similarity.png")
    card = write_card(description, contents, statistics, list(audio.summary()) if audio else [])
    (folder / CARD).write_text(card, encoding="utf-8")
    (folder / "LICENSE.md").write_text(licence_text(description), encoding="utf-8")
    write_croissant(folder, description, contents)
    return {
        config: {split: SplitSize(own.rows, own.file_bytes) for split, own in splits.items()}
        for config, (_, splits) in contents.items()
    }


class _PairsWriter:
    """Writes the rows of one dataset, split by split.

    Attributes:
        clips: by split, the clips of its pairs, each with its corpus and the corpus' own name of the split.
    """

    def __init__(self, folder: Path, gate: Gate, shard_bytes: int, advance: Callable[[], None]) -> None:
        self._folder, self._gate, self._shard_bytes, self._advance = folder, gate, shard_bytes, advance
        self.statistics = Statistics()
        self.clips: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)

    def write(self, dataset: BuiltFolder) -> dict[str, Shards]:
        """The files of each split, in the Hub's order."""
        verdicts = read_verdicts_by_id(dataset.verdicts)
        self.statistics.take_verdicts(verdicts.values())
        by_split: dict[str, list[BuiltTable]] = defaultdict(list)
        for table in dataset.tables:
            by_split[hub_split(table.split)].append(table)
        written = {}
        with Origins(dataset.annotations) as origins:
            for split in sorted_splits(set(by_split)):
                with ShardWriter(self._folder, split, FEATURES, shard_bytes=self._shard_bytes) as shards:
                    for table in by_split[split]:
                        for row in self._rows(table, dataset.config, split, verdicts, origins):
                            shards.write(values(row))
                        shards.end_group()
                written[split] = shards.finish()
        return written

    def _rows(
        self, table: BuiltTable, config: str, split: str, verdicts: Mapping[str, Verdict], origins: Origins
    ) -> Iterator[PublishedRow]:
        for number, annotation in read_numbered(table.path):
            verdict = verdicts.get(annotation.id)
            flags = self._gate.flags_of(annotation, verdict, config, split, (table.path, number))
            row = PublishedRow(origins.complete(annotation), verdict, flags)
            self.statistics.add(row, split)
            for filepath in (annotation.filepath1, annotation.filepath2):
                self.clips[split].setdefault(filepath, (annotation.corpus, annotation.split))
            yield row
            self._advance()


def _write_clips(
    folder: Path, clips: Mapping[str, Mapping[str, tuple[str, str]]], audio: ClipAudio, shard_bytes: int
) -> dict[str, Shards]:
    """Each clip once, in the order of the paths."""
    written = {}
    for split, own in clips.items():
        with ShardWriter(folder, split, CLIP_FEATURES, shard_bytes=shard_bytes) as shards:
            for filepath in sorted(own):
                shards.write(audio.values(filepath, *own[filepath]))
        written[split] = shards.finish()
    return written


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
    if any(out.iterdir()) and not (out / CROISSANT).exists():
        raise InputError("holds something that is not a published dataset", file=out, mend="give another folder")


def count_rows(tables: Sequence[BuiltTable]) -> int:
    """About how many rows the tables have, for a progress bar: their line feeds."""
    return sum(_line_feeds(table.path) - 1 for table in tables)


def _line_feeds(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
