"""CSV files of other people: the right row, and the right cause."""

import pytest

from adiff_data.core.errors import InputError
from adiff_data.core.tables import read_table


@pytest.fixture
def error_of(tmp_path):
    """The error that a table with the columns `path` and `caption` gives: its row and its message."""

    def read(content):
        path = tmp_path / "clips.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(InputError) as caught:
            list(read_table(path, ("path", "caption")))
        assert caught.value.file == path
        return caught.value.row, caught.value.message

    return read


def test_rows_are_numbered_by_their_first_lines(tmp_path):
    path = tmp_path / "clips.csv"
    path.write_text('path,caption\na.wav,"Rain\nfalls"\n\nb.wav,"He says ""go"""\n')
    assert list(read_table(path, ("path",))) == [
        (2, {"path": "a.wav", "caption": "Rain\nfalls"}),
        (5, {"path": "b.wav", "caption": 'He says "go"'}),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("body", "row", "words"),
    [
        ('a.wav,Rain\nb.wav,"Wind\nc.wav,Dog\nd.wav,Cat\n', 3, "the quote that opens here is never closed"),
        ('a.wav,Rain\nb.wav,"Wind\nc.wav,"A dog, barking"\n', 3, "opens here and closes in row 4"),
        ('a.wav,"Rain\nfalls"\nb.wav,"Wind" howls\n', 4, "text follows the quote that opens here and closes"),
        ('"a\nb.wav","Wind\n', 3, "never closed"),
        ("a.wav,Rain\nb.wav\nc.wav,Dog\n", 3, "1 of the 2 fields"),
        ("a.wav,Rain\nb.wav,Wind, gusts\nc.wav,Dog\n", 3, "the row has 3 fields, the header has 2 fields"),
        ('a.wav,Rain\nb.wav,"Wind\nc.wav,Dog",\n', 3, "3 fields, the header has 2 fields; it goes on to row 4"),
    ],
)
def test_a_fault_is_told_with_the_row_where_it_begins(error_of, body, row, words, newline):
    assert error_of(f"path,caption\n{body}".replace("\n", newline))[0] == row
    assert words in error_of(f"path,caption\n{body}".replace("\n", newline))[1]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("path,caption,caption", "the header has the column 'caption' twice"),
        ("path;caption", "separated by ';'"),
        ("path\tcaption", r"separated by '\t'"),
        ("", "column 'path' is missing"),
    ],
)
def test_a_wrong_header_is_told_with_its_row(error_of, header, words):
    row, message = error_of(f"{header}\na.wav,Rain\n" if header else "")
    assert row == 1
    assert words in message


def test_columns_without_a_name_may_be_several(tmp_path):
    path = tmp_path / "clips.csv"
    path.write_text("path,caption,,\na.wav,Rain,,\n")
    ((_, fields),) = read_table(path, ("path", "caption"))
    assert fields["caption"] == "Rain"


ENGLISH = "path,caption\na.wav,Rain falls\nb.wav,The café’s “door” opens\n"
FRENCH = "path,caption\na.wav,La pluie\nb.wav,Un chien aboie près de la fenêtre\n"


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (ENGLISH, "cp1252", "cp1252 (“av,The café’s “door””)"),
        ("path,caption\na.wav,Rain falls\nb.wav,it’s\n", "cp1252", "cp1252"),
        ("path,caption\na.wav,Rain falls\nb.wav,20 °C in the café\n", "latin1", "latin1"),
        (FRENCH, "latin1", "latin1"),
        (ENGLISH, "mac_roman", "mac_roman"),
        ("path,caption\na.wav,Rain falls\nb.wav,A café\n", "mac_roman", "mac_roman"),
        (FRENCH, "mac_roman", "mac_roman"),
        ("path,caption\na.wav,Rain falls\nb.wav,雨水落在屋顶上，有人在说话\n", "gb18030", "gb18030"),
        ("path,caption\na.wav,Rain falls\nb.wav,雨が屋根に降っている\n", "shift_jis", "cp932"),
        ("path,caption\na.wav,Rain falls\nb.wav,Дождь идёт по крыше\n", "cp1251", "cp1251"),
    ],
)
def test_the_encoding_is_named_that_a_file_is_in(error_of, text, encoding, named):
    row, message = error_of(text.encode(encoding))
    assert row == 3
    assert "is not UTF-8; the file seems to be " in message
    assert named in message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [ENGLISH, "path,caption\na.wav,Rain\n"])
def test_utf_16_and_utf_32_are_named_with_and_without_a_mark(error_of, text, encoding):
    assert error_of(text.encode(encoding)) == (1, f"the file is {encoding.upper()}, not UTF-8")


def test_a_file_that_is_mostly_utf_8_is_to_be_corrected_and_not_converted(error_of):
    content = "path,caption\na.wav,café\nb.wav,Straße\nc.wav,".encode() + b"caf\xe9\n"
    assert error_of(content) == (4, "byte 0xe9 is not UTF-8, though most of the file is")


def test_an_excel_file_is_named(error_of):
    assert "Excel" in error_of(b"PK\x03\x04\x14\0\x06\0")[1]
