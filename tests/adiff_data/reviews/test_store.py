"""The database: what was said is there after a kill, and can be opened, read and published by others."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError
from adiff_data.core.json_lines import write_records
from adiff_data.reviews.events import Event
from adiff_data.reviews.results import read_reviews, results_of
from adiff_data.reviews.store import ReviewStore

ANSWERS = {"a-detail": "Rain falls in audio 1.", "b-detail": "A dog barks in audio 2.", "c-detail": "Nothing differs."}
KILLED = """
import sys
from pathlib import Path
from adiff_data.reviews.events import Event
from adiff_data.reviews.store import ReviewStore

store = ReviewStore(Path(sys.argv[1]))
for number in range(1000):
    store.add(Event(time=number, reviewer="anna", row="a-detail", action="accept", key=str(number)))
    print(number, flush=True)
"""


@pytest.fixture
def store(tmp_path):
    with ReviewStore.create(tmp_path / "reviews.sqlite", ANSWERS.items(), people=2) as opened:
        yield opened


def say(store: ReviewStore, reviewer: str, row: str, action: str, **fields: object) -> Event:
    return store.add(Event(time=1.0, reviewer=reviewer, row=row, action=action, **fields))


def test_events_come_back_as_they_were_told(store):
    told = say(
        store, "anna", "a-detail", "edit", key="k", answer="Rain.", passed=False, reasons=("form: short",), seconds=2.5
    )
    assert told.number == 1
    assert list(store.events()) == [told]
    assert store.answers() == ANSWERS


def test_people_can_open_it_with_any_program_for_sqlite(store):
    say(store, "anna", "a-detail", "reject", reason="wrong side", comment="audio 2 is silent")
    with sqlite3.connect(store.path) as other:
        assert list(other.execute("SELECT reviewer, action, reason FROM events")) == [("anna", "reject", "wrong side")]


@pytest.mark.slow
def test_what_was_told_survives_a_kill(store):
    command = [sys.executable, "-c", KILLED, str(store.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        told = [next(process.stdout) for _ in range(20)]
        process.send_signal(signal.SIGKILL)
    kept = [event.key for event in store.events()]
    assert kept[: len(told)] == [line.strip() for line in told]


def test_a_token_lets_in_one_reviewer_and_is_not_kept_itself(store):
    store.add_key("a long token", "anna", "invitation")
    assert store.person_of("a long token") == "anna"
    assert store.person_of("another") is None
    assert b"a long token" not in b"".join(path.read_bytes() for path in store.path.parent.iterdir())


def test_results_keep_the_original_and_tell_no_names(store, tmp_path):
    say(store, "anna", "a-detail", "edit", answer="Heavy rain.", passed=True, comment="it is heavy")
    say(store, "ben", "a-detail", "edit", answer="Heavy  rain.", passed=True)
    say(store, "anna", "b-detail", "reject", reason="no dog")
    edited, open_ = results_of(store)
    assert (edited.outcome, edited.original, edited.answer) == ("edit", ANSWERS["a-detail"], "Heavy rain.")
    assert (open_.outcome, open_.answer, len(open_.said)) == (None, ANSWERS["b-detail"], 1)
    write_records(tmp_path / "reviews.jsonl", results_of(store))
    assert "anna" not in (tmp_path / "reviews.jsonl").read_text(encoding="utf-8")
    assert read_reviews(tmp_path / "reviews.jsonl") == read_reviews(store.path)


def test_a_file_of_another_kind_is_told(tmp_path):
    path = tmp_path / "reviews.sqlite"
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 20)
    with pytest.raises(InputError, match=r"reviews\.sqlite: is no database of a review"):
        read_reviews(path)
    with pytest.raises(InputError, match="no such file"):
        read_reviews(Path(tmp_path / "missing.sqlite"))
