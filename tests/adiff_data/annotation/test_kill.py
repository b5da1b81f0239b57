"""A run that is killed goes on: no row lost, nothing answered paid twice."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.adiff_data.annotation.conftest import write_pairs
from tests.chat_server import ChatServer
from tests.hearing import FIRST, SECOND, louder

pytestmark = pytest.mark.slow

CONCURRENCY, PAIRS, KILLS = 8, 120, 5


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts `adiff annotate` in a process of its own."""
    pairs = write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-key-0123")

    def call(server: ChatServer, *more: object) -> subprocess.Popen:
        command = [
            "annotate",
            pairs,
            "--out",
            tmp_path / "annotations.jsonl",
            "--model",
            "m",
            "--base-url",
            server.url,
            *more,
        ]
        return subprocess.Popen(
            [sys.executable, "-m", "pipelines", *map(str, command), "--concurrency", str(CONCURRENCY)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return call


@pytest.fixture
def recordings(tmp_path) -> Path:
    """The recordings of the pairs, of which the odd ones are the louder ones."""
    folder = tmp_path / "recordings" / "Demo" / "s"
    folder.mkdir(parents=True)
    for number in range(PAIRS + 1):
        samples = np.random.default_rng(number).normal(0, 0.3 if number % 2 else 0.05, 800).clip(-1, 1)
        soundfile.write(folder / f"{number}.wav", samples, 8_000)
    return tmp_path / "recordings"


def wait_for(server: ChatServer, requests: int) -> None:
    until = time.monotonic() + 30
    while len(server.requests) < requests and time.monotonic() < until:
        time.sleep(0.002)


def ids(path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_kills_at_random_moments(start, tmp_path):
    stream = random.Random(7)
    path = tmp_path / "annotations.jsonl"
    with ChatServer(latency=0.02) as server:
        for _ in range(KILLS):
            process = start(server)
            wait_for(server, len(server.requests) + stream.randint(1, 30))
            time.sleep(stream.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        process = start(server)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert "360 rows" in out
        assert max(Counter(ids(path)).values()) == 1
        assert len(ids(path)) == 3 * PAIRS
        assert len(server.requests) <= 3 * PAIRS + KILLS * CONCURRENCY


def test_what_was_heard_is_right_after_kills_too(start, tmp_path, recordings):
    stream = random.Random(8)
    hears = ("--hear", "both", "--audio-root", recordings, "--no-facts", "--tiers", "fewwords")
    with ChatServer(script=louder, latency=0.05) as server:
        for _ in range(2):
            process = start(server, *hears)
            wait_for(server, len(server.requests) + stream.randint(10, 30))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        process = start(server, *hears)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert len(server.requests) <= PAIRS + 2 * CONCURRENCY
    rows = [json.loads(line) for line in (tmp_path / "annotations.jsonl").read_text(encoding="utf-8").splitlines()]
    answer_of = {row["filepath1"]: row["answer"] for row in rows}
    assert len(rows) == len(answer_of) == PAIRS
    assert all(answer_of[f"Demo/s/{number}.wav"] == (FIRST if number % 2 else SECOND) for number in range(PAIRS))


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_finishes_what_is_in_flight_and_says_how_to_go_on(start, tmp_path, kind):
    with ChatServer(latency=0.3) as server:
        process = start(server)
        wait_for(server, 2 * CONCURRENCY)
        process.send_signal(kind)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "the same command goes on" in err.splitlines()[-1]
        assert len(ids(tmp_path / "annotations.jsonl")) == server.answered == len(server.requests)
    assert json.loads((tmp_path / "run.json").read_text())["state"] == "stopped"


def test_two_runs_on_one_output_cannot_be(start, tmp_path):
    with ChatServer(latency=2.0) as server:  # the first run is at work however long the second takes to start
        first = start(server)
        wait_for(server, 5)
        second = start(server)
        _, err = second.communicate(timeout=30)
        server.latency = 0.0
        assert second.returncode == 2
        assert "another process is writing this file" in err
        assert first.communicate(timeout=60)[0]
        assert len(server.requests) == 3 * PAIRS
