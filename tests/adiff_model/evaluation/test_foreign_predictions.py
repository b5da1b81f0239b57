"""Predictions of other programs: what is read, what is taken from another system, and what is refused with its row."""

import json
from codecs import BOM_UTF8
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError
from adiff_model.evaluation.systems import System, read_systems

ROWS = [
    {"id": f"{number}-{tier}", "prediction": f"answer {number}", "references": [f"reference {number}"]}
    for tier in ("fewwords", "detail")
    for number in range(3)
]


def write(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> System:
    return read_systems(path)[0]


@pytest.fixture
def minimal(tmp_path) -> Path:
    return write(tmp_path / "minimal.jsonl", ROWS)


def test_a_minimal_file_is_read(minimal):
    system = read(minimal)
    assert list(system.groups) == [("other", "fewwords"), ("other", "detail")]
    row = system.groups["other", "detail"][0]
    assert (row.id, row.prediction, row.references) == ("0-detail", "answer 0", ("reference 0",))
    assert row.filepath1 != row.filepath2  # or else it would be a pair of a clip with itself


@pytest.mark.parametrize(
    "content",
    [
        BOM_UTF8 + "".join(f"{json.dumps(row)}\n" for row in ROWS).encode(),
        json.dumps(ROWS).encode(),
        BOM_UTF8 + json.dumps(ROWS, indent=2).encode(),
        "\r\n\r\n".join(json.dumps(row) for row in ROWS).encode(),
        "".join(f"{json.dumps(row | {'references': row['references'][0]})}\n" for row in ROWS).encode(),
    ],
    ids=["byte order mark", "array", "indented array", "Windows", "reference as text"],
)
def test_other_forms_of_the_same_rows_are_read(content, minimal, tmp_path):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    assert read(path).groups == read(minimal).groups


def test_further_fields_are_named_and_not_read(minimal, tmp_path, caplog):
    path = write(tmp_path / "more.jsonl", [row | {"model": "m", "cost": 0.1} for row in ROWS])
    assert read(path).groups == read(minimal).groups
    assert "more.jsonl: fields that are not read: cost, model" in caplog.text


def test_the_tier_is_told_by_the_prompt_too(tmp_path):
    row = {"id": 7, "prediction": "a", "references": ["b"], "prompt": "explain the difference in a sentence"}
    assert list(read(write(tmp_path / "rows.jsonl", [row])).groups) == [("other", "sentence")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "x", "prediction": "a", "references": ["b"]}, "row 2: no tier; a field tier says which: fewwords"),
        ({"id": "x-detail", "references": ["b"]}, "row 2: prediction: Field required"),
        ({"id": "x-detail", "prediction": None, "references": ["b"]}, "row 2: prediction: "),
        ({"id": "x-detail", "prediction": "a", "references": None}, "row 2: references: "),
        ({"id": "x-detail", "prediction": "a"}, "row 2: references: Field required"),
        ({"id": "x-detail", "prediction": "a", "references": [" "]}, "row 2: no reference"),
        ({"prediction": "a", "references": ["b"], "tier": "detail"}, "row 2: id: Field required"),
        (ROWS[0], "row 2: the id '0-fewwords' stands in row 1 too"),
        ([ROWS[1]], "row 2: not a JSON object"),
    ],
)
@pytest.mark.parametrize("form", ["lines", "array"])
def test_a_row_that_cannot_be_evaluated_is_named(row, message, form, tmp_path):
    path = write(tmp_path / "rows.jsonl", [ROWS[0], row] if form == "lines" else [[ROWS[0], row]])
    with pytest.raises(InputError) as refused:
        read(path)
    assert message in str(refused.value)


def test_systems_are_aligned_by_id_and_their_tasks_told_once(minimal, tmp_path):
    answers = [{"id": row["id"], "prediction": f"other {row['id']}"} for row in reversed(ROWS)]
    ours, theirs = read_systems([minimal, write(tmp_path / "theirs.jsonl", answers)])
    assert [row.id for row in ours.rows] == [row.id for row in theirs.rows]
    assert [row.references for row in ours.rows] == [row.references for row in theirs.rows]
    assert theirs.rows[1].prediction == "other 1-fewwords"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS[1:], "ours and theirs do not answer the same rows: theirs lacks 1 row, such as '0-fewwords'"),
        ([*ROWS, ROWS[0] | {"id": "9-detail"}], "theirs adds 1 row, such as '9-detail'"),
        ([*ROWS[1:], ROWS[0] | {"references": ["z"]}], "have other references for the row '0-fewwords'"),
        ([*ROWS[1:], ROWS[0] | {"tier": "detail"}], "have other tier for the row '0-fewwords'"),
    ],
)
def test_systems_of_other_rows_are_refused(rows, message, minimal, tmp_path):
    with pytest.raises(InputError) as refused:
        read_systems([f"ours={minimal}", f"theirs={write(tmp_path / 'theirs.jsonl', rows)}"])
    assert message in str(refused.value)


@pytest.mark.parametrize("content", ["", "[]", "\n\n"])
def test_a_file_without_rows_is_refused(content, tmp_path):
    (tmp_path / "empty.jsonl").write_text(content)
    with pytest.raises(InputError, match="holds no prediction"):
        read(tmp_path / "empty.jsonl")
