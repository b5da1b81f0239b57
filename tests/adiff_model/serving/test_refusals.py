"""What is refused: wrong requests with OpenAI's shape of errors, and audio that is none, or that is meant to harm."""

import io
from contextlib import suppress

import httpx2 as httpx
import numpy as np
import openai
import pytest
import soundfile

from tests.adiff_model.serving.conftest import FEW, PROMPT, audio_part, question

NOISE = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)


def encoded(samples=NOISE, rate=8000, form="WAV", **options):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=form, **options)
    return file.getvalue()


def part(tmp_path, content, form="wav"):
    path = tmp_path / "sent"
    path.write_bytes(content)
    return audio_part(path, form)


def ask(client, messages, **options):
    return client.chat.completions.create(model="tiny", messages=messages, max_tokens=FEW, **options)


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ({"n": 2}, "unsupported_parameter", "'n' is not supported"),
        ({"stop": "and"}, "unsupported_parameter", "'stop'"),
        ({"response_format": {"type": "json_object"}}, "unsupported_parameter", "'response_format'"),
        ({"temperature": -1}, "invalid_value", "'temperature' should be"),
        ({"top_p": 0, "temperature": 0.5}, "invalid_value", "top_p must be above 0"),
        ({"max_completion_tokens": 0}, "invalid_value", "'max_completion_tokens' should be greater than 0"),
        ({"seed": 2**70}, "invalid_value", "'seed'"),
    ],
)
def test_what_cannot_be_done_is_refused_and_not_left_out(client, recordings, options, code, message):
    with pytest.raises(openai.BadRequestError, match=message) as refused:
        ask(client, question(*recordings[:2], PROMPT), **options)
    assert refused.value.code == code
    assert refused.value.body["type"] == "invalid_request_error"


def test_messages_that_are_no_question_are_refused(client, recordings):
    one, other = recordings[:2]
    image = {"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}
    address = {"type": "audio_url", "audio_url": {"url": "http://127.0.0.1:1/a.wav"}}
    broken = {"type": "input_audio", "input_audio": {"data": "not base64", "format": "wav"}}
    path = {"type": "input_audio", "input_audio": {"data": str(one), "format": "wav"}}
    pcm = audio_part(one, "pcm16")
    for messages, reason in (
        (question(one, PROMPT, one, other), "there are 3 input_audio parts"),
        (question(PROMPT), "there are 0 input_audio parts"),
        (question(one, other), "no text of the user says what to explain"),
        (question(one, image, PROMPT), "nothing is fetched for a client"),
        (question(one, address, PROMPT), "nothing is fetched for a client"),
        (question(one, broken, PROMPT), "is not base64"),
        (question(one, path, PROMPT), "is not base64"),
        (question(one, pcm, PROMPT), "format 'pcm16', not one of wav"),
    ):
        with pytest.raises(openai.BadRequestError, match=reason):
            ask(client, messages)


def hostile_recordings():
    """Each with what is said of it."""
    whole = encoded()
    many = np.zeros((100, 64), np.float32)
    slow = bytearray(whole)
    slow[24:28] = (1).to_bytes(4, "little")  # a second of sound a sample
    endless = encoded(np.zeros(8_000 * 601, np.float32), form="FLAC")
    return [
        (b"", "is no WAV, MP3, FLAC or Ogg file"),
        (b"#!/bin/sh\n", "is no WAV, MP3, FLAC or Ogg file"),
        (b"RIFF" + bytes(200), "cannot be read as audio"),
        (b"fLaC" + bytes(200), "cannot be read as audio"),
        (b"OggS" + bytes(200), "cannot be read as audio"),
        (whole[:44], "holds no sample"),
        (encoded(many), "has 64 channels, more than 8"),
        (bytes(slow), "has a sampling rate of 1 Hz"),
        (endless, "is longer than 600 seconds"),
        (encoded(np.full(800, np.nan, np.float32), subtype="FLOAT"), "holds samples that are not numbers"),
    ]


@pytest.mark.parametrize(("content", "reason"), hostile_recordings(), ids=lambda value: str(value)[:30])
@pytest.mark.parametrize("stream", [False, True])
def test_hostile_audio_is_refused_with_its_reason_and_no_path(client, recordings, tmp_path, content, reason, stream):
    with pytest.raises(openai.BadRequestError, match=reason) as refused:
        ask(client, question(recordings[0], part(tmp_path, content), PROMPT), stream=stream)
    assert refused.value.code in ("invalid_audio", "audio_too_long")
    assert "/" not in refused.value.body["message"]


@pytest.mark.slow
def test_bytes_at_random_hurt_nobody(client, recordings, tmp_path):
    """Damaged files are heard or refused; the server goes on."""
    draws = np.random.default_rng(1)
    for form in ("WAV", "FLAC", "OGG", "MP3"):
        content = bytearray(encoded(form=form))
        for place in draws.integers(0, len(content), 40):
            content[place] = draws.integers(256)
        with suppress(openai.BadRequestError):
            ask(client, question(recordings[0], part(tmp_path, bytes(content), form.lower()), PROMPT))
    assert ask(client, question(*recordings[:2], PROMPT)).choices[0].message.content


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "invalid_json"),
        (b"[" * 100_000, "application/json", 400, "invalid_json"),
        (b"[]", "application/json", 400, "invalid_value"),
        (b'{"model": "tiny"}', "application/json", 400, "invalid_value"),
        (b"{}", "text/plain", 415, "not_json"),
        (b"", "application/json", 400, "invalid_json"),
    ],
)
def test_bodies_that_are_no_request(address, content, kind, status, code):
    answered = httpx.post(f"{address}/v1/chat/completions", content=content, headers={"content-type": kind})
    assert (answered.status_code, answered.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/chat/completions", 405), ("GET", "/nothing", 404), ("GET", "/../../etc/passwd", 404)],
)
def test_other_addresses_have_errors_of_the_same_shape(address, method, path, status):
    answered = httpx.request(method, f"{address}{path}")
    assert answered.status_code == status
    assert answered.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "10.0.0.1", ""])
def test_a_page_whose_name_points_here_reads_nothing(address, host):
    for path in ("/", "/v1/models", "/metrics", "/health"):
        answer = httpx.get(f"{address}{path}", headers={"Host": host})
        assert answer.status_code in (400, 403)  # 400: without a host it is no request of HTTP/1.1
        assert "tiny" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.2:80", "[::1]:8000"])
def test_by_this_machines_own_names_it_answers(address, host):
    assert httpx.get(f"{address}/v1/models", headers={"Host": host}).status_code == 200
