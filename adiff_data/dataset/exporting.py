"""Other doors out of a dataset: the published CSV files, and the JSON that Mellow trains on (ReasonAQA)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.dataset.building import Built
from adiff_data.published_csv import Row, file_name, write_rows
from adiff_data.sources import CORPORA
from adiff_data.tiers import TIERS

if TYPE_CHECKING:
    from datasets import Dataset

_COLUMNS = ("audio1_path", "audio2_path", "caption1", "caption2", "prompt", "answer")


def export_csv(dataset: "Dataset", out: Path, *, force: bool = False) -> list[Built]:
    """Writes a dataset's rows as published CSV files, one a split and tier: those that it was published from, to the
    byte.

    Raises:
        InputError: it has no rows, or a file of other content stands there and `force` is not given.
    """
    tables: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for corpus, split, tier, row in _rows(dataset):
        tables[corpus, split, tier].append((CORPORA[corpus].taskname, *row))
    built = []
    for table, rows in tables.items():
        path = out / file_name(*table)
        with replace_file(path, force=force) as output:
            write_rows(output.text, rows)
        built.append(Built(path, len(rows), output.outcome))
    return built


def export_reasonaqa(dataset: "Dataset", out: Path, *, force: bool = False) -> Built:
    """Writes a dataset's rows as one JSON list in ReasonAQA's form: `taskname, filepath1, filepath2, caption1,
    caption2, input, answer, subtype`; `subtype` is the published dataset and tier, such as `CLD-3.json`.

    Raises:
        InputError: as `export_csv`.
    """
    count = 0
    with replace_file(out, force=force) as output:
        for corpus, _, tier, row in _rows(dataset):
            named = zip(("filepath1", "filepath2", "caption1", "caption2", "input", "answer"), row, strict=True)
            subtype = f"{CORPORA[corpus].dataset.upper()}-{list(TIERS).index(tier) + 1}.json"
            entry = {"taskname": CORPORA[corpus].taskname, **dict(named), "subtype": subtype}
            output.text.write(("[\n" if count == 0 else ",\n") + json.dumps(entry, ensure_ascii=False))
            count += 1
        output.text.write("\n]\n")
    return Built(out, count, output.outcome)


def _rows(dataset: "Dataset") -> Iterator[tuple[str, str, str, Row]]:
    """Yields each row's corpus, split, tier and published values but the first."""
    if dataset.num_rows == 0:
        raise InputError("the dataset has no rows to export")
    names = dataset.features["tier"].names
    wanted = dataset.select_columns(["corpus", "source_split", "tier", *_COLUMNS])
    for batch in wanted.iter(batch_size=1000):
        values = (batch[column] for column in ("corpus", "source_split", "tier", *_COLUMNS))
        for corpus, split, tier, *row in zip(*values, strict=True):
            if corpus not in CORPORA:
                raise InputError(f"no corpus '{corpus}'")
            yield corpus, split, names[tier], tuple(row)
