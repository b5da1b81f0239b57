"""Every way to a server that fails, and every answer that is none: in one line, with whose fault it is."""

import asyncio
import gzip
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import openai
import pytest
from aiohttp import web

from adiff_data.llm import (
    BusyServer,
    Client,
    FatalServerError,
    RejectedRequest,
    Reply,
    ServerError,
    TransientError,
    UnreachableServer,
)
from tests.chat_server import GOOD, ChatServer, completion, error

KEY = "sk-secret-key-0123"
BODY = {"model": "m", "messages": [{"role": "user", "content": "?"}]}


def ask(url: str, *, timeout: float = 5.0, **options) -> Reply:
    async def once() -> Reply:
        async with Client(url, KEY, timeout=timeout, **options) as client:
            return await client.complete(BODY)

    return asyncio.run(once())


def failure(url: str, **options) -> ServerError:
    with pytest.raises(ServerError) as caught:
        ask(url, **options)
    assert KEY not in str(caught.value)
    return caught.value


@contextmanager
def raw_server(*answers: bytes, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Sends each connection the next of `answers`, whatever it asks, and closes it; the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for answer in answers:
                try:
                    connection, _ = listening.accept()
                    with tls.wrap_socket(connection, server_side=True) if tls else connection as open_connection:
                        open_connection.settimeout(5)
                        open_connection.recv(65536)
                        open_connection.sendall(answer)
                except OSError:
                    continue  # the client does not like the certificate, or is gone

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


pytestmark = pytest.mark.usefixtures("no_proxy")


def test_a_refused_connection_costs_nothing_and_says_so():
    port = free_port()
    refused = failure(f"http://127.0.0.1:{port}/v1")
    assert isinstance(refused, UnreachableServer)
    assert refused.reason == f"connection refused by 127.0.0.1:{port}"
    assert (refused.maybe_billed, refused.hopeless) == (False, False)


def test_a_wrong_name_is_hopeless():
    wrong = failure("http://no-such-server.invalid/v1")
    assert isinstance(wrong, UnreachableServer)
    assert wrong.reason.startswith("no server of the name no-such-server.invalid is known")
    assert wrong.hopeless


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(monkeypatch, scheme):
    port = free_port()
    monkeypatch.setenv(f"{scheme}_proxy", f"http://127.0.0.1:{port}")
    unreachable = failure(f"{scheme}://example.org/v1")
    assert isinstance(unreachable, UnreachableServer)
    assert unreachable.reason.startswith(f"the proxy 127.0.0.1:{port} cannot be reached")


def test_a_proxy_that_refuses_is_named(monkeypatch):
    with raw_server(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        refused = failure("https://example.org/v1")
    assert isinstance(refused, UnreachableServer)
    assert refused.reason.startswith("the proxy does not let requests through to example.org:443: 407")
    assert refused.hopeless


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory) -> ssl.SSLContext:
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*command, "-keyout", folder / "key", "-out", folder / "cert"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    return context


def test_a_certificate_that_is_not_trusted_is_named(self_signed):
    with raw_server(b"", b"", tls=self_signed) as port:
        untrusted = failure(f"https://localhost:{port}/v1")
    assert isinstance(untrusted, UnreachableServer)
    assert f"the certificate of localhost:{port} is not trusted: self" in untrusted.reason
    assert untrusted.hopeless


def test_https_where_http_is_spoken_is_named():
    with raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        mismatch = failure(f"https://127.0.0.1:{port}/v1")
    assert isinstance(mismatch, UnreachableServer)
    assert "do not agree on TLS" in mismatch.reason
    assert "http://" in str(mismatch)


def test_a_silent_server_may_have_billed():
    with ChatServer(script=lambda asked: "hang") as server:
        late = failure(server.url, timeout=0.3)
    assert isinstance(late, TransientError)
    assert (late.reason, late.maybe_billed) == ("no answer within 0.3 s", True)


@pytest.mark.parametrize("scripted", ["drop", "half"])
def test_a_connection_that_breaks_may_have_been_billed(scripted):
    with ChatServer(script=lambda asked: scripted) as server:
        broken = failure(server.url)
    assert isinstance(broken, TransientError)
    assert broken.maybe_billed
    assert "broke" in broken.reason


def http(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_long_headers_are_read():
    body = json.dumps(completion(GOOD)).encode()
    with raw_server(http(body, b"Content-Security-Policy: " + b"x" * 9000)) as port:
        assert ask(f"http://127.0.0.1:{port}/v1").text == GOOD


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        http(b"\xff\xfe\x00"),
        http(b"[" * 100_000),
        http(b'{"choices": 5}'),
        http(b""),
        http(b"HTTP" * 2**23),
        http(gzip.compress(bytes(2**25)), b"Content-Encoding: gzip"),
        http(gzip.compress(json.dumps(completion(GOOD)).encode())[:-20], b"Content-Encoding: gzip"),
    ],
)
def test_whatever_else_comes_is_this_requests_trouble(answer):
    with raw_server(answer) as port:
        odd = failure(f"http://127.0.0.1:{port}/v1")
    assert isinstance(odd, TransientError)
    assert odd.maybe_billed


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        ({"error": {"message": "Insufficient credits", "code": 402}}, FatalServerError, "402: Insufficient credits"),
        ({"error": {"message": "slow down", "code": 429}}, BusyServer, "429: slow down"),
        ({"error": "Loading model"}, BusyServer, "Loading model"),
        ({"error": {"message": "no 'seed'", "type": "invalid_request_error"}}, RejectedRequest, "no 'seed'"),
        ({"error": {"message": "Provider broke"}, "choices": []}, TransientError, "Provider broke"),
        ({"error": {"message": "flagged", "code": 403, "metadata": {}}}, RejectedRequest, "flagged"),
    ],
)
def test_an_error_under_status_200_counts_as_one(content, kind, reason):
    with ChatServer(script=lambda asked: web.json_response(content)) as server:
        found = failure(server.url)
    assert type(found) is kind
    assert reason in found.reason


def test_an_address_without_v1_is_named():
    page = web.Response(text="<html><title>Ollama</title></html>", content_type="text/html")
    for scripted in (error(404, "404 page not found"), error(405, ""), page):
        with ChatServer(script=lambda asked, answer=scripted: answer, route="/chat/completions") as server:
            lacking = failure(server.address)
        assert isinstance(lacking, FatalServerError)
        assert f"the address may lack /v1: {server.address}/v1" in str(lacking)


def test_a_model_that_is_not_there_is_not_the_addresss_fault():
    with ChatServer(script=lambda asked: error(404, "model 'm' not found")) as server:
        missing = failure(server.url)
    assert isinstance(missing, FatalServerError)
    assert str(missing) == "404: model 'm' not found"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(status):
    moved = web.Response(status=status, headers={"Location": "https://elsewhere/v1"})
    with ChatServer(script=lambda asked: moved) as server:
        redirect = failure(server.url)
        assert len(server.requests) == 1
    assert isinstance(redirect, FatalServerError)
    assert "redirects to https://elsewhere/v1" in str(redirect)


def test_no_secret_header_follows_a_redirect_of_the_batch_api():
    async def failed_creation(url: str) -> str:
        async with Client(url, KEY, timeout=5.0, headers={"api-key": KEY}) as client:
            with pytest.raises(openai.APIStatusError) as caught:
                await client.sdk.batches.create(
                    input_file_id="f", endpoint="/v1/chat/completions", completion_window="24h"
                )
            return str(client.meaning_of(caught.value))

    with ChatServer(route="/v1/batches") as other:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {other.url}/batches\r\nContent-Length: 0\r\n\r\n".encode()
        with raw_server(moved) as port:
            assert "redirects to" in asyncio.run(failed_creation(f"http://127.0.0.1:{port}/v1"))
        assert not other.keys


def test_headers_query_and_password_are_sent_and_never_shown():
    def script(asked):
        return error(
            401, f"no: {asked.headers['api-key']} {asked.headers['Authorization']} {asked.query['api-version']}"
        )

    with ChatServer(script=script) as server:
        url = server.url.replace("http://", "http://me:password9@") + "?api-version=2024-10-21"
        told = failure(url, headers={"api-key": "azure-secret"})
        assert server.keys["Basic bWU6cGFzc3dvcmQ5"] == 1
    assert told.reason == "401: no: [key] Basic [key] [key]"


def test_a_pause_is_asked_for_where_a_reply_used_up_the_limits():
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1.5s"}
    with ChatServer(script=lambda asked: web.json_response(completion(GOOD), headers=headers)) as server:
        assert ask(server.url).pause == 1.5
