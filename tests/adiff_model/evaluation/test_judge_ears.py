"""A judge that hears: both recordings beside the answers, in both orders, and a memory that knows them by content."""

import json
import shutil

import pytest
from aiohttp import web

from adiff_data.audio import sending
from adiff_data.audio.files import AudioFolder
from adiff_data.audio.sending import SendingOptions
from adiff_data.core.errors import InputError
from adiff_data.llm import ModelOptions, RunOptions
from adiff_model.evaluation.judge import QUESTIONS, Judge
from adiff_model.evaluation.systems import read_systems
from tests.chat_server import ChatServer, error
from tests.hearing import FIRST, louder, recordings_in, texts_in
from tests.predictions import write_predictions

pytestmark = pytest.mark.slow


def ratings(asked) -> str:
    """A judge that listens: 5 points for who names the louder audio, 1 for the other; 3 where nothing can be heard."""
    if isinstance(asked.body["messages"][-1]["content"], str):
        return json.dumps(dict.fromkeys("AB", dict.fromkeys(QUESTIONS, 3)))
    right = louder(asked)
    explanations = texts_in(asked.body)[-1].partition("<explanationA>")[2].partition("<explanationB>")
    points = [dict.fromkeys(QUESTIONS, 5 if right in text else 1) for text in (explanations[0], explanations[2])]
    return json.dumps({"A": points[0], "B": points[1]})


@pytest.fixture
def rows(predictions):
    """Rows that name one audio as louder, beside a reference that names none."""
    return [row.model_copy(update={"prediction": FIRST, "references": ("They differ.",)}) for row in predictions[:6]]


@pytest.fixture
def judge(rows, demo_corpus, tmp_path):
    """Judges the rows; yields by a row's number the ratings of its group."""

    def call(server, rows=rows, audio_root=demo_corpus, **options):
        model = ModelOptions(model="hears", base_url=server.url, temperature=0.0)
        run = RunOptions(concurrency=4, max_attempts=1)
        asked = Judge(
            model, run, "none", tmp_path / "judge", 50, audio_root=audio_root, sending=SendingOptions(**options)
        )
        return asked.judge(read_systems({"ours": write_predictions(tmp_path / "ours.jsonl", rows)}))

    return call


@pytest.mark.parametrize("options", [{}, {"audio_as": "joined", "audio_format": "mp3", "audio_seconds": 4.0}])
def test_it_hears_each_pair_in_both_orders_and_rates_by_what_it_heard(judge, rows, monkeypatch, options):
    encoded, read = [], sending.read_excerpt
    monkeypatch.setattr(sending, "read_excerpt", lambda path, *rest: encoded.append(path) or read(path, *rest))
    with ChatServer(script=ratings) as server:
        judgements = judge(server, **options)
        right = {row.id: FIRST in louder_of(server, row) for row in rows}
    assert judgements.error is None
    assert len(server.requests) == 2 * len(rows)
    assert len(encoded) == len(set(encoded))
    assert all("captions tell what\nsomebody heard" in texts_in(body)[-1] for body in server.requests)
    groups = {group: [row for row in rows if row.tier == group[1]] for group in judgements.ratings["ours"]}
    for group, its_rows in groups.items():
        expected = sum(5 if right[row.id] else 1 for row in its_rows) / len(its_rows)
        assert judgements.of("ours", group)["correctness"].value == pytest.approx(expected)
    assert judgements.judge == "hears, by ear"


def louder_of(server, row) -> str:
    """What the judge heard of a row's recordings."""
    body = next(
        body
        for body in server.requests
        if f"<caption1>{row.caption1}" in texts_in(body)[-1] and f"<caption2>{row.caption2}" in texts_in(body)[-1]
    )
    return louder(type("Asked", (), {"body": body, "tiers": ()})())


def test_its_memory_knows_recordings_by_content(judge, rows, demo_corpus, tmp_path):
    copy = shutil.copytree(demo_corpus, tmp_path / "copy")
    with ChatServer(script=ratings) as server:
        judge(server)
        judge(server, audio_root=copy)
        assert len(server.requests) == 2 * len(rows)
        judge(server, audio_rate=8_000)
        assert len(server.requests) == 4 * len(rows)
        judge(server, audio_root=None)
        assert len(server.requests) == 6 * len(rows)
        assert isinstance(server.requests[-1]["messages"][0]["content"], str)
        first, second = (AudioFolder(copy).find(path) for path in (rows[0].filepath1, rows[0].filepath2))
        shutil.copy(second, first)
        judge(server, audio_root=copy)
        changed = [row for row in rows if rows[0].filepath1 in (row.filepath1, row.filepath2)]
        assert len(server.requests) == 6 * len(rows) + 2 * len(changed)
    lines = [json.loads(line) for line in (tmp_path / "judge" / "answers.jsonl").read_text().splitlines()]
    heard = [line["provenance"]["request"].get("heard") for line in lines]
    assert len(heard[0]["audio1"]["sha256"]) == 64
    assert None in heard
    versions = {(line["provenance"]["prompt_version"], told is None) for line, told in zip(lines, heard, strict=True)}
    assert versions == {("judge_heard", False), ("judge", True)}


def test_rows_that_cannot_be_heard_are_left_out_and_named(judge, rows, demo_corpus, tmp_path, caplog):
    copy = shutil.copytree(demo_corpus, tmp_path / "copy")
    AudioFolder(copy).find(rows[0].filepath1).write_bytes(b"no audio")
    lost = [row for row in rows if rows[0].filepath1 in (row.filepath1, row.filepath2)]
    with ChatServer(script=ratings) as server:
        judge(server, audio_root=copy)
    assert len(server.requests) == 2 * (len(rows) - len(lost))
    assert "not judged:" in caplog.text
    assert "cannot be read as audio" in caplog.text


def test_a_judge_that_takes_no_recordings_says_so_in_one_line(judge):
    refusal = error(400, "content must be a string")
    reply = lambda asked: web.Response(text=refusal.text, status=400, content_type="application/json")  # noqa: E731
    with ChatServer(script=reply) as server:
        judgements = judge(server)
    assert "takes no recordings" in str(judgements.error)
    assert len(server.requests) <= 4


def test_recordings_that_are_nowhere_are_told_before_anything(judge, tmp_path):
    with ChatServer(script=ratings) as server, pytest.raises(InputError, match="no such folder of recordings"):
        judge(server, audio_root=tmp_path / "nowhere")


def test_the_command_lets_the_judge_hear(adiff, predictions, demo_corpus, tmp_path):
    path = write_predictions(tmp_path / "ours.jsonl", predictions)
    call = ("evaluate", path, "--out", tmp_path / "report", "--no-spice", "--judge", "m", "--judge-rows", 2)
    with ChatServer(script=ratings) as server:
        hears = (*call, "--judge-url", server.url, "--judge-hear", "--audio-rate", 16_000)
        status, _, err = adiff(*hears)
        assert (status, "--judge-hear needs the recordings; give --audio-root" in err) == (2, True)
        status, _, err = adiff(*hears, "--audio-root", demo_corpus)
    assert status == 0, err
    assert {rate for body in server.requests for _, rate in recordings_in(body)} == {16_000}
    assert "judged by m, by ear" in (tmp_path / "report" / "scores.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--judge-hear",), "without effect: --judge-hear; give --judge, too"),
        (("--judge", "m", "--audio-format", "mp3"), "without effect: --audio-format; --judge-hear sends recordings"),
    ],
)
def test_what_would_have_no_effect_is_refused(adiff, predictions, tmp_path, options, words):
    path = write_predictions(tmp_path / "ours.jsonl", predictions)
    status, _, err = adiff("evaluate", path, "--out", tmp_path / "report", *options)
    assert (status, words in err) == (2, True), err
