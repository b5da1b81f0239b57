"""The endpoint, asked by OpenAI's own SDK: every answer is, token for token, the one that `ADIFF` gives."""

import io
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import numpy as np
import openai
import pytest
import soundfile

from tests.adiff_model.serving.conftest import FEW, PROMPT, audio_part, question

DETAIL = "explain the difference in detail"


def ask(client, messages, **options):
    return client.chat.completions.create(model="tiny", messages=messages, **{"max_tokens": FEW} | options)


def joined(first, second, gap_seconds):
    """Two recordings with silence between them, as one WAV file."""
    sounds, rate = zip(*(soundfile.read(path, dtype="float32") for path in (first, second)), strict=True)
    silence = np.zeros(round(gap_seconds * rate[0]), np.float32)
    file = io.BytesIO()
    soundfile.write(file, np.concatenate([sounds[0], silence, sounds[1]]), rate[0], format="WAV", subtype="PCM_16")
    return file.getvalue()


@pytest.mark.slow
def test_an_answer_is_that_of_the_model(client, adiff, recordings):
    one, other = recordings[:2]
    completion = ask(client, question(one, other, PROMPT), max_tokens=300)
    (explained,) = adiff.explain([[one, other, PROMPT]])
    assert completion.choices[0].message.content == explained.text != ""
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.completion_tokens == explained.tokens
    assert [event["name"] for event in completion.adiff["events1"]] == [event.name for event in explained.events1]
    assert completion.adiff["unheard"] == list(explained.unheard)


@pytest.mark.slow
def test_requests_that_come_together_are_answered_together_and_alike(client, address, adiff, recordings):
    prompts = [PROMPT, DETAIL, "explain the difference in a sentence", "caption the first audio"]
    examples = [[recordings[i % 6], recordings[(i + 1) % 6], prompts[i % 4]] for i in range(8)]
    before = batches(address)
    with ThreadPoolExecutor(8) as clients:
        completions = list(clients.map(lambda example: ask(client, question(*example)), examples))
    assert [each.choices[0].message.content for each in completions] == adiff.generate(examples, FEW)
    assert [each.choices[0].finish_reason for each in completions] == ["length"] * 8
    assert batches(address) - before < 8


def batches(address):
    lines = httpx.get(f"{address}/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith("adiff_batch_size_count")).split()[1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ({"temperature": 0}, {}),
        ({"temperature": 1, "top_p": 1}, {}),
        ({"temperature": 0.7, "seed": 3}, {"temperature": 0.7, "seed": 3}),
        ({"temperature": 1, "top_p": 0.9, "seed": 4}, {"top_p": 0.9, "seed": 4}),
        ({"top_p": 0.9}, {"top_p": 0.9}),
    ],
)
def test_settings_are_those_of_generate(client, adiff, recordings, asked, given):
    """Sampled answers too, with others beside them: the draws of one do not depend on who else asks."""
    one, other = recordings[:2]
    with ThreadPoolExecutor(3) as clients:
        (first, second, third) = clients.map(lambda _: ask(client, question(one, other, PROMPT), **asked), range(3))
    (expected,) = adiff.generate([[one, other, PROMPT]], FEW, **given)
    assert {each.choices[0].message.content for each in (first, second, third)} == {expected}


@pytest.mark.slow
def test_a_streamed_answer_is_the_same_in_pieces(client, recordings):
    messages = question(recordings[0], recordings[3], PROMPT)
    whole = ask(client, messages, max_tokens=40)
    chunks = list(ask(client, messages, max_tokens=40, stream=True, stream_options={"include_usage": True}))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) > 5
    assert chunks[-2].choices[0].finish_reason == whole.choices[0].finish_reason
    assert chunks[-2].adiff == whole.adiff
    assert chunks[-1].usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


@pytest.mark.slow
@pytest.mark.parametrize("form", ["flac", "mp3", "ogg"])
def test_other_formats_are_heard_as_the_model_hears_them(client, adiff, recordings, tmp_path, form):
    one, other = tmp_path / f"one.{form}", recordings[1]
    soundfile.write(one, *soundfile.read(recordings[0], dtype="int16"))
    completion = ask(client, question(audio_part(one, form), other, PROMPT))
    assert [completion.choices[0].message.content] == adiff.generate([[one, other, PROMPT]], FEW)


@pytest.mark.slow
def test_one_part_with_a_gap_is_two_recordings(client, recordings, tmp_path):
    one, other = recordings[0], recordings[3]
    (tmp_path / "both.wav").write_bytes(joined(one, other, 2.0))
    apart = ask(client, question(one, other, PROMPT))
    together = ask(client, question(tmp_path / "both.wav", PROMPT), extra_body={"gap": 2.0})
    assert together.choices[0].message.content == apart.choices[0].message.content
    with pytest.raises(openai.BadRequestError, match=r"no stretch of at least 5 seconds .* send two input_audio parts"):
        ask(client, question(tmp_path / "both.wav", PROMPT), extra_body={"gap": 5.0})


@pytest.mark.slow
def test_labels_of_recordings_are_not_read_as_part_of_the_prompt(client, recordings):
    one, other = recordings[:2]
    plain = ask(client, question(one, other, PROMPT))
    for parts in (
        ("Audio 1:", one, "Audio 2:", other, PROMPT),
        ("You hear a recording,", one, "then another.", other, PROMPT),
        (PROMPT, "Audio 1:", one, "Audio 2:", other),
    ):
        assert ask(client, question(*parts)).choices[0].message.content == plain.choices[0].message.content


@pytest.mark.slow
def test_what_the_model_does_not_read_is_said(client, recordings):
    system = {"role": "system", "content": "You are a helpful assistant."}
    long = "explain the difference and " * 20
    told = ask(client, [system, *question(*recordings[:2], long)]).adiff["notes"]
    assert told[0] == "the model reads no system message"
    assert "tokens of the prompt" in told[1]


def test_the_models_are_listed(client):
    assert [model.id for model in client.models.list()] == ["tiny"]
    assert client.models.retrieve("tiny").owned_by == "adiff"
    with pytest.raises(openai.NotFoundError, match="there is no model 'gpt'"):
        client.models.retrieve("gpt")


def test_health_and_figures(address):
    assert httpx.get(f"{address}/health").json() == {"status": "ok", "model": "tiny", "waiting": 0}
    figures = httpx.get(f"{address}/metrics").text
    for name in ("adiff_requests_total", "adiff_answer_tokens_total", "adiff_waiting_requests", "adiff_held_bytes 0.0"):
        assert name in figures
