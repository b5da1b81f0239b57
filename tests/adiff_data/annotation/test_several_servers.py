"""Several servers, or several keys of one: rows are spread over them, and one that takes no more is dropped."""

import json
import logging

import pytest

from adiff_data.annotation.annotate import annotate
from adiff_data.core.errors import InputError, WorkError
from tests.adiff_data.annotation.conftest import sound_pairs, write_pairs
from tests.chat_server import GOOD, ChatServer, error

pytestmark = pytest.mark.usefixtures("fast_retries")


def ask(*servers, count=12, **options):
    urls = [server.url for server in servers]
    return annotate(sound_pairs(count), model="m", base_url=urls, tiers=("fewwords",), **options)


def test_rows_are_spread_over_the_servers_which_the_run_file_names(tmp_path):
    with ChatServer(latency=0.02) as one, ChatServer(latency=0.02) as other:
        rows = ask(one, other, count=30, concurrency=6, out=tmp_path / "annotations.jsonl")
        assert {row.answer for row in rows} == {GOOD}
        assert one.answered + other.answered == 30
        assert min(one.answered, other.answered) >= 8
        assert one.most_in_flight + other.most_in_flight <= 8
        run = json.loads((tmp_path / "run.json").read_text())
        assert run["settings"]["base_url"] == [one.url, other.url]


@pytest.mark.parametrize(
    "refusal",
    [(401, "bad key"), (402, "Insufficient Balance"), (404, "no such model"), (400, "unknown field 'top_k'")],
)
def test_a_server_that_takes_no_request_is_dropped_with_a_word(caplog, refusal):
    with (
        caplog.at_level(logging.WARNING),
        ChatServer(lambda asked: error(*refusal), latency=0.01) as closed,
        ChatServer(latency=0.01) as open_server,
    ):
        rows = ask(closed, open_server, concurrency=4, count=30)
        assert len(closed.requests) <= 8
    assert [row.answer for row in rows] == [GOOD] * 30
    (line,) = [line for line in caplog.messages if "is asked no more" in line]
    assert refusal[1] in line


def test_a_server_that_is_not_there_is_dropped_too(caplog):
    with ChatServer() as gone:
        url = gone.url
    with ChatServer() as server:
        urls = [url, server.url]
        rows = annotate(sound_pairs(8), model="m", base_url=urls, tiers=("fewwords",), patience=1.0)
    assert [row.answer for row in rows] == [GOOD] * 8


def test_where_the_last_server_is_dropped_the_run_ends_with_its_reason():
    with (
        ChatServer(lambda asked: error(401, "bad key")) as one,
        ChatServer(lambda asked: error(402, "no money")) as other,
        pytest.raises(WorkError, match="takes no request"),
    ):
        ask(one, other)


def test_a_busy_server_leaves_its_rows_to_the_others():
    busy = lambda asked: error(429, "slow down", retry_after="30") if asked.number else GOOD  # noqa: E731
    with ChatServer(busy) as one, ChatServer() as other:
        rows = ask(one, other, concurrency=4)
        assert other.answered >= 10
    assert [row.answer for row in rows] == [GOOD] * 12


def test_each_server_gets_its_own_key_and_learns_for_itself():
    def old(asked):
        return error(400, "temperature is not supported") if "temperature" in asked.body else GOOD

    with ChatServer(old, latency=0.01) as one, ChatServer(latency=0.01) as other:
        ask(one, other, api_key=("key-one-1", "key-two-2"), concurrency=4)
        assert set(one.keys) == {"Bearer key-one-1"}
        assert set(other.keys) == {"Bearer key-two-2"}
        assert all("temperature" in body for body in other.requests)


def test_several_keys_of_one_server_are_used_and_one_without_money_is_dropped():
    def script(asked):
        return error(402, "Insufficient Balance") if "poor" in asked.headers["Authorization"] else GOOD

    with ChatServer(script, latency=0.01) as server:
        rows = ask(server, api_key=("key-poor", "key-rich-1", "key-rich-2"), concurrency=6, count=20)
        assert [row.answer for row in rows] == [GOOD] * 20
        assert server.keys["Bearer key-rich-1"] >= 4
        assert server.keys["Bearer key-rich-2"] >= 4


def test_a_run_goes_on_with_some_of_its_servers_or_with_more_and_not_with_others(tmp_path):
    out = tmp_path / "annotations.jsonl"
    with ChatServer() as one, ChatServer() as two, ChatServer() as three:
        ask(one, two, count=3, out=out)
        ask(two, count=5, out=out)
        ask(two, three, count=7, out=out)
        run = json.loads((tmp_path / "run.json").read_text())
        assert run["settings"]["base_url"] == [one.url, two.url, three.url]
        with ChatServer() as another, pytest.raises(InputError, match="base_url"):
            ask(another, count=9, out=out)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"api_key": ("k" * 9, "l" * 9, "m" * 9)}, "2 servers and 3 keys"),
        ({"batch": True, "out": "x.jsonl"}, "one server with one key"),
    ],
)
def test_what_fits_no_server_is_refused_at_once(options, reason):
    urls = ["http://localhost:1/v1", "http://localhost:2/v1"]
    with pytest.raises(InputError, match=reason):
        annotate(sound_pairs(1), model="m", base_url=urls, **options)


def test_the_command_takes_several(adiff, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"key-of-{name}\n")
    pairs = write_pairs(tmp_path / "pairs.jsonl", 8)
    with ChatServer(latency=0.02) as one, ChatServer(latency=0.02) as two:
        servers = ("--base-url", one.url, "--base-url", two.url)
        keys = ("--api-key-file", tmp_path / "one", "--api-key-file", tmp_path / "two")
        status, _, err = adiff("annotate", pairs, "--out", tmp_path / "a.jsonl", "--model", "m", *servers, *keys)
        assert status == 0, err
        assert (set(one.keys), set(two.keys)) == ({"Bearer key-of-one"}, {"Bearer key-of-two"})
