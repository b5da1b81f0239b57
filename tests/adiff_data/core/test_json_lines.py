"""JSON lines: every fault by file, row and byte; a cut last line is forgiven only where adiff appends."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.core.errors import InputError
from adiff_data.core.journal import read_journal
from adiff_data.core.json_lines import (
    is_cut,
    read_intact_objects,
    read_objects,
    read_records,
    without_cut_line,
    write_records,
)
from adiff_data.records import Clip

CLIP = Clip(corpus="demo", split="x", filepath="a.wav", captions=("Rain \u2028 falls \x85 – “softly” 🔊",))
LINE = CLIP.model_dump_json().encode()

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=5,
)


@pytest.fixture
def write(tmp_path):
    """Writes a file of the given bytes."""

    def write(content):
        path = tmp_path / "clips.jsonl"
        path.write_bytes(content)
        return path

    return write


def test_records_are_written_as_pydantic_writes_them_and_read_back(tmp_path):
    path = tmp_path / "clips.jsonl"
    assert write_records(path, [CLIP, CLIP]) == "written"
    assert path.read_bytes() == LINE + b"\n" + LINE + b"\n"
    assert list(read_records(path, Clip)) == [CLIP, CLIP]
    assert write_records(path, [CLIP, CLIP]) == "unchanged"


def test_no_record_is_an_empty_file(tmp_path):
    write_records(tmp_path / "clips.jsonl", [])
    assert (tmp_path / "clips.jsonl").read_bytes() == b""
    assert list(read_records(tmp_path / "clips.jsonl", Clip)) == []


@pytest.mark.parametrize("content", [LINE, LINE + b"\n", b"\xef\xbb\xbf" + LINE + b"\r\n", b"\n  \n" + LINE + b"\n\n"])
def test_marks_blank_lines_and_a_missing_newline_do_not_matter(write, content):
    path = write(content)
    assert list(read_records(path, Clip)) == [CLIP]
    assert [fields for _, fields in read_objects(path)] == [CLIP.model_dump(mode="json")]


def test_rows_are_counted_as_an_editor_shows_them(write):
    path = write(b'\n{"a": "\xe2\x80\xa8"}\n\n{"b": 2}')
    assert list(read_objects(path)) == [(2, {"a": "\u2028"}), (4, {"b": 2})]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"[1, 2]", "not a JSON object but an array"),
        (b'[{"path": "a.wav"}, {"path": "b.wav"}]', "not a JSON object but an array; JSON lines have one object"),
        (b'[{"path": "a.wav"},', "not a JSON object but the beginning of an array"),
        (b"null", "not a JSON object but null"),
        (b'"a.wav"', "not a JSON object but a string"),
        (b"12.5", "not a JSON object but a number"),
        (b'{"path": "a.wav"} {"path": "b.wav"}', "several values, the second at byte 19"),
        (b'{"path": "a.wav"}, {"path": "b.wav"}', "several values, the second at byte 18"),
        (b"{'path': 'a.wav'}", "byte 2: Expecting property name"),
        ('{"ü": tru}'.encode(), "byte 8: Expecting value"),
        (b'{"path": "caf\xe9"}', r"not a JSON object in UTF-8: byte 0xe9 is not UTF-8; the file seems to be latin1"),
        (b'{"path": "it\x92s"}', "not a JSON object in UTF-8: byte 0x92 is not UTF-8; the file seems to be cp1252"),
        (b'{"path": "a\0"}', "byte 12: Invalid control character"),
        (b'{"path": ' + b"1" * 5000 + b"}", "4300 digits"),
        (b'{"path": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply|recursion limit"),
    ],
)
@pytest.mark.parametrize("ending", [b"\n", b"", b"\r\n"])
@pytest.mark.parametrize("read", [read_objects, lambda path: read_records(path, Clip)])
def test_a_whole_row_that_is_wrong_is_an_error_in_every_file(write, line, message, ending, read):
    path = write(LINE + b"\n" + line + ending)
    for rows in (read(path), without_cut_line(read(path))):
        next(rows)
        with pytest.raises(InputError, match=message) as caught:
            next(rows)
        assert (caught.value.file, caught.value.row) == (path, 2)


def test_a_field_that_is_wrong_is_named(write):
    for line, message in ((b'{"corpus": "x"}', "split: Field required"), (LINE.replace(b'"x"', b"5"), "split: Input")):
        with pytest.raises(InputError, match=f"row 1: {message}"):
            list(read_journal(write(line), Clip))


def test_an_object_over_several_lines_is_named_as_such(write):
    path = write(json.dumps({"path": "a.wav"}, indent=1).encode())
    with pytest.raises(
        InputError, match=r"row 1: not a JSON object \(the line ends inside it, after byte 1\); JSON lines"
    ):
        list(read_objects(path))


def test_a_cut_last_line_is_left_out_only_where_adiff_appends(write, caplog):
    path = write(LINE + b"\n" + LINE[:40])
    assert list(read_journal(path, Clip)) == [CLIP]
    assert [row for row, _ in without_cut_line(read_objects(path))] == [1]
    assert "row 2: the last line is cut" in caplog.text
    for rows in (read_records(path, Clip), read_objects(path)):
        with pytest.raises(InputError, match=r"row 2: not a JSON object \(the file ends inside it, after byte 40\)"):
            list(rows)


def test_a_cut_line_that_is_not_the_last_is_an_error(write):
    with pytest.raises(InputError, match="row 1"):
        list(read_journal(write(LINE[:40] + b"\n" + LINE), Clip))


@pytest.mark.slow
@given(st.dictionaries(st.text(), json_values), st.data(), st.booleans())
@settings(deadline=None)
def test_any_beginning_of_an_object_is_cut_and_no_object_is(value, data, ascii_only):
    line = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert not is_cut(line)
    length = data.draw(st.integers(1, len(line) - 1))
    assert is_cut(line[:length])
    assert is_cut(line[:length] + b"\0" * 5)


def test_a_file_that_is_missing_or_a_folder_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.jsonl: no such file"):
        list(read_objects(tmp_path / "gone.jsonl"))
    with pytest.raises(InputError, match="cannot be read"):
        list(read_objects(tmp_path))


def test_of_a_cache_the_lines_that_are_intact_are_read(write):
    path = write(b'\n{"a": 1}\n[2]\n{"b": tru}\n\n{"c": "caf\xe9"}\n{"d": 4}\n{"e": ')
    assert list(read_intact_objects(path)) == [{"a": 1}, {"d": 4}]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_and_utf_32_are_named(write, encoding):
    content = '{"path": "a.wav", "caption": "Rain"}\n{"path": "b.wav", "caption": "Wind"}'.encode(encoding)
    with pytest.raises(InputError, match=f"row 1: not a JSON object in UTF-8: the file is {encoding.upper()}"):
        list(without_cut_line(read_objects(write(content))))
