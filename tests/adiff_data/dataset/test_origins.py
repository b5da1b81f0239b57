"""Annotations looked up for the rows of a built dataset."""

from pathlib import Path

import pytest

from adiff_data.dataset.built_folder import Origins
from adiff_data.records import Annotation, Provenance
from tests.adiff_data.dataset.test_building import annotation, write


@pytest.fixture
def annotated(tmp_path) -> tuple[Path, list[Annotation]]:
    """Two rows, and the file of them."""
    rows = [annotation(0, "Audio 1 has rain – audio 2 wind."), annotation(1)]
    return write(tmp_path / "annotations.jsonl", *rows), rows


def as_published(row: Annotation) -> Annotation:
    """The row as it is read from a CSV: without its history."""
    return row.model_copy(update={"strategy": "published", "provenance": Provenance(annotator="published")})


@pytest.mark.parametrize("beginning", [b"", b"\xef\xbb\xbf", b"\n\n"], ids=["as written", "BOM", "blank lines"])
def test_a_row_gets_its_history_back(annotated, beginning):
    path, rows = annotated
    path.write_bytes(beginning + path.read_bytes())
    with Origins((path,)) as origins:
        assert [origins.complete(as_published(row)) for row in reversed(rows)] == rows[::-1]


def test_a_row_with_another_answer_or_id_stays_as_it_is(annotated):
    path, rows = annotated
    edited = as_published(rows[0]).model_copy(update={"answer": "Rain, then wind."})
    unknown = as_published(annotation(7))
    with Origins((path,)) as origins:
        assert origins.complete(edited) == edited
        assert origins.complete(unknown) == unknown
