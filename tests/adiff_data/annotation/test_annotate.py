"""`annotate`, the call: in memory or with a file, by a model or by rules, in a notebook too."""

import asyncio
import json

import pytest

from adiff_data.annotation import rules
from adiff_data.annotation.annotate import IncompleteError, annotate
from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import Facts
from adiff_data.core.errors import AdiffError, InputError, WorkError
from adiff_data.llm import Price
from adiff_data.records import Annotation, annotation_id
from adiff_data.tiers import TIERS
from tests.adiff_data.annotation.conftest import PRICE, sound_pairs, write_pairs
from tests.chat_server import GOOD, ChatServer, all_tiers, error

pytestmark = pytest.mark.usefixtures("fast_retries")


def ids_of(pairs, tiers=tuple(TIERS)) -> list[str]:
    return [annotation_id(pair.id, tier) for pair in pairs for tier in tiers]


def ask(server, pairs, **options) -> list[Annotation]:
    return annotate(pairs, model="m", base_url=server.url, **options)


def test_in_memory_nothing_is_left_on_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pairs = sound_pairs(5)
    with ChatServer(latency=0.01) as server:
        rows = ask(server, iter(pairs))
    assert [row.id for row in rows] == ids_of(pairs)
    assert {row.answer for row in rows} == {GOOD}
    assert rows[0].provenance.tokens_in == 100
    assert list(tmp_path.iterdir()) == []


def test_with_a_file_a_run_that_was_cut_goes_on(tmp_path):
    pairs, out = sound_pairs(6), tmp_path / "annotations.jsonl"
    with ChatServer() as server:
        with pytest.raises(WorkError, match="budget") as caught:
            ask(server, pairs, out=out, price=PRICE, budget=0.008, concurrency=2)
        assert not isinstance(caught.value, IncompleteError)
        there = len(out.read_text().splitlines())
        assert 0 < there < 18
        rows = ask(server, pairs, out=str(out), price=PRICE)
        assert server.answered == 18
        assert ask(server, pairs, out=out, price=PRICE) == rows
        assert server.answered == 18
    assert [row.id for row in rows] == ids_of(pairs)
    assert {row.id for row in rows} == {json.loads(line)["id"] for line in out.read_text().splitlines()}
    assert json.loads((tmp_path / "run.json").read_text())["state"] == "finished"


def test_a_file_of_pairs_serves_as_well(tmp_path):
    path = write_pairs(tmp_path / "pairs.jsonl", 3)
    with ChatServer() as server:
        from_path, from_text = ask(server, path, tiers=("detail",)), ask(server, str(path), tiers="detail")
    assert [row.id for row in from_path] == [row.id for row in from_text] == ids_of(sound_pairs(3), ("detail",))


def test_rows_come_in_the_order_of_the_call_with_those_that_failed():
    pairs = sound_pairs(4)
    bad = lambda asked: "" if "Sound 1<" in asked.body["messages"][1]["content"] else GOOD  # noqa: E731
    with ChatServer(script=bad) as server:
        rows = ask(server, pairs, tiers=("detail", "fewwords"), max_attempts=1, concurrency=3)
    assert [row.id for row in rows] == ids_of(pairs, ("detail", "fewwords"))
    assert [row.provenance.failure for row in rows] == ["empty answer"] * 4 + [None] * 4


def test_an_unfinished_run_in_memory_hands_over_what_is_done():
    pairs = sound_pairs(6)
    with ChatServer() as server, pytest.raises(IncompleteError, match=r"budget of 0\.008 USD") as caught:
        ask(server, pairs, price=PRICE, budget=0.008, concurrency=2)
    assert 0 < len(caught.value.rows) == server.answered < 18
    done = {row.id for row in caught.value.rows}
    assert [row.id for row in caught.value.rows] == [name for name in ids_of(pairs) if name in done]


def test_the_rules_need_no_server():
    pairs = sound_pairs(3)
    rows = annotate(pairs, annotator="rules", tiers=("fewwords",))
    assert [row.answer for row in rows] == [rules.answer(pair, "fewwords") for pair in pairs]


def test_facts_are_told_and_kept():
    class Source:
        def of(self, pair) -> PairFacts | None:
            if pair.filepath1 == "Demo/s/1.wav":
                return None
            sides = (
                Facts(**{**dict.fromkeys(Facts.__dataclass_fields__, 1.0), "loudness": loudness})
                for loudness in (-40.0, -20.0)
            )
            return PairFacts(*sides)

    with ChatServer() as server:
        rows = ask(server, sound_pairs(2), tiers=("detail",), facts=Source(), concurrency=1)
        first, second = (body["messages"][1]["content"] for body in server.requests)
    assert "audio 2 is louder by 20 LU" in first
    assert "louder by" not in second
    assert rows[0].provenance.facts["differences"] == ["audio 2 is louder by 20 LU"]
    assert rows[1].provenance.facts is None


def test_it_runs_where_an_event_loop_is_running():
    async def notebook() -> list[Annotation]:
        return ask(server, sound_pairs(3))

    with ChatServer() as server:
        rows = asyncio.run(notebook())
    assert len(rows) == 9


def test_progress_is_told_at_the_start_and_after_every_row(tmp_path):
    told = []
    with ChatServer() as server:
        ask(server, sound_pairs(2), out=tmp_path / "a.jsonl", tiers=("detail",), price=PRICE, progress=told.append)
        ask(server, sound_pairs(3), out=tmp_path / "a.jsonl", tiers=("detail",), price=PRICE, progress=told.append)
    assert [(each.step, each.done, each.total, each.unit) for each in told] == [
        ("annotate", 0, 2, "rows"),
        ("annotate", 1, 2, "rows"),
        ("annotate", 2, 2, "rows"),
        ("annotate", 2, 3, "rows"),
        ("annotate", 3, 3, "rows"),
    ]
    assert told[1].note == "120 tokens, 0.0003 USD"


def test_a_callback_that_fails_ends_the_call_with_its_own_error():
    def cancel(progress) -> None:
        if progress.done:
            raise InterruptedError("enough")

    with ChatServer() as server, pytest.raises(InterruptedError, match="enough"):
        ask(server, sound_pairs(30), progress=cancel, concurrency=2)


def test_all_tiers_in_one_call():
    with ChatServer(script=all_tiers) as server:
        rows = ask(server, sound_pairs(2), tiers_per_call="all")
        assert len(server.requests) == 2
    assert [row.answer for row in rows] == [f"{GOOD} ({tier})" for tier in TIERS] * 2


def test_more_tiers_are_added_to_a_file_and_fewer_are_no_error(tmp_path):
    out, pairs = tmp_path / "annotations.jsonl", sound_pairs(3)
    with ChatServer() as server:
        ask(server, pairs, out=out, tiers=("fewwords", "sentence"))
        assert [row.tier for row in ask(server, pairs, out=out, tiers=("detail",))] == ["detail"] * 3
        assert server.answered == 9
    assert len(out.read_text().splitlines()) == 9


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"annotator": "oracle"}, "`annotator` should be 'llm' or 'rules', not 'oracle'"),
        ({"tiers": ("haiku",)}, "no tier 'haiku'"),
        ({"tiers": ()}, "no tier"),
        ({"tiers": ("detail", "detail")}, "named twice"),
        ({"tiers_per_call": "two"}, "tiers_per_call"),
        ({"concurrency": 0}, "concurrency"),
        ({"temperature": -1}, "temperature"),
        ({"budget": 1.0}, "price of 'm'"),
        ({"batch": True, "base_url": "http://localhost:1/v1"}, "output file"),
        ({"pairs": []}, "no pairs"),
        ({"pairs": "no/such/file.jsonl"}, "no such file"),
        ({"pairs": sound_pairs(1) * 2}, "appears twice"),
        ({"base_url": None}, "no API key"),
    ],
)
def test_a_wrong_call_is_an_error_of_the_one_family(options, reason, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(InputError, match=reason) as caught:
        annotate(**{"pairs": sound_pairs(1), "model": "m", "base_url": "http://127.0.0.1:1/v1", **options})
    assert isinstance(caught.value, AdiffError)


@pytest.mark.parametrize("out", [None, "annotations.jsonl"])
def test_a_server_that_takes_no_request_is_an_error_of_the_one_family(out, tmp_path):
    with ChatServer(script=lambda asked: error(401, "bad key")) as server, pytest.raises(AdiffError, match="bad key"):
        ask(server, sound_pairs(3), out=out and tmp_path / out)


def test_a_budget_counts_replies_whose_tokens_were_not_counted(tmp_path):
    out = tmp_path / "annotations.jsonl"
    with ChatServer(script=lambda asked: {"text": GOOD, "usage": None}) as server, pytest.raises(WorkError):
        ask(server, sound_pairs(30), out=out, price=Price(input=1.0, output=10.0), budget=0.02)
    assert 0 < json.loads((tmp_path / "run.json").read_text())["maybe_spent"] <= 0.02
