"""How a model is asked: keys, addresses, extra fields, and the requests that are made of them."""

import pytest

from adiff_data.core.errors import InputError
from adiff_data.llm import ModelOptions, Request, RunOptions, checked, read_key
from adiff_data.llm.options import without_credentials


def test_no_run_file_holds_a_password():
    assert without_credentials("http://me:secret@host:8000/v1") == "http://host:8000/v1"


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
