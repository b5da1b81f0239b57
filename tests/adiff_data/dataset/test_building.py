"""From annotations to published CSVs and back, to the byte."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.annotation.tasks import make_annotation
from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import write_records
from adiff_data.dataset.building import build
from adiff_data.published_csv import COLUMNS, read_annotations, read_published, write_rows
from adiff_data.records import Annotation, Clip, Provenance, make_pair

NAME = "cld_evaluation_adiff_fewwords_answer.csv"


def annotation(row: int, answer: str = "Audio 1 has rain, audio 2 wind.", failure: str | None = None) -> Annotation:
    first = Clip(corpus="clotho", split="evaluation", filepath=f"ClothoV21/evaluation/{row}.wav", captions=("Rain",))
    second = Clip(corpus="clotho", split="evaluation", filepath="ClothoV21/evaluation/b.wav", captions=("Wind",))
    pair = make_pair(first, second, "Rain", "Wind", strategy="random")
    return make_annotation(
        pair, "fewwords", "" if failure else answer, Provenance(annotator="rules", row=row, failure=failure)
    )


def write(path: Path, *annotations: Annotation) -> Path:
    write_records(path, annotations)
    return path


def test_a_built_file_is_exactly_as_published(tmp_path):
    source = write(tmp_path / "annotations.jsonl", annotation(0, 'It says "hi", then rain'))
    build([source], tmp_path / "CLD")
    assert (tmp_path / "CLD" / NAME).read_bytes() == (
        b"taskname,filepath1,filepath2,caption1,caption2,input,answer\n"
        b"clothov21,ClothoV21/evaluation/0.wav,ClothoV21/evaluation/b.wav,Rain,Wind,"
        b'explain the difference in few words,"It says ""hi"", then rain"\n'
    )


def test_rows_come_in_the_order_of_the_pairs_whenever_they_were_answered(tmp_path):
    rows = [annotation(number) for number in range(20)]
    forwards = write(tmp_path / "forwards.jsonl", *rows)
    backwards = write(tmp_path / "backwards.jsonl", *reversed(rows))
    build([forwards], tmp_path / "a")
    build([backwards], tmp_path / "b")
    assert (tmp_path / "a" / NAME).read_bytes() == (tmp_path / "b" / NAME).read_bytes()


def test_a_failed_row_is_left_out_and_counted(tmp_path, caplog):
    source = write(tmp_path / "annotations.jsonl", annotation(0), annotation(1, failure="refused"))
    (built,) = build([source], tmp_path / "CLD")
    assert built.rows == 1
    assert "1 failed row left out" in caplog.text


def test_a_tier_of_which_no_row_is_left_is_named(tmp_path):
    rows = [annotation(0), annotation(1).model_copy(update={"id": "x", "tier": "detail", "answer": ""})]
    rows[1] = rows[1].model_copy(update={"provenance": Provenance(annotator="llm", failure="refused")})
    source = write(tmp_path / "annotations.jsonl", *rows)
    with pytest.raises(InputError, match=r"annotations\.jsonl: no row of the tier detail \(evaluation\) is left"):
        build([source], tmp_path / "CLD")
    assert not (tmp_path / "CLD").exists()


def test_the_same_content_is_left_as_it_is_and_other_content_is_refused(tmp_path):
    source = write(tmp_path / "annotations.jsonl", annotation(0))
    assert build([source], tmp_path)[0].outcome == "written"
    assert build([source], tmp_path)[0].outcome == "unchanged"
    changed = write(tmp_path / "changed.jsonl", annotation(0, "Something else is heard."))
    with pytest.raises(InputError, match="`force=True`"):
        build([changed], tmp_path)
    assert build([changed], tmp_path, force=True)[0].outcome == "written"
    assert not list(tmp_path.glob(".*"))


def test_a_row_in_two_inputs_is_refused(tmp_path):
    first, second = (write(tmp_path / name, annotation(0)) for name in ("first.jsonl", "second.jsonl"))
    with pytest.raises(InputError, match=r"is in .*first\.jsonl too"):
        build([first, second], tmp_path)


@pytest.mark.parametrize("split", ["../evil", "a/b", "..", ""])
def test_a_split_cannot_lead_out_of_the_folder(tmp_path, split):
    source = write(tmp_path / "annotations.jsonl", annotation(0).model_copy(update={"split": split}))
    with pytest.raises(InputError, match="cannot be the name of a split"):
        build([source], tmp_path / "CLD")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.slow
@given(st.lists(st.tuples(texts, texts, texts, texts, texts), max_size=5))
def test_csv_to_annotations_to_csv_gives_the_same_bytes(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / NAME
    table = [
        ("clothov21", path1, path2, caption1 or "x", caption2 or "x", "explain the difference in few words", answer)
        for path1, path2, caption1, caption2, answer in rows
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, table)
    again = io.StringIO(newline="")
    write_rows(again, [tuple(getattr(each, column) for column in COLUMNS) for each in read_published(path)])
    assert again.getvalue().encode() == path.read_bytes()


def test_a_long_answer_and_a_formula_pass_as_text(tmp_path):
    source = write(tmp_path / "annotations.jsonl", annotation(0, "=1+1 " + "x" * 1_000_000), annotation(1, "@cmd"))
    build([source], tmp_path)
    assert [each.answer[:6] for each in read_annotations(tmp_path / NAME)] == ["=1+1 x", "@cmd"]


def test_a_foreign_input_is_named_by_row(tmp_path):
    path = tmp_path / NAME
    path.write_text(",".join(COLUMNS) + "\nclothov21,a,b,c,d,explain in verse,e\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2: input 'explain in verse'"):
        list(read_published(path))


@pytest.mark.slow
def test_the_published_files_go_through_to_the_byte(shared, tmp_path):
    published = sorted((shared / "published").glob("*/*.csv"))
    assert len(published) == 5
    build(published, tmp_path)
    for path in published:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_published_ids_differ_but_for_rows_that_stand_twice(shared):
    ids = [each.id for each in read_published(shared / "published" / "ACD" / "acd_val_adiff_detail_answer.csv")]
    assert len(ids) - len(set(ids)) <= 12


def test_csv_of_python_reads_what_is_written(tmp_path):
    source = write(tmp_path / "annotations.jsonl", annotation(0, 'a\r\nb,"c"'))
    build([source], tmp_path)
    with (tmp_path / NAME).open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["answer"] == 'a\r\nb,"c"'
