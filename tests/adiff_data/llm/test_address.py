"""Addresses taken apart: where requests go, and what is secret in them."""

import pytest

from adiff_data.core.errors import InputError
from adiff_data.llm.address import OPENAI, Address, read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://localhost:8000/v1", Address("http://localhost:8000/v1")),
        ("http://localhost:8000/v1/", Address("http://localhost:8000/v1")),
        ("https://host/v1/chat/completions", Address("https://host/v1")),
        ("https://me:se%40cret@host/v1", Address("https://host/v1", authorization="Basic bWU6c2VAY3JldA==")),
        (
            "https://h/openai/deployments/d?api-version=2024-10-21",
            Address("https://h/openai/deployments/d", {"api-version": "2024-10-21"}),
        ),
        ("http://[::1]:8000/v1", Address("http://[::1]:8000/v1")),
    ],
)
def test_an_address_is_taken_apart(text, address):
    assert read_address(text) == address
    assert "secret" not in repr(read_address(text))


def test_without_an_address_it_is_that_of_the_environment_or_openais(monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert read_address(None).url == OPENAI
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    assert read_address(None).chat == "http://localhost:1/v1/chat/completions"


@pytest.mark.parametrize(
    "text",
    ["localhost:8000/v1", "ftp://host/v1", "http://", "http://host:port/v1", "'http://host/v1'", "http://ho st/v1"],
)
def test_what_is_no_address_is_an_error(text):
    with pytest.raises(InputError, match="not an address of a server"):
        read_address(text)


def test_the_port_is_that_of_the_scheme():
    assert read_address("https://host/v1").server == "host:443"
    assert read_address("http://host:81").server == "host:81"
    assert read_address("http://[::1]/v1").server == "[::1]:80"
    assert read_address("http://host").may_lack_version
