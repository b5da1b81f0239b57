"""`adiff serve`, as a person starts it and ends it."""

import json
import signal
import socket
import subprocess
import sys

import httpx2 as httpx
import pytest

from tests.adiff_model.serving.conftest import audio_part


@pytest.mark.slow
def test_it_answers_until_it_is_interrupted_and_finishes_what_it_has_begun(demo_corpus):
    command = [sys.executable, "-m", "pipelines", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        said = server.stdout.readline()
        assert said.startswith("tiny answers at http://127.0.0.1:")
        url = said.split()[3].rstrip(",")
        parts = [audio_part(path) for path in sorted(demo_corpus.rglob("*.wav"))[:2]]
        parts.append({"type": "text", "text": "explain the difference in few words"})
        asked = {"model": "tiny", "stream": True, "messages": [{"role": "user", "content": parts}]}
        with httpx.stream("POST", f"{url}/chat/completions", json=asked, timeout=60) as answer:
            lines = answer.iter_lines()
            assert json.loads(next(lines).removeprefix("data: "))["model"] == "tiny"
            server.send_signal(signal.SIGINT)
            assert list(filter(None, lines))[-1] == "data: [DONE]"
        out, err = server.communicate(timeout=30)
    assert (server.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_named(adiff):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, _, said = adiff("serve", "--port", port)
    assert status == 2
    assert f"cannot listen at 127.0.0.1, port {port} (" in said
    assert "another --port, or 0 for a free one" in said


def test_a_checkpoint_that_is_missing_is_named(adiff, tmp_path):
    status, _, said = adiff("serve", "--port", 0, "--checkpoint", tmp_path / "gone.ckpt")
    assert (status, "no such checkpoint" in said) == (2, True)
