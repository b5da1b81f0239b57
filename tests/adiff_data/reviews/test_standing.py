"""Who gets which row, and what holds in the end: for any order in which reviewers come, decide, skip and undo."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from adiff_data.reviews.events import OPINIONS, Event
from adiff_data.reviews.standing import HOLD_SECONDS, Standing

ROWS = ("r1", "r2", "r3", "r4")
REVIEWERS = ("anna", "ben", "cleo", "dora")
STEPS = st.lists(
    st.tuples(st.sampled_from(REVIEWERS), st.sampled_from(("accept", "reject", "edit", "skip", "undo"))), max_size=40
)


class Review:
    """A review that is acted out, with a clock of its own."""

    def __init__(self, people: int, rows: tuple[str, ...] = ROWS) -> None:
        self.standing, self.events, self.now = Standing(rows, people), [], 0.0

    def tell(self, reviewer: str, row: str, action: str, **fields: object) -> None:
        event = Event(number=len(self.events) + 1, time=self.now, reviewer=reviewer, row=row, action=action, **fields)
        self.events.append(event)
        self.standing.take(event)

    def get(self, reviewer: str) -> str | None:
        row = self.standing.next_row(reviewer, self.now)
        if row and not self.standing.holds(reviewer, row):
            self.tell(reviewer, row, "give")
        return row

    def act(self, reviewer: str, action: str, answer: str = "Another answer.") -> str | None:
        """The reviewer decides on the row that they get, or undoes what they decided last."""
        if action == "undo":
            row = self.standing.last_decided(reviewer)
            if row:
                self.tell(reviewer, row, "undo")
            return row
        row = self.get(reviewer)
        if row:
            self.tell(reviewer, row, action, answer=answer if action == "edit" else None)
        return row


@given(STEPS, st.integers(1, 3))
def test_no_row_is_given_twice_to_one_reviewer(steps, people):
    review = Review(people)
    for reviewer, action in steps:
        review.act(reviewer, action)
        given_to = Counter((event.reviewer, event.row) for event in review.events if event.action == "give")
        assert all(count == 1 for count in given_to.values())


@given(STEPS, st.integers(1, 3))
def test_a_row_is_asked_of_so_many_people_and_of_one_more_where_they_disagree(steps, people):
    review = Review(people)
    for reviewer, action in steps:
        if action != "undo":
            review.act(reviewer, action)
    for row in ROWS:
        opinions = review.standing.opinions(row)
        assert len(opinions) <= people + 1
        if len(opinions) == people + 1:
            first = Counter(event.opinion for event in opinions[:people])
            assert 2 * first.most_common(1)[0][1] <= people
        assert (review.standing.outcome(row) is None) == (
            len(opinions) < people
            or (len(opinions) == people and 2 * max(Counter(each.opinion for each in opinions).values()) <= people)
        )


@given(STEPS, st.integers(1, 3))
def test_after_a_restart_everything_stands_as_before(steps, people):
    review = Review(people)
    for reviewer, action in steps:
        review.act(reviewer, action)
    again = Standing(ROWS, people)
    for event in review.events:
        again.take(event)
    for row in ROWS:
        assert again.outcome(row) == review.standing.outcome(row)
    for reviewer in REVIEWERS:
        assert again.next_row(reviewer, review.now) == review.standing.next_row(reviewer, review.now)


@given(st.lists(st.tuples(st.sampled_from(REVIEWERS), st.sampled_from(OPINIONS)), max_size=30))
def test_undoing_everything_leaves_nothing(steps):
    review = Review(2)
    for reviewer, action in steps:
        review.act(reviewer, action)
    for reviewer in REVIEWERS:
        while review.act(reviewer, "undo"):
            pass
    assert review.standing.num_done == 0
    assert not any(review.standing.opinions(row) for row in ROWS)


def test_two_who_disagree_are_decided_by_a_third():
    review = Review(2, ("r1",))
    review.act("anna", "accept")
    review.act("ben", "reject")
    assert review.standing.outcome("r1") is None
    assert review.act("anna", "accept") is None
    assert review.act("cleo", "reject") == "r1"
    assert review.standing.outcome("r1").action == "reject"
    assert review.get("dora") is None


def test_where_all_three_differ_the_third_decides():
    review = Review(2, ("r1",))
    review.act("anna", "edit", "Rain falls.")
    review.act("ben", "edit", "A dog barks.")
    review.act("cleo", "edit", "Rain falls, and a dog barks.")
    assert review.standing.outcome("r1").answer == "Rain falls, and a dog barks."


def test_a_row_is_not_given_to_two_at_once_unless_the_first_stays_away():
    review = Review(1, ("r1",))
    assert review.get("anna") == "r1"
    assert review.get("ben") is None
    review.now += HOLD_SECONDS
    assert review.get("ben") == "r1"


def test_a_row_comes_back_at_once_after_an_undo():
    review = Review(1)
    first = review.act("anna", "accept")
    review.get("anna")
    assert review.act("anna", "undo") == first
    assert review.get("anna") == first


def test_who_skips_a_row_does_not_get_it_again_and_somebody_else_does():
    review = Review(1, ("r1",))
    review.act("anna", "skip")
    assert review.get("anna") is None
    assert review.act("ben", "accept") == "r1"
    assert review.standing.num_done == 1
