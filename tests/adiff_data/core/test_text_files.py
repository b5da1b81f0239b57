"""Text and JSON of other people."""

import pytest

from adiff_data.core.errors import InputError
from adiff_data.core.text_files import read_json, read_text


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    (tmp_path / "x.json").write_bytes(b'\xef\xbb\xbf{"a": "\xc3\xa9"}')
    assert read_text(tmp_path / "x.json") == '{"a": "é"}'
    assert read_json(tmp_path / "x.json") == {"a": "é"}


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (b'{\n "a": 1,\n "b": tru\n}', 3, "column 7: Expecting value"),
        (b'{"a": 1', 1, "column 8: Expecting ',' delimiter"),
        (b"", 1, "column 1"),
        (b"[" * 100_000, None, "nested too deeply"),
        (b"1" * 5000, None, "not JSON"),
        (b'{\n"a": "caf\xe9"}', 2, "seems to be latin1"),
        ('{"a": 1}'.encode("utf-16"), 1, "the file is UTF-16"),
    ],
)
def test_what_is_not_json_is_told_with_line_and_column(tmp_path, content, row, words):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_json(path)
    assert (caught.value.file, caught.value.row) == (path, row)
    assert words in caught.value.message
