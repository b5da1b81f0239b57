"""Annotators that hear: a server that decodes what it is sent and says which audio is louder, which must be right."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from aiohttp import web

from adiff_data.annotation.annotate import annotate
from adiff_data.annotation.estimate import estimate
from adiff_data.annotation.fixing import fix
from adiff_data.annotation.hearing import Hearing
from adiff_data.annotation.prompts import prompt_set
from adiff_data.annotation.run import Job
from adiff_data.audio import sending
from adiff_data.audio.sending import SendingOptions
from adiff_data.checks.checking import check
from adiff_data.core.errors import InputError, WorkError
from adiff_data.llm import Price
from adiff_data.llm import batch as batch_module
from adiff_data.tiers import TIERS
from tests.adiff_data.annotation.conftest import sound_pairs, write_pairs
from tests.batch_server import BatchServer
from tests.chat_server import GOOD, ChatServer, error, every_fault
from tests.hearing import FIRST, SECOND, louder, recordings_in, texts_in

pytestmark = pytest.mark.usefixtures("fast_retries")

PAIRS = 6
RIGHT = [FIRST if number % 2 else SECOND for number in range(PAIRS)]  # of each pair, every tier
PRICE = Price(input=1.0, output=10.0, audio_input=100.0)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory) -> Path:
    """The recordings of the pairs, of which the odd ones are the louder ones."""
    folder = tmp_path_factory.mktemp("heard")
    (folder / "Demo" / "s").mkdir(parents=True)
    for number in range(PAIRS + 1):
        rate, channels = ((8_000, 1), (16_000, 1), (44_100, 2))[number % 3]
        samples = np.random.default_rng(number).normal(0, 0.3 if number % 2 else 0.05, (int(rate * 0.4), channels))
        soundfile.write(folder / "Demo" / "s" / f"{number}.wav", samples.clip(-1, 1), rate)
    return folder


def ask(server, recordings, **options):
    options = {"hear": "audio", "tiers": "fewwords", "model": "hears", **options}
    return annotate(sound_pairs(PAIRS), base_url=server.url, audio_root=recordings, **options)


def answers(rows, tier="fewwords") -> list[str]:
    return [row.answer for row in rows if row.tier == tier]


@pytest.mark.parametrize("hear", ["audio", "both"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"audio_format": "float", "audio_rate": 16_000},
        {"audio_format": "mp3", "audio_seconds": 0.3, "audio_window": "middle"},
        {"audio_as": "joined", "audio_window": "loudest", "audio_seconds": 0.2},
        {"audio_as": "joined", "audio_format": "mp3", "audio_rate": 22_050, "audio_gap": 0.5},
    ],
)
def test_every_answer_is_right_about_which_audio_is_louder(recordings, hear, options):
    with ChatServer(script=louder) as server:
        rows = ask(server, recordings, hear=hear, **options)
    assert answers(rows) == RIGHT
    told = ["Sound 0" in texts_in(body)[-1] for body in server.requests]
    assert any(told) == (hear == "both")


@pytest.mark.parametrize("tiers_per_call", ["one", "all"])
def test_all_tiers_hear_the_same_and_each_clip_is_encoded_once(recordings, monkeypatch, tiers_per_call):
    encoded, encode = [], sending.encode
    monkeypatch.setattr(sending, "encode", lambda *args: encoded.append(args) or encode(*args))
    with ChatServer(script=louder) as server:
        rows = ask(server, recordings, tiers=tuple(TIERS), tiers_per_call=tiers_per_call)
    assert [answers(rows, tier) for tier in TIERS] == [RIGHT] * 3
    assert len(encoded) == PAIRS + 1
    assert len(server.requests) == PAIRS * (3 if tiers_per_call == "one" else 1)


def test_a_row_says_what_was_heard(recordings, tmp_path):
    with ChatServer(script=louder) as server:
        row = ask(server, recordings, out=tmp_path / "annotations.jsonl", audio_seconds=0.3, audio_window="middle")[0]
    heard = row.provenance.request["heard"]
    assert (heard["as"], heard["format"], heard["window"]) == ("parts", "wav", "middle")
    assert [(heard[side]["rate"], heard[side]["start"]) for side in ("audio1", "audio2")] == [
        (8000, 0.05),
        (16000, 0.05),
    ]
    assert len({heard[side]["sha256"] for side in ("audio1", "audio2")}) == 2
    assert (row.provenance.prompt_version, row.provenance.prompt_hash) == (
        "audio_v1",
        prompt_set(("fewwords",), "audio").hash,
    )
    settings = json.loads((tmp_path / "run.json").read_text())["settings"]
    assert (settings["hear"], settings["audio"]["audio_seconds"]) == ("audio", 0.3)


def test_captions_alone_leave_the_settings_of_a_run_as_they_were(tmp_path):
    with ChatServer() as server:
        annotate(sound_pairs(1), model="m", base_url=server.url, out=tmp_path / "annotations.jsonl")
        body = server.requests[0]
    settings = json.loads((tmp_path / "run.json").read_text())["settings"]
    assert settings.keys().isdisjoint({"hear", "audio"})
    assert isinstance(body["messages"][-1]["content"], str)


def test_rows_that_heard_something_else_are_never_mixed(recordings, tmp_path):
    out = tmp_path / "annotations.jsonl"
    with ChatServer(script=louder) as server:
        ask(server, recordings, out=out)
        with pytest.raises(InputError, match=r"audio\.audio_rate = null, not 8000"):
            ask(server, recordings, out=out, audio_rate=8_000)
        with pytest.raises(InputError, match='hear = "audio", not "both"'):
            ask(server, recordings, out=out, hear="both")


def test_what_both_share_is_asked_of_who_hears_too(recordings):
    templates = prompt_set(("similarity",), "both")
    assert templates.version == "both_similarity_v1"
    assert "somebody heard" in templates.filled("system")
    assert "in common" in templates.filled("similarity", words=30)
    assert len({prompt_set((kind,), hear).hash for kind in ("detail", "similarity") for hear in ("audio", "both")}) == 4


def test_a_budget_is_kept_and_a_later_run_asks_for_the_rest(recordings, tmp_path):
    out = tmp_path / "annotations.jsonl"
    usage = {
        "prompt_tokens": 600,
        "completion_tokens": 20,
        "prompt_tokens_details": {"audio_tokens": 400},
    }  # 0.0404 USD
    with ChatServer(script=lambda asked: {"text": louder(asked), "usage": usage}) as server:
        with pytest.raises(WorkError, match="budget"):
            ask(server, recordings, out=out, price=PRICE, budget=0.15, concurrency=1)
        there = len(out.read_text().splitlines())
        assert 0 < there < PAIRS
        rows = ask(server, recordings, out=out, price=PRICE)
        assert server.answered == PAIRS
    assert answers(rows) == RIGHT
    assert sum(row.provenance.cost for row in rows) == pytest.approx(PAIRS * 0.0404)


def test_faults_of_the_server_cost_no_answer(recordings):
    fault = every_fault(2)

    def script(asked):
        scripted = fault(asked)
        return louder(asked) if scripted == GOOD else scripted

    with ChatServer(script=script) as server:
        rows = ask(server, recordings, max_attempts=9, tiers=tuple(TIERS))
    assert [answers(rows, tier) for tier in TIERS] == [RIGHT] * 3


def test_a_server_that_takes_no_audio_says_so_before_anything_is_paid(recordings, tmp_path):
    refusal = error(400, "messages[1].content must be a string")
    reply = lambda asked: web.Response(text=refusal.text, status=400, content_type="application/json")  # noqa: E731
    out = tmp_path / "annotations.jsonl"
    with ChatServer(script=reply) as server, pytest.raises(WorkError, match="takes no recordings") as caught:
        ask(server, recordings, out=out, concurrency=1, price=PRICE, budget=1.0)
    assert len(server.requests) == 1
    assert "\n" not in str(caught.value)
    assert out.read_text() == ""
    assert json.loads((tmp_path / "run.json").read_text())["spent"] == 0


def test_a_recording_that_cannot_be_read_is_the_fault_of_its_rows_alone(recordings, tmp_path, caplog):
    broken = shutil.copytree(recordings, tmp_path / "broken")
    (broken / "Demo" / "s" / "2.wav").write_bytes(b"no audio")
    (broken / "Demo" / "s" / "5.wav").unlink()
    out = tmp_path / "annotations.jsonl"
    with ChatServer(script=louder) as server:
        rows = ask(server, broken, out=out, price=PRICE)
        assert "1 of 7 clips cannot be heard" in caplog.text
        assert [number for number, row in enumerate(rows) if row.failed] == [1, 2, 4, 5]
        assert "2.wav: cannot be read as audio" in rows[1].provenance.failure
        assert rows[5].provenance.cost == 0
        mended = ask(server, recordings, out=out, price=PRICE, retry_failed=True)
        assert server.answered == PAIRS
    assert answers(mended) == RIGHT


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"audio_root": None}, "needs the recordings; give `audio_root`"),
        ({"audio_root": "nowhere"}, "nowhere: no such folder of recordings"),
        ({"hear": "captions", "audio_root": None, "audio_format": "mp3"}, "without effect: `audio_format`"),
        ({"annotator": "rules"}, "rules hear nothing"),
        ({"hear": "all"}, "`hear` should be 'captions', 'audio' or 'both'"),
        ({"audio_seconds": 0.0}, "`audio_seconds` should be a number greater than 0"),
    ],
)
def test_what_cannot_be_heard_is_told_before_anybody_is_asked(recordings, options, words):
    with ChatServer(script=louder) as server, pytest.raises(InputError) as caught:
        annotate(
            sound_pairs(1), model="m", base_url=server.url, **{"hear": "audio", "audio_root": recordings, **options}
        )
    assert words in str(caught.value)
    assert server.requests == []


def test_no_recording_at_all_is_an_error(tmp_path):
    with ChatServer() as server, pytest.raises(InputError, match="none of the 7 clips has a recording here"):
        ask(server, tmp_path)


@pytest.mark.parametrize("audio_as", ["parts", "joined"])
def test_an_estimate_counts_audio_from_the_headers(recordings, audio_as, monkeypatch):
    monkeypatch.setattr(sending, "encode", None)  # nothing is encoded
    job = Job(sound_pairs(PAIRS), None, ("fewwords", "detail"))
    options = SendingOptions(audio_as=audio_as, audio_seconds=0.25)
    told, heard = estimate(job, PRICE), estimate(job, PRICE, Hearing("both", recordings, options))
    seconds = 2 * PAIRS * (0.5 + (1.0 if audio_as == "joined" else 0.0))
    assert heard.audio_tokens == pytest.approx(25 * seconds, abs=2 * PAIRS)
    assert heard.cost == pytest.approx(PRICE.of(heard.tokens_in, told.tokens_out, heard.audio_tokens))
    assert f"({heard.audio_tokens:,} of them audio)" in heard.line()
    assert "audio" not in told.line()


@pytest.mark.slow
def test_a_batch_hears_and_its_rows_say_what(recordings, tmp_path):
    with BatchServer(script=louder) as server:
        rows = ask(server, recordings, out=tmp_path / "annotations.jsonl", batch=True, audio_as="joined")
    assert answers(rows) == RIGHT
    assert all(len(row.provenance.request["heard"]["sha256"]) == 64 for row in rows)


def test_a_request_that_no_batch_can_hold_is_refused(recordings, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_module, "MOST_BYTES", 20_000)
    with BatchServer(script=louder) as server, pytest.raises(WorkError, match="is larger than a batch may be"):
        ask(server, recordings, out=tmp_path / "annotations.jsonl", batch=True)
    assert server.batches == {}


def test_answers_that_are_asked_again_are_heard_again(recordings, tmp_path):
    out = tmp_path / "annotations.jsonl"
    sides = "Audio 1 has noise in it, and audio 2 has other noise."

    def script(asked):
        return sides if "turned down" in texts_in(asked.body)[-1] else louder(asked)

    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    with ChatServer(script=script) as server:
        ask(server, recordings, out=out)
        report = check(out, attribution="words")
        assert report.faults
        with pytest.raises(InputError, match="heard the recordings; give `audio_root`"):
            fix(out, report)
        asked = len(server.requests)
        rows = fix(out, report, audio_root=recordings)
        again = server.requests[asked:]
    assert len(again) == len(report.faults)
    assert all(len(recordings_in(body)) == 2 for body in again)
    assert {row.answer for row in rows if row.id in report.faults} == {sides}
