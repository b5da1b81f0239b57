"""What run.json and the rows say of a run is what was: its model, its server, its money, and no key."""

import json

import pytest

from adiff_data.core.errors import InputError, WorkError
from tests.adiff_data.annotation.conftest import PRICE, write_pairs
from tests.chat_server import GOOD, ChatServer, error

FEW = ("fewwords",)


def run_file(tmp_path) -> dict:
    return json.loads((tmp_path / "run.json").read_text())


def test_settings_that_wrote_no_row_bind_nobody_and_their_money_stays_spent(annotate, rows, tmp_path):
    with ChatServer(lambda asked: "drop") as server:
        with pytest.raises(WorkError):
            annotate(server, 4, FEW, temperature=0.1, patience=0.3, budget=0.5)
        spent = run_file(tmp_path)["maybe_spent"]
        assert spent > 0
        server.script = lambda asked: GOOD
        annotate(server, 4, FEW, temperature=0.9, budget=0.5)
    run = run_file(tmp_path)
    assert run["settings"]["temperature"] == 0.9
    assert {row.provenance.request["temperature"] for row in rows()} == {0.9}
    assert run["maybe_spent"] == pytest.approx(spent)
    assert run["spent"] == pytest.approx(4 * 0.0003)


def test_rows_that_all_failed_bind_nobody_when_they_are_asked_again(annotate, rows, tmp_path):
    with ChatServer(lambda asked: "") as server:
        annotate(server, 3, FEW, max_attempts=1)
        with pytest.raises(InputError, match="made with temperature"):
            annotate(server, 3, FEW, temperature=0.1)
        server.script = lambda asked: GOOD
        annotate(server, 3, FEW, temperature=0.1, retry=True)
    assert run_file(tmp_path)["settings"]["temperature"] == 0.1
    assert run_file(tmp_path)["spent"] == pytest.approx(6 * 0.0003)
    assert [row.answer for row in rows()] == [GOOD] * 3


def test_one_answer_binds_those_that_come_after(annotate):
    with ChatServer(lambda asked: GOOD if asked.number == 0 else "") as server:
        annotate(server, 3, FEW, max_attempts=1, concurrency=1)
        with pytest.raises(InputError, match="made with temperature"):
            annotate(server, 3, FEW, temperature=0.1, retry=True)


def test_beginning_anew_does_not_forget_what_was_spent(annotate, tmp_path):
    with ChatServer() as server:
        annotate(server, 4, FEW)
        annotate(server, 4, FEW, temperature=0.1, force=True)
    assert run_file(tmp_path)["spent"] == pytest.approx(8 * 0.0003)
    assert run_file(tmp_path)["cost"] == pytest.approx(4 * 0.0003)


@pytest.fixture
def call(adiff, tmp_path, monkeypatch):
    """`adiff annotate` on a few pairs; further arguments are options."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-key-0123")

    def run(*options: object, count: int = 2) -> tuple[int, str, str]:
        pairs = write_pairs(tmp_path / "pairs.jsonl", count)
        prices = tmp_path / "prices.json"
        prices.write_text(json.dumps({"m": PRICE.model_dump()}))
        out = tmp_path / "out" / "annotations.jsonl"
        return adiff("annotate", pairs, "--model", "m", "--prices", prices, "--out", out, *options)

    return run


def test_the_server_of_the_environment_is_recorded_and_asked_again(call, adiff, tmp_path, monkeypatch):
    with ChatServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert call()[0] == 0
        assert run_file(tmp_path / "out")["settings"]["base_url"] == server.url
        assert "max_tokens" in server.requests[0]
        monkeypatch.delenv("OPENAI_BASE_URL")
        assert call("--base-url", server.url)[0] == 0
        status, _, err = call()
    assert status == 2
    assert "base_url" in err


@pytest.mark.slow
def test_no_key_of_an_address_a_header_or_a_body_is_written_anywhere(call, tmp_path, caplog):
    def script(asked):
        if asked.number % 3 == 1:
            return error(500, f"{asked.query} {dict(asked.headers)} {asked.body}")
        if asked.number % 3 == 2:
            return error(400, f"{asked.query} {dict(asked.headers)} {asked.body['api_key']}")
        return GOOD

    with ChatServer(script) as server:
        base_url = server.url.replace("http://", "http://me:pass%2Bsecret@") + "?key=query-secret&api-version=1"
        options = ("--base-url", base_url, "--header", "x-team=header-secret", "--concurrency", "1")
        _, out, err = call(*options, "--extra-body", '{"api_key": "body-secret"}')
        assert server.keys["Basic bWU6cGFzcytzZWNyZXQ="] == len(server.requests) > 5
        assert all(body["api_key"] == "body-secret" for body in server.requests)
    files = [path.read_text() for path in (tmp_path / "out").iterdir() if path.is_file()]
    assert any('"extra_body": {\n      "api_key": "[key]"' in text for text in files)
    for text in (out, err, caplog.text, *files):
        assert "secret" not in text
        assert "bWU6cGFzcytzZWNyZXQ" not in text
