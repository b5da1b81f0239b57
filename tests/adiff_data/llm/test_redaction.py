"""Keys and passwords are cut out of all that is shown or written down, however they stand there."""

import pytest

from adiff_data.core.errors import InputError
from adiff_data.llm import ModelOptions
from adiff_data.llm.address import read_address
from adiff_data.llm.redaction import without_credentials, without_secret_fields, without_secrets


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://host:8000/v1", "http://host:8000/v1"),
        ("http://me:secret@host:8000/v1", "http://host:8000/v1"),
        ("https://secret@host/v1?api-version=2024-10-21", "https://host/v1?api-version=2024-10-21"),
        ("https://host/v1?key=secret&api-version=2024-10-21", "https://host/v1?api-version=2024-10-21"),
        ("https://host/v1?sig=secret#secret", "https://host/v1"),
        ("https://me:secret@[half/v1?key=secret", "[half/v1"),
        ("https://host/sk-secret-secret/v1", "https://host/[key]/v1"),
    ],
)
def test_an_address_is_written_down_without_its_secrets(url, shown):
    assert without_credentials(url) == shown


@pytest.mark.parametrize("url", ["https://me:pass-word@ho st/v1", "me:pass-word@host", "ftp://me:pass-word@host/v1"])
def test_what_is_no_address_is_told_without_its_password(url):
    with pytest.raises(InputError, match="not an address") as caught:
        read_address(url)
    assert "pass-word" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "no such key: s e/cret+",
        "GET /v1/chat/completions?key=s%20e%2Fcret%2B",
        "GET /v1/chat/completions?key=s+e%2Fcret%2B",
        "GET /v1/chat/completions?key=s%20e/cret%2B",
    ],
)
def test_a_secret_is_found_in_every_form(text):
    assert "cret" not in without_secrets(text, ["s e/cret+"])


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abc123456",
        "gsk_abcdef0123456789",
        "hf_abcdefghijklmnop",
        "AIzaSyA0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
    ],
)
def test_what_looks_like_a_key_is_cut_out_too(key):
    assert without_secrets(f"Incorrect API key provided: {key}") == "Incorrect API key provided: [key]"


def test_words_are_no_keys():
    text = "the key-value store has a task_queue, hf_hub and a Bearer token"
    assert without_secrets(text) == text


def test_fields_that_are_called_keys_lose_their_values():
    fields = {"api_key": "secret", "max_tokens": 5, "seed": None, "nested": {"access_token": "secret", "top_k": 3}}
    assert without_secret_fields(fields) == {
        "api_key": "[key]",
        "max_tokens": 5,
        "seed": None,
        "nested": {"access_token": "[key]", "top_k": 3},
    }


def test_the_address_of_the_environment_is_recorded(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://me:secret@host:8000/v1?key=secret")
    assert ModelOptions().recorded["base_url"] == "http://host:8000/v1"
    assert ModelOptions(base_url="http://other/v1").recorded["base_url"] == "http://other/v1"
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert ModelOptions().recorded["base_url"] is None
