"""Exporting a dataset: as published CSV files, and as the JSON that Mellow is trained on (ReasonAQA)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from datasets import Dataset

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.dataset.building import Built
from adiff_data.published_csv import COLUMNS, Row, file_name, write_rows
from adiff_data.sources import CORPORA
from adiff_data.tiers import ANSWER_KINDS

# What the published columns but the first, `taskname`, are called in a dataset.
_COLUMNS = ("audio1_path", "audio2_path", "caption1", "caption2", "prompt", "answer")
_BATCH_ROWS = 1000


@checks_arguments
def export_csv(dataset: Dataset, out: str | Path, *, force: bool = False) -> list[Built]:
    """Writes the rows of a dataset as published CSV files, one for each split and tier.

    A published dataset gives the files that it was published from, to the byte.

    Args:
        dataset: rows with the columns of `adiff publish`.
        out: the folder of the files.
        force: overwrite files with other content.

    Raises:
        InputError: there are no rows, or `out` has a file with other content and `force` is not given.
    """
    tables: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for corpus, split, tier, row in _rows(dataset):
        tables[corpus, split, tier].append((CORPORA[corpus].taskname, *row))
    built = []
    for table, rows in tables.items():
        path = Path(out) / file_name(*table)
        with replace_file(path, force=force) as output:
            write_rows(output.text, rows)
        built.append(Built(path, len(rows), output.outcome))
    return built


@checks_arguments
def export_reasonaqa(dataset: Dataset, out: str | Path, *, force: bool = False) -> Built:
    """Writes the rows of a dataset as one JSON list, in the form of ReasonAQA.

    An entry has `taskname, filepath1, filepath2, caption1, caption2, input, answer, subtype`; `subtype` is the name of
    the dataset and the number of the tier, such as `CLD-3.json`.

    Args:
        dataset: rows with the columns of `adiff publish`.
        out: the file.
        force: overwrite a file with other content.

    Raises:
        InputError: there are no rows, or `out` has other content and `force` is not given.
    """
    path, count = Path(out), 0
    with replace_file(path, force=force) as output:
        for corpus, _, tier, row in _rows(dataset):
            values = dict(zip(COLUMNS[1:], row, strict=True))
            subtype = f"{CORPORA[corpus].dataset.upper()}-{list(ANSWER_KINDS).index(tier) + 1}.json"
            entry = {"taskname": CORPORA[corpus].taskname, **values, "subtype": subtype}
            output.text.write(("[\n" if count == 0 else ",\n") + json.dumps(entry, ensure_ascii=False))
            count += 1
        output.text.write("\n]\n")
    return Built(path, count, output.outcome)


def _rows(dataset: Dataset) -> Iterator[tuple[str, str, str, Row]]:
    """Yields the corpus, split and tier of each row, and its published values except for the `taskname`."""
    if dataset.num_rows == 0:
        raise InputError("the dataset has no rows to export")
    tiers = dataset.features["tier"].names
    columns = ["corpus", "source_split", "tier", *_COLUMNS]
    for batch in dataset.select_columns(columns).iter(batch_size=_BATCH_ROWS):
        for corpus, split, tier, *row in zip(*(batch[column] for column in columns), strict=True):
            if corpus not in CORPORA:
                raise InputError(f"no corpus '{corpus}'")
            yield corpus, split, tiers[tier], tuple(row)
