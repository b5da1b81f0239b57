"""Predictions by a model behind a server, which decodes what it is sent and says which audio is louder."""

import itertools
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from aiohttp import web

from adiff_data.core.errors import InputError, WorkError
from adiff_data.llm import Price, dispatcher
from adiff_data.published_csv import COLUMNS
from adiff_model import ADIFF, predict, predict_with
from adiff_model.evaluation.systems import read_probed, read_systems
from tests.adiff_model.serving.conftest import running
from tests.chat_server import GOOD, ChatServer, error, every_fault
from tests.hearing import ALIKE, FIRST, SECOND, louder, recordings_in, texts_in

PAIRS = 6
PRICE = Price(input=1.0, output=10.0, audio_input=100.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A built dataset of six pairs, of which the even ones have the louder second audio, and its recordings."""
    folder = tmp_path_factory.mktemp("asked")
    for name in ("CLD", "recordings"):
        (folder / name).mkdir()
    rows = [",".join(COLUMNS)]
    for number in range(PAIRS + 1):
        rate, channels = ((8_000, 1), (16_000, 1), (44_100, 2))[number % 3]
        level = 0.3 if number % 2 else 0.05
        samples = np.random.default_rng(number).normal(0, level, (int(rate * 0.4), channels)).clip(-1, 1)
        soundfile.write(folder / "recordings" / f"clip{number}.wav", samples, rate)
    for number in range(PAIRS):
        paths = f"ClothoV21/evaluation/clip{number}.wav,ClothoV21/evaluation/clip{number + 1}.wav"
        rows.append(f"clothov21,{paths},one,two,explain the difference in few words,answer {number}")
    (folder / "CLD" / "cld_evaluation_adiff_fewwords_answer.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(autouse=True)
def fast_retries(monkeypatch):
    monkeypatch.setattr(dispatcher, "_FIRST_BACKOFF", 0.02)


def ask(folder, server, **options):
    options = {"split": "evaluation", "audio_root": folder / "recordings", **options}
    return predict_with(folder / "CLD", model="hears", base_url=server.url, **options)


RIGHT = [FIRST if number % 2 else SECOND for number in range(PAIRS)]


@pytest.mark.parametrize(
    "sending",
    [
        {},
        {"audio_format": "float", "audio_rate": 16_000},
        {"audio_format": "mp3", "audio_seconds": 0.3, "audio_window": "middle"},
        {"audio_as": "joined"},
        {"audio_as": "joined", "audio_format": "mp3", "audio_rate": 22_050},
    ],
)
def test_every_answer_is_right_about_which_audio_is_louder(folder, sending):
    with ChatServer(script=louder) as server:
        rows = ask(folder, server, **sending)
    assert [row.prediction for row in rows] == RIGHT
    assert {texts_in(body)[-1] for body in server.requests} == {"explain the difference in few words"}


def test_probes_are_heard(folder, tmp_path):
    out = tmp_path / "predictions.jsonl"
    with ChatServer(script=louder) as server:
        ask(folder, server, out=out)
        swapped, same, silent = (ask(folder, server, out=out, probe=probe) for probe in ("swap", "same", "silence"))
    assert [row.prediction for row in swapped] == [*RIGHT[1:], SECOND]
    assert {row.prediction for row in same + silent} == {ALIKE}
    (system,) = read_systems({"hears": out})
    assert read_probed(system, "swap", tmp_path / "predictions.swap.jsonl").rows == swapped


def test_a_row_says_what_was_heard_and_who_was_asked(folder, tmp_path):
    with ChatServer(script=louder) as server:
        row = ask(folder, server, out=tmp_path / "p.jsonl", limit=1, price=PRICE, api_key="sk-secret-0123")[0]
    heard = row.provenance.request["heard"]
    assert (heard["as"], heard["window"], heard["audio1"]["rate"], heard["audio2"]["rate"]) == (
        "parts",
        "start",
        8000,
        16000,
    )
    assert len(heard["audio1"]["sha256"]) == 64
    assert (row.provenance.model, row.provenance.request["base_url"]) == ("hears", server.url)
    assert row.provenance.cost == pytest.approx((15 * 1.0 + 85 * 100.0 + 20 * 10.0) / 1e6, rel=0.2)
    assert all("sk-secret" not in path.read_text() for path in tmp_path.glob("*.json*"))


def test_audio_tokens_that_a_server_tells_are_paid_as_audio(folder):
    details = {"prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"audio_tokens": 40}}
    with ChatServer(script=lambda asked: {"text": louder(asked), "usage": details}) as server:
        row = ask(folder, server, limit=1, price=PRICE)[0]
    assert row.provenance.cost == pytest.approx((60 * 1.0 + 40 * 100.0 + 20 * 10.0) / 1e6)


def test_a_budget_is_kept_and_a_later_run_asks_for_the_rest(folder, tmp_path):
    out = tmp_path / "predictions.jsonl"
    with ChatServer(script=louder) as server:
        with pytest.raises(WorkError, match="budget"):
            ask(folder, server, out=out, price=PRICE, budget=0.035, concurrency=1)
        there = len(out.read_text().splitlines())
        assert 0 < there < PAIRS
        rows = ask(folder, server, out=out, price=PRICE)
        assert server.answered == PAIRS
        assert ask(folder, server, out=out, price=PRICE) == rows
        assert server.answered == PAIRS
        with pytest.raises(InputError, match=r"audio.audio_rate = null, not 8000"):
            ask(folder, server, out=out, price=PRICE, audio_rate=8000)
    assert [row.prediction for row in rows] == RIGHT
    account = json.loads((tmp_path / "predictions.account.json").read_text())
    assert account["spent"] == pytest.approx(sum(row.provenance.cost for row in rows))


def test_faults_of_the_server_cost_no_answer(folder):
    fault = every_fault(1)

    def script(asked):
        scripted = fault(asked)
        return louder(asked) if scripted == GOOD else scripted

    with ChatServer(script=script) as server:
        assert [row.prediction for row in ask(folder, server, max_attempts=9)] == RIGHT


def cut_at(limit: int):
    """Answers of one token a word, of which a request gets as many as it has tokens, and `limit` is the last."""
    words = " ".join(["rain"] * limit)

    def script(asked):
        most = asked.body["max_tokens"]
        return {"text": " ".join(words.split()[:most]), "finish_reason": "length" if most < limit else "stop"}

    return script


def test_an_answer_that_is_cut_is_asked_for_with_twice_the_tokens(folder):
    with ChatServer(script=cut_at(200)) as server:
        [row] = ask(folder, server, limit=1)
    limits = [body["max_tokens"] for body in server.requests]
    assert limits[-1] >= 200
    assert all(after == 2 * before for before, after in itertools.pairwise(limits))
    assert (len(row.prediction.split()), row.provenance.finish_reason, row.fault) == (200, "stop", None)


def test_an_answer_that_never_ends_is_kept_as_a_checkpoints_is_and_that_is_said(folder, tmp_path, adiff):
    out, recordings = tmp_path / "predictions.jsonl", folder / "recordings"
    call = ("predict", folder / "CLD", "--split", "test", "--audio-root", recordings, "--out", out, "--model", "hears")
    with ChatServer(script=cut_at(10**4)) as server:
        status, printed, _ = adiff(*map(str, (*call, "--base-url", server.url, "--max-tokens", "8")))
        assert status == 0
        assert "6 rows, 0 of them from before, 0 without an answer, 6 cut by the token limit" in printed
        rows = ask(folder, server, split="test", out=out, max_tokens=8)
        assert len(server.requests) == 2 * PAIRS  # the given limit holds, and a third answer would be cut too
    assert {(row.prediction, row.provenance.finish_reason) for row in rows} == {(" ".join(["rain"] * 8), "length")}


@pytest.mark.parametrize("text", ["", "<think>Which one is louder? The first"])
def test_what_is_cut_before_the_answer_begins_is_none(folder, text):
    with ChatServer(script=lambda asked: {"text": text, "finish_reason": "length"}) as server:
        rows = ask(folder, server, max_attempts=2)
    assert {(row.prediction, row.fault) for row in rows} == {("", "cut by the token limit")}


@pytest.mark.parametrize(
    "refusal",
    [
        error(400, "messages[0].content must be a string"),
        error(400, "hears is not a multimodal model"),
        error(500, "audio input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        error(404, "No endpoints found that support input audio"),
    ],
    ids=["text only", "vllm", "llama.cpp", "gateway"],
)
def test_a_server_that_takes_no_audio_is_told_at_once_and_no_row_is_to_blame(folder, tmp_path, refusal):
    text, status = refusal.text, refusal.status
    reply = lambda asked: web.Response(text=text, status=status, content_type="application/json")  # noqa: E731
    with ChatServer(script=reply) as server, pytest.raises(WorkError, match="takes no re") as caught:
        ask(folder, server, out=tmp_path / "predictions.jsonl", concurrency=1)
    assert len(server.requests) == 1
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "predictions.jsonl").exists()


def test_a_recording_that_cannot_be_read_is_the_fault_of_its_rows_alone(folder, tmp_path):
    recordings = shutil.copytree(folder / "recordings", tmp_path / "recordings")
    (recordings / "clip2.wav").write_bytes(b"no audio")
    (recordings / "clip5.wav").unlink()
    out = tmp_path / "predictions.jsonl"
    with ChatServer(script=louder) as server:
        rows = ask(folder, server, audio_root=recordings, out=out)
        assert [number for number, row in enumerate(rows) if row.fault] == [1, 2, 4, 5]
        assert "clip2.wav: cannot be read as audio" in rows[1].fault
        mended = ask(folder, server, audio_root=folder / "recordings", out=out)
        assert server.answered == PAIRS
    assert [row.prediction for row in mended] == RIGHT


def test_the_command_asks_and_tells(folder, tmp_path, adiff):
    out = tmp_path / "predictions.jsonl"
    call = ("predict", folder / "CLD", "--split", "test", "--audio-root", folder / "recordings", "--out", out)
    with ChatServer(script=louder) as server:
        asked = ("--model", "hears", "--base-url", server.url, "--probe", "swap", "--audio-rate", "16000")
        status, printed, errors = adiff(*map(str, (*call, *asked)))
    assert (status, errors) == (0, "")
    assert "predictions.swap.jsonl: 6 rows, 0 of them from before, 0 without an answer" in printed
    assert {rate for body in server.requests for _, rate in recordings_in(body)} == {16_000}
    assert {body["temperature"] for body in server.requests} == {0.0}


def test_the_best_of_several_answers_is_kept_and_all_of_them_are_counted(folder, tmp_path):
    told = {0: "It is loud.", 1: GOOD, 2: "Never asked for."}
    out = tmp_path / "predictions.jsonl"
    best = {"best_of": 3, "temperature": 0.8, "max_attempts": 2, "out": out}
    with ChatServer(script=lambda asked: told[asked.body["seed"] // 2]) as server:
        rows = ask(folder, server, price=PRICE, **best)
        assert len(server.requests) == 2 * PAIRS
        assert ask(folder, server, price=PRICE, **best) == rows
        with pytest.raises(InputError, match="best_of"):
            ask(folder, server, price=PRICE, **{**best, "best_of": 2})
    assert {(row.prediction, row.candidates, row.provenance.attempts) for row in rows} == {(GOOD, 2, 2)}
    assert json.loads((tmp_path / "predictions.account.json").read_text())["spent"] == pytest.approx(
        sum(row.provenance.cost for row in rows)
    )


def test_the_best_of_answers_of_which_some_never_came(folder):
    def script(asked):
        seed = asked.body["seed"]  # each answer has four of its own
        if seed < 4:
            return ""
        return error(400, "no such thing") if seed == 8 else "A hiss"

    with ChatServer(script=script) as server:
        rows = ask(folder, server, best_of=4, temperature=1.0, max_attempts=4)
    assert {(row.prediction, row.candidates, row.provenance.attempts) for row in rows} == {("A hiss", 3, 5)}


def test_answers_that_would_all_be_the_same_are_not_asked_for(folder):
    with ChatServer(script=louder) as server, pytest.raises(InputError, match="give `temperature` with `best_of`"):
        ask(folder, server, best_of=3)
    assert server.requests == []


@pytest.mark.slow
def test_a_checkpoint_behind_adiff_serve_answers_as_it_does_here(folder):
    """Floats at the own rate are what a checkpoint hears of files, of three rates and one of them in stereo."""
    split = {"split": "evaluation", "audio_root": folder / "recordings", "limit": 3}
    here = predict(folder / "CLD", max_len=300, reading_threads=0, **split)
    with running(ADIFF(config="tiny", device="cpu")) as address:
        there = predict_with(
            folder / "CLD", model="tiny", base_url=f"{address}/v1", audio_format="float", max_tokens=300, **split
        )
    answers = [row.prediction for row in here]
    assert [row.prediction for row in there] == answers
    assert len(set(answers)) > 1
