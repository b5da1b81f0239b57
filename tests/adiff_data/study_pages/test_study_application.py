"""What a study answers to those who ask it without its page."""

import pytest

from tests.asking import Asker


@pytest.fixture
def served(serve):
    return serve()


@pytest.fixture
def anna(served) -> Asker:
    asker = Asker(served.address)
    asker.json("enter", {"name": "anna"})
    return asker


def told(state: dict, value: int = 3, **changes) -> dict:
    """An answer to the trial that a rater is shown."""
    values = {question["name"]: value for question in state["study"]["questions"]}
    return {"trial": state["trial"]["number"], "key": "0123456789abcdef", "values": values} | changes


def test_nothing_is_heard_or_answered_before_the_consent(served, anna):
    state = anna.json("state")
    assert state["trial"] is None
    assert anna.ask("recording/0/1")[0] == 404
    assert anna.ask("answer", {"trial": 0, "key": "0123456789abcdef"})[0] == 409
    assert anna.json("consent", {})["trial"]["number"] == 0
    assert len(served.said("consent")) == 1


def test_only_recordings_of_trials_that_were_reached_are_heard_and_in_ranges(served, anna):
    anna.json("consent", {})
    status, headers, content = anna.ask("recording/0/1", Range="bytes=0-3")
    assert (status, content, headers["content-type"]) == (206, b"RIFF", "audio/wav")
    assert anna.ask("picture/0/2")[2].startswith(b"\xff\xd8")
    assert set(anna.json("gains/0")) == {"1", "2"}
    for path in ("recording/1/1", "recording/0/3", "recording/-1/1", "recording/..%2fanswers.sqlite/1", "recording"):
        assert anna.ask(path)[0] == 404
    assert Asker(served.address).ask("recording/0/1")[0] == 401


def test_the_page_is_told_neither_systems_nor_checks(served, anna):
    state = anna.json("consent", {})
    while trial := state["trial"]:
        assert set(trial) == {"number", "practice", "tier", "request", "answers"}
        state = anna.json("answer", told(state, key=f"key number {trial['number']}"))
    assert state["done"] == state["trials"] == len(served.said())


def test_an_answer_that_is_sent_twice_counts_once(served, anna):
    answer = told(anna.json("consent", {}))
    assert anna.json("answer", answer) == anna.json("answer", answer)
    assert len(served.said()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"trial": 1}, 409),
        ({"values": {"correctness": 3}}, 409),
        ({"values": {"correctness": 3, "granularity": 3, "readability": 6}}, 409),
        ({"rater": "ben"}, 400),
        ({"comment": "x" * 5000}, 400),
        ({"comment": "x" * 100_000}, 413),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_kept(served, anna, changes, status):
    state = anna.json("consent", {})
    assert anna.ask("answer", told(state, **changes))[0] == status
    assert served.said() == []


def test_raters_get_sheets_that_nobody_has_and_come_back_to_their_own(serve):
    served = serve(people=2)
    for name in ("anna", "ben", "cleo", "Anna"):
        Asker(served.address).enter(name).json("state")
    assert served.store.raters() == {1: 0, 2: 1, 3: 2}
    anna = Asker(served.address).enter("anna")
    assert anna.json("consent", {})["rater"] == "anna"
    assert anna.ask("undo", {})[0] == 409


def test_every_answer_is_guarded(served):
    for path in ("", "state", "study.js", "nothing"):
        _, headers, _ = Asker(served.address).ask(path)
        assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
    assert Asker(served.address).ask("state", Host="evil.example")[0] == 400
