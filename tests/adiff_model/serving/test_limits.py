"""Limits on size, time and queue, slow clients and half requests: each is answered or let go, and others go on."""

import json
import resource
import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import httpx2 as httpx
import openai
import pytest
from openai import OpenAI

from adiff_model.serving import bodies, connections
from tests.adiff_model.serving.conftest import FEW, PROMPT, question, running

pytestmark = pytest.mark.slow

HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def connect(address):
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def answer_to(address, sent):
    with connect(address) as connection:
        connection.sendall(sent)
        return read_all(connection)


def read_all(connection):
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def ask(address, recordings, **options):
    client = OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0, timeout=60)
    messages = question(*recordings[:2], PROMPT)
    return client.chat.completions.create(model="tiny", messages=messages, **{"max_tokens": FEW} | options)


@pytest.fixture(scope="module")
def strict(adiff):
    """A server that grants little."""
    with running(adiff, body=2, held=5, body_seconds=1.0, queue=2, gather_seconds=0.0) as address:
        yield address


@pytest.fixture
def short_linger(monkeypatch):
    """For how long the server reads on where it has refused what a client is still sending."""
    monkeypatch.setattr(bodies, "_LINGER_SECONDS", 0.3)


@pytest.mark.usefixtures("short_linger")
def test_a_body_that_says_that_it_is_too_large_is_refused_unread(strict):
    answered = answer_to(strict, HEAD + b"Content-Length: 1000000000\r\nConnection: close\r\n\r\n{")
    assert answered.startswith(b"HTTP/1.1 413")
    assert json.loads(answered.partition(b"\r\n\r\n")[2])["error"]["code"] == "body_too_large"


def test_a_gigabyte_without_a_length_is_counted_and_not_kept(strict):
    """In chunks, by a client that sends on until it is cut off."""
    before, chunk = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, b"100000\r\n" + b" " * 2**20 + b"\r\n"
    with connect(strict) as connection, suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(1024):
            connection.sendall(chunk)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024  # kB
    assert "adiff_held_bytes 0.0" in httpx.get(f"{strict}/metrics").text


def test_a_client_reads_the_refusal_although_it_was_still_sending(strict):
    def chunks():
        for _ in range(64):
            yield b" " * 2**20

    with httpx.Client(timeout=60) as client:
        headers = {"content-type": "application/json"}
        answered = client.post(f"{strict}/v1/chat/completions", content=chunks(), headers=headers)
    assert answered.status_code == 413


def test_half_a_request_is_told_that_it_is_late_or_let_go(strict, monkeypatch, recordings):
    answered = answer_to(strict, HEAD + b'Content-Length: 100\r\n\r\n{"model"')
    assert answered.startswith(b"HTTP/1.1 408")
    assert json.loads(answered.partition(b"\r\n\r\n")[2])["error"]["type"] == "timeout_error"
    monkeypatch.setattr(connections, "_HEAD_SECONDS", 0.3)
    assert answer_to(strict, HEAD[:30]) == b""
    with connect(strict) as gone:
        gone.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    assert ask(strict, recordings).choices[0].message.content


def test_a_hundred_slow_clients_keep_nobody_from_an_answer(strict, recordings):
    slow = [connect(strict) for _ in range(100)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(HEAD[:40] if number % 2 else HEAD + b"Content-Length: 1000000\r\n\r\n{")
        assert ask(strict, recordings).choices[0].message.content
        assert httpx.get(f"{strict}/health").status_code == 200
        late = read_all(slow[0])
        assert late.startswith(b"HTTP/1.1 408")
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.usefixtures("short_linger")
def test_what_all_hold_together_is_bounded(strict):
    """Three clients that send two MiB each: one of them is too much."""
    sending = [connect(strict) for _ in range(3)]
    try:
        for connection in sending:
            connection.sendall(HEAD + b"Content-Length: 2097152\r\n\r\n" + b" " * 2_000_000)
        answers = sorted(read_all(connection)[:12] for connection in sending)
    finally:
        for connection in sending:
            connection.close()
    assert answers == [b"HTTP/1.1 408", b"HTTP/1.1 408", b"HTTP/1.1 503"]
    assert "adiff_held_bytes 0.0" in httpx.get(f"{strict}/metrics").text


def test_a_full_queue_and_a_late_answer_are_told(adiff, recordings, monkeypatch):
    """While the model is busy with one question, one may wait, the next is refused, and who waits too long is told."""
    busy, go_on = threading.Event(), threading.Event()
    explain = adiff.explain_encoded

    def slowly(*args, **kwargs):
        busy.set()
        go_on.wait(30)
        return explain(*args, **kwargs)

    monkeypatch.setattr(adiff, "explain_encoded", slowly)
    with running(adiff, queue=1, answer_seconds=3.0, gather_seconds=0.0) as address:
        outcomes = []

        def try_asking():
            try:
                outcomes.append(ask(address, recordings).choices[0].message.content)
            except openai.APIStatusError as refused:
                outcomes.append((refused.status_code, refused.code))

        clients = [threading.Thread(target=try_asking) for _ in range(2)]
        clients[0].start()
        assert busy.wait(20)
        clients[1].start()
        until = time.monotonic() + 20
        while httpx.get(f"{address}/health").json()["waiting"] < 1 and time.monotonic() < until:
            time.sleep(0.02)
        with pytest.raises(openai.RateLimitError, match="1 requests are waiting") as refused:
            ask(address, recordings)
        assert refused.value.response.headers["retry-after"] == "1"
        for client in clients:
            client.join(20)
        assert outcomes == [(503, "timeout"), (503, "timeout")]
        assert httpx.get(f"{address}/health").json()["waiting"] == 0  # who is gone keeps nobody out
        go_on.set()
        assert ask(address, recordings).choices[0].message.content


def test_a_model_that_fails_costs_its_own_batch(adiff, recordings, monkeypatch):
    monkeypatch.setattr(adiff, "explain_encoded", lambda *args, **kwargs: 1 / 0)
    with running(adiff, gather_seconds=0.0) as address:
        for stream in (False, True):
            with pytest.raises(openai.InternalServerError, match="the model failed"):
                ask(address, recordings, stream=stream)
        monkeypatch.undo()
        assert ask(address, recordings).choices[0].message.content
