"""Addresses to listen at, and how they are told."""

import socket

import pytest

from adiff_data.core.errors import InputError
from adiff_data.core.hosts import host_of, is_loopback, listen, url_of


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.7", False),
        ("machine.example", False),
    ],
)
def test_this_machine_alone_reaches_its_loopback(host, alone):
    assert is_loopback(host) is alone


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8016"),
        ("localhost", "http://localhost:8016"),
        ("::1", "http://[::1]:8016"),
        ("fe80::7", "http://[fe80::7]:8016"),
    ],
)
def test_an_address_can_be_opened_in_a_browser(host, shown):
    assert url_of(host, 8016) == shown


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_machine_that_listens_everywhere_is_told_by_its_name(host):
    assert url_of(host, 8016) == f"http://{socket.gethostname()}:8016"


@pytest.mark.parametrize(
    ("header", "host"),
    [("127.0.0.1:8016", "127.0.0.1"), ("localhost", "localhost"), ("[::1]:8016", "::1"), ("[::1]", "::1"), ("", "")],
)
def test_a_request_names_a_host(header, host):
    assert host_of(header) == host


def test_a_machine_that_listens_everywhere_does_so_by_both_protocols():
    with listen("::", 0) as listening:
        for host in ("127.0.0.1", "::1"):
            socket.create_connection((host, listening.getsockname()[1])).close()


def test_a_port_that_is_taken_is_said():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(InputError, match=f"cannot listen at 127.0.0.1, port {port} .*; another `port`"):
            listen("127.0.0.1", port)


def test_a_host_that_does_not_exist_is_said():
    with pytest.raises(InputError, match=r"cannot listen at 300\.1\.1\.1, port 0"):
        listen("300.1.1.1", 0)
