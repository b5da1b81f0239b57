"""Writing a dataset repository: built datasets become a folder that is complete, or is not there."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from datasets import Features

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_data.dataset.built_folder import BuiltFolder, BuiltTable, Origins, read_verdicts_by_id
from adiff_data.dataset.columns import CLIP_FEATURES, PublishedRow, features_of, values
from adiff_data.dataset.known import Known
from adiff_data.dataset.layout import CARD, CLIPS, CROISSANT, PLOTS, hub_split, sorted_splits
from adiff_data.edits.shortcuts import read_shortcuts
from adiff_data.published_csv import read_numbered
from adiff_data.publishing.card import Contents, write_card
from adiff_data.publishing.clip_audio import ClipAudio
from adiff_data.publishing.croissant import write_croissant
from adiff_data.publishing.description import Description, licence_text
from adiff_data.publishing.plots import plot_similarity, plot_words
from adiff_data.publishing.refusals import Screening
from adiff_data.publishing.shards import SHARD_BYTES, Shards, ShardWriter
from adiff_data.publishing.statistics import Statistics
from adiff_data.reviews.results import read_reviews

Describe = Callable[[Collection[str], str], Description]  # from the corpora and the date of the data


@dataclass(frozen=True)
class SplitSize:
    """The size of a split: its rows, and its bytes on disk."""

    rows: int
    file_bytes: int


@dataclass(frozen=True)
class Repository:
    """A repository that was written.

    Attributes:
        folder: where it is.
        sizes: the sizes of its splits, by config.
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
    """Writes Parquet files, card, plots, licence and Croissant metadata of several datasets, each as one config.

    Args:
        built: the datasets.
        out: the folder of the repository.
        describe: gives the names and terms of the repository.
        allowed: those of `refusals.FLAGS` whose rows are published all the same.
        audio: embeds the clips that may be published; None embeds none.
        shard_bytes: the size of a Parquet file above which the next one is begun.
        force: overwrite other content.
        advance: called after each row.

    Raises:
        InputError: a row must not be published, two datasets have the same name, or `out` has other content and
            `force` is not given.
        WorkError: the disk is full.
    """
    _require_different_names(built, with_clips=audio is not None)
    _require_repository_folder(out)
    with replace_folder(out, force=force) as output:
        contents, statistics = _write_datasets(output.path, built, Screening(allowed), audio, shard_bytes, advance)
        corpora = {corpus for stats in statistics.values() for corpus in stats.corpora}
        kinds = frozenset[str]().union(*(dataset.kinds for dataset in built))
        description = replace(describe(corpora, max(dataset.date for dataset in built)), kinds=kinds)
        _describe_datasets(output.path, description, contents, statistics, list(audio.summary()) if audio else [])
        sizes = {
            config: {split: SplitSize(shards.rows, shards.file_bytes) for split, shards in splits.items()}
            for config, (_, splits) in contents.items()
        }
    return Repository(out, sizes, output.outcome)


def _write_datasets(
    folder: Path,
    built: Sequence[BuiltFolder],
    screening: Screening,
    audio: ClipAudio | None,
    shard_bytes: int,
    advance: Callable[[], None],
) -> tuple[Contents, dict[str, Statistics]]:
    """Writes the Parquet files; returns the contents of every config, those of clips last, and the statistics."""
    pairs: dict[str, tuple[Features, dict[str, Shards]]] = {}
    clips: dict[str, tuple[Features, dict[str, Shards]]] = {}
    statistics: dict[str, Statistics] = {}
    clips_by_config: dict[str, Mapping[str, Mapping[str, tuple[str, str]]]] = {}
    for dataset in built:
        writer = _PairsWriter(folder / dataset.config, screening, shard_bytes, advance)
        pairs[dataset.config] = _features(dataset), writer.write(dataset)
        statistics[dataset.config] = writer.statistics
        clips_by_config[f"{dataset.config}{CLIPS}"] = writer.clips
    if audio:
        audio.expect(path for splits in clips_by_config.values() for split in splits.values() for path in split)
        for config, splits in clips_by_config.items():
            clips[config] = CLIP_FEATURES, _write_clips(folder / config, splits, audio, shard_bytes)
    screening.warn()
    return pairs | clips, statistics


def _describe_datasets(
    folder: Path,
    description: Description,
    contents: Contents,
    statistics: Mapping[str, Statistics],
    audio_summary: Sequence[str],
) -> None:
    """Writes all that is not data: card, plots, licence and Croissant metadata."""
    (folder / PLOTS).mkdir()
    plot_words(statistics, folder / PLOTS / "words.png")
    plot_similarity(statistics, folder / PLOTS / "similarity.png")
    card = write_card(description, contents, statistics, audio_summary)
    (folder / CARD).write_text(card, encoding="utf-8")
    (folder / "LICENSE.md").write_text(licence_text(description), encoding="utf-8")
    write_croissant(folder, description, contents)


class _PairsWriter:
    """Writes the rows of one dataset, split by split.

    Attributes:
        statistics: what the card tells about the rows.
        clips: by split, the clips of its pairs, each with its corpus and the corpus' own name of the split.
    """

    def __init__(self, folder: Path, screening: Screening, shard_bytes: int, advance: Callable[[], None]) -> None:
        self._folder, self._screening, self._shard_bytes, self._advance = folder, screening, shard_bytes, advance
        self.statistics = Statistics()
        self.clips: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)

    def write(self, dataset: BuiltFolder) -> dict[str, Shards]:
        """Writes all rows; returns the files of each split, in the Hub's order."""
        verdicts, reviews = read_verdicts_by_id(dataset.verdicts), read_reviews(dataset.reviews)
        self.statistics.take_verdicts(verdicts.values())
        self.statistics.agreement = reviews.agreement
        self.statistics.shortcuts = {path.parent.name: read_shortcuts(path) for path in dataset.shortcuts}
        by_split: dict[str, list[BuiltTable]] = defaultdict(list)
        for table in dataset.tables:
            by_split[hub_split(table.split)].append(table)
        written, features = {}, _features(dataset)
        with Origins(dataset.annotations) as origins:
            known = Known(origins, verdicts, reviews)
            for split in sorted_splits(set(by_split)):
                with ShardWriter(self._folder, split, features, shard_bytes=self._shard_bytes) as shards:
                    for table in by_split[split]:
                        for row in self._rows(table, dataset.config, split, known):
                            shards.write(values(row))
                        shards.end_group()
                written[split] = shards.finish()
        return written

    def _rows(self, table: BuiltTable, config: str, split: str, known: Known) -> Iterator[PublishedRow]:
        for row, annotation in read_numbered(table.path):
            verdict, review = known.verdict_of(annotation), known.review_of(annotation)
            flags = self._screening.flags_of(
                annotation, verdict, config, split, file=table.path, row=row, review=review
            )
            published = known.published(annotation, flags)
            self.statistics.add(published, split)
            for filepath in (annotation.filepath1, annotation.filepath2):
                self.clips[split].setdefault(filepath, (annotation.corpus, annotation.split))
            yield published
            self._advance()


def _features(dataset: BuiltFolder) -> Features:
    return features_of(dataset.dataset, dataset.kinds, reviewed=bool(dataset.reviews))


def _write_clips(
    folder: Path, clips: Mapping[str, Mapping[str, tuple[str, str]]], audio: ClipAudio, shard_bytes: int
) -> dict[str, Shards]:
    """Writes each clip of a split once, in the order of the paths; returns the files of each split."""
    written = {}
    for split, of_split in clips.items():
        with ShardWriter(folder, split, CLIP_FEATURES, shard_bytes=shard_bytes) as shards:
            for filepath, (corpus, source_split) in sorted(of_split.items()):
                shards.write(audio.values(filepath, corpus, source_split))
        written[split] = shards.finish()
    return written


def _require_different_names(built: Sequence[BuiltFolder], *, with_clips: bool) -> None:
    """Makes sure that no two configs, nor a config and something else of the repository, are in one folder.

    Some file systems do not tell capital letters from small ones.
    """
    folder_of: dict[str, Path] = {}
    for dataset in built:
        name = dataset.config.casefold()
        if name == PLOTS:
            reason = f"'{dataset.config}' is no name of a config, since the card's plots are in that folder"
            raise InputError(reason, file=dataset.folder, mend=f"another name: other={dataset.folder}")
        if first := folder_of.get(name):
            same = first.resolve() == dataset.folder.resolve()
            reason = "is given twice" if same else f"is '{dataset.config}' as {first} is"
            raise InputError(reason, file=dataset.folder, mend=f"name=… before one: other={first}")
        folder_of[name] = dataset.folder
    for dataset in built if with_clips else ():
        clips = f"{dataset.config}{CLIPS}"
        if clips.casefold() in folder_of:
            raise InputError(
                f"is '{clips}', which is the name of the clips of '{dataset.config}'",
                file=folder_of[clips.casefold()],
                mend="give one of them another name: other=…",
            )


def _require_repository_folder(out: Path) -> None:
    """Makes sure that `out` is new, empty, or a repository that was published before."""
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError("is a file, and a folder is wanted", file=out)
    if (out / ".git").exists():
        raise InputError(
            "is a git repository", file=out, mend="`repo` pushes to the Hub; `to` wants a folder of its own"
        )
    if any(out.iterdir()) and not (out / CROISSANT).exists():
        raise InputError("holds something that is not a published dataset", file=out, mend="give another folder")


def count_rows(tables: Sequence[BuiltTable]) -> int:
    """About how many rows the tables have, for a progress bar: line feeds inside of answers are counted too."""
    return sum(_line_feeds(table.path) - 1 for table in tables)


def _line_feeds(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
