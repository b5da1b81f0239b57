"""The published CSV files: written byte for byte as published, and read back into annotations."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.journal import read_journal
from adiff_data.core.tables import read_table
from adiff_data.records import Annotation, Provenance, annotation_id, pair_id
from adiff_data.sources import corpus_named, corpus_of_taskname
from adiff_data.sources.corpus import DATASET_NAME
from adiff_data.tiers import TIER_OF_REQUEST

COLUMNS = ("taskname", "filepath1", "filepath2", "caption1", "caption2", "input", "answer")
Row = tuple[str, ...]  # a row's values, in the order of `COLUMNS`
_NAME = re.compile(rf"(?P<dataset>{DATASET_NAME.pattern})_(?P<split>.+)_adiff_(?P<tier>[a-z]+)_answer\.csv")


def file_name(corpus: str, split: str, tier: str) -> str:
    """The published name of a file, such as `cld_evaluation_adiff_fewwords_answer.csv`."""
    return f"{corpus_named(corpus).dataset}_{split}_adiff_{tier}_answer.csv"


def parse_file_name(name: str) -> tuple[str, str, str] | None:
    """The dataset, split and tier in the name of a published file; None for any other name."""
    match = _NAME.fullmatch(name)
    return (match["dataset"], match["split"], match["tier"]) if match else None


def published_row(annotation: Annotation) -> Row:
    """An annotation as a row of a published file."""
    return tuple(getattr(annotation, column) for column in COLUMNS)


def write_rows(file: TextIO, rows: Iterable[Row]) -> None:
    """Writes the header and the rows as published: commas, quotes where needed, a line feed after each row."""
    writer = csv.writer(_LineFeeds(file), lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)


class _LineFeeds:
    """A file that ends rows with a line feed alone.

    Python's own writer can do so too, but then leaves a carriage return inside a field unquoted, and the row is read
    back as two (docs/decisions/0003).
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> None:
        self._file.write(line.removesuffix("\r\n") + "\n")


@checks_arguments
def read_annotations(path: str | Path) -> Iterator[Annotation]:
    """Yields the annotations of an `annotations.jsonl` or of a published CSV.

    Raises:
        InputError: the file is neither of the two, or one of its rows is invalid.
    """
    path = Path(path)
    if path.suffix == ".jsonl":
        return read_journal(path, Annotation)
    if path.suffix == ".csv":
        return read_published(path)
    raise InputError("neither annotations (.jsonl) nor a published CSV (.csv)", file=path)


def read_published(path: Path) -> Iterator[Annotation]:
    """Yields the rows of a published CSV as annotations, in their order.

    Raises:
        InputError: a column is missing, or a row's `taskname` or `input` is not one of the published ones.
    """
    return (annotation for _, annotation in read_numbered(path))


def read_numbered(path: Path) -> Iterator[tuple[int, Annotation]]:
    """Yields the annotations as `read_published` does, each with its row number (that of its first line)."""
    name = parse_file_name(path.name)
    split_in_name = name[1] if name else None
    for index, (row, fields) in enumerate(read_table(path, COLUMNS)):
        corpus = corpus_of_taskname(fields["taskname"])
        tier = TIER_OF_REQUEST.get(fields["input"])
        if corpus is None or tier is None:
            column = "taskname" if corpus is None else "input"
            raise InputError(f"{column} '{fields[column]}' is not one of the published ones", file=path, row=row)
        split = split_in_name or _split_of(fields["filepath1"])
        pair = {column: fields[column] for column in ("filepath1", "filepath2", "caption1", "caption2")}
        yield (
            row,
            Annotation(
                id=annotation_id(pair_id(corpus.name, split, **pair), tier),
                corpus=corpus.name,
                split=split,
                strategy="published",
                similarity=None,
                taskname=fields["taskname"],
                tier=tier,
                input=fields["input"],
                answer=fields["answer"],
                provenance=Provenance(annotator="published", row=index),
                **pair,
            ),
        )


def _split_of(filepath: str) -> str:
    parts = filepath.split("/")
    return parts[1] if len(parts) > 2 else "all"
