"""What a review answers to those who ask it without its page."""

import pytest

from tests.asking import Asker


@pytest.fixture
def review(reviewed):
    return reviewed()


@pytest.fixture
def anna(review) -> Asker:
    asker = Asker(review.address)
    assert asker.json("enter", {"name": "anna"}) == {"person": "anna"}
    return asker


def test_only_recordings_that_were_given_to_somebody_are_heard_and_in_ranges(review, anna):
    row = anna.json("row")["row"]["id"]
    status, headers, content = anna.ask(f"recording/{row}/1", Range="bytes=0-3")
    assert (status, content, headers["content-type"]) == (206, b"RIFF", "audio/wav")
    assert anna.ask(f"picture/{row}/2")[2].startswith(b"\xff\xd8")
    other = next(each.id for each in review.rows if each.id != row)
    for path in (f"recording/{other}/1", f"recording/{row}/3", "recording/..%2f..%2fetc%2fpasswd/1", "recording"):
        assert anna.ask(path)[0] == 404
    assert Asker(review.address).ask(f"recording/{row}/1")[0] == 401


def test_the_cookie_and_every_answer_are_guarded(review):
    asker = Asker(review.address)
    _, headers, _ = asker.ask("enter", {"name": "anna"})
    assert {"HttpOnly", "SameSite=strict"} <= set(headers["set-cookie"].split("; "))
    for path in ("", "row", "review.js", "nothing"):
        _, headers, _ = asker.ask(path)
        assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["[::1]:8016", "127.0.0.2:8016", "LOCALHOST:8016"])
def test_every_address_of_this_machine_alone_is_answered(anna, host):
    assert anna.ask("row", Host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[2001:db8::1]", "0.0.0.0:8016", "["])
def test_requests_for_another_host_are_refused(anna, host):
    assert anna.ask("row", Host=host)[0] == 400


def test_requests_that_another_site_could_send_are_refused(anna):
    assert anna.ask("undo", {}, **{"Content-Type": "text/plain"})[0] == 415


def test_with_invitations_only_their_links_let_people_in(reviewed):
    review = reviewed(by_name=False)
    review.store.add_key("a-long-token", "ben", "invitation")
    asker = Asker(review.address)
    assert asker.ask("enter", {"name": "ben"})[0] == 403
    assert asker.ask("enter", {"token": "another"})[0] == 403
    assert asker.json("enter", {"token": "a-long-token"}) == {"person": "ben"}
    assert asker.json("row")["progress"]["mine"] == 0
    assert [Asker(review.address).ask("enter", {"token": "x"})[0] for _ in range(12)][-1] == 429


def test_whoever_comes_back_is_the_same_person_however_they_write_their_name(review, anna):
    """In a new browser, or by the link that replaces a lost one."""
    row = anna.json("row")["row"]["id"]
    token = "a-new-link"
    assert review.store.add_key(token, "ANNA", "invitation") == "anna"
    for credentials in ({"name": " Anna "}, {"name": "\uff21nna"}, {"token": token}):
        again = Asker(review.address)
        assert again.json("enter", credentials) == {"person": "anna"}
        assert again.json("row")["row"]["id"] == row
    assert review.said() == [("anna", "give", row)]


def test_nobody_enters_without_a_name(review):
    assert [Asker(review.address).ask("enter", {"name": name})[0] for name in ("", " \n", "a" * 81)] == [400] * 3


def test_a_decision_that_is_sent_twice_counts_once(review, anna):
    told = {"row": anna.json("row")["row"]["id"], "action": "accept", "key": "0123456789abcdef"}
    first, again = anna.json("decide", told), anna.json("decide", told)
    assert first == again
    assert len(review.said("accept")) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"action": "edit"}, 409),
        ({"action": "edit", "answer": "x" * 4001}, 400),
        ({"action": "give"}, 400),
        ({"row": "nowhere"}, 409),
        ({"person": "ben"}, 400),
        ({"comment": "x" * 100_000}, 413),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_kept(review, anna, changes, status):
    told = {"row": anna.json("row")["row"]["id"], "action": "accept", "key": "0123456789abcdef"}
    assert anna.ask("decide", told | changes)[0] == status
    assert [action for _, action, _ in review.said()] == ["give"]
