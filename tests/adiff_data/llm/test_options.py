"""How a model is asked: keys, addresses, extra fields, and the requests that are made of them."""

import pytest

from adiff_data.core.errors import InputError
from adiff_data.llm import ModelOptions, Request, RunOptions, checked, read_key


def test_the_key_is_read_from_a_file_or_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", " of-the-environment\n")
    assert read_key(None, None) == "of-the-environment"
    (tmp_path / "key").write_text("of-the-file\n")
    assert read_key(tmp_path / "key", None) == "of-the-file"
    monkeypatch.delenv("OPENAI_API_KEY")
    assert read_key(None, "http://localhost") == "none"
    with pytest.raises(InputError, match="no API key"):
        read_key(None, None)
    with pytest.raises(InputError, match="no such file"):
        read_key(tmp_path / "nowhere", None)


def test_a_wrong_option_is_named():
    with pytest.raises(InputError, match="concurrency"):
        checked(RunOptions, concurrency=0)


def test_the_most_that_can_be_billed_follows_what_extra_fields_change():
    request = Request([{"role": "user", "content": "Hi"}], token_limit=50, expected_tokens=20)
    assert request.most_tokens_out(ModelOptions()) == 50
    assert request.most_tokens_out(ModelOptions(extra_body={"max_tokens": 500, "n": 2})) == 1000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('"sk-abc"\n', "quotation marks around the key"),
        ("'sk-abc'", "quotation marks around the key"),
        ("“sk-abc”", "quotation marks around the key"),
        ("sk-abc\nsk-def\n", "2 lines"),
        ("sk-abc\r\norganization: me\r\n", "2 lines"),
        ("OPENAI_API_KEY=sk-abc", "more than a key"),
        ("Bearer sk-abc", "more than a key"),
        ("sk-abc def", "characters that no key has"),
        ("sk-äbc", "characters that no key has"),
        ("sk-\x00abc", "characters that no key has"),
        (" \n", "no API key in it"),
    ],
)
def test_what_cannot_be_a_key_is_told_before_the_first_request_and_not_shown(tmp_path, monkeypatch, content, reason):
    (tmp_path / "key").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=reason) as caught:
        read_key(tmp_path / "key", "http://localhost")
    assert "abc" not in str(caught.value)
    if content.strip() and "\x00" not in content:
        monkeypatch.setenv("OPENAI_API_KEY", content)
        with pytest.raises(InputError, match=f"OPENAI_API_KEY: {reason}"):
            read_key(None, "http://localhost")


def test_a_byte_order_mark_is_no_part_of_a_key(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("\ufeffsk-abc\n", encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "\ufeffsk-def")
    assert (read_key(tmp_path / "key", None), read_key(None, None)) == ("sk-abc", "sk-def")
