"""How a review stands after its events: who has which row, what each said, and which row a reviewer gets next."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from adiff_data.reviews.events import OPINIONS, Event

HOLD_SECONDS = 1800.0  # a row that was given and not decided for so long may be given to somebody else


class Standing:
    """A review as it stands.

    Each row is asked of `people` reviewers. Where they disagree, it goes to one more, whose word decides. Nobody gets a
    row again that they decided on, unless they undo it.

    Args:
        rows: the ids, in the order in which they are given.
        people: how many reviewers a row is asked of.
    """

    def __init__(self, rows: Sequence[str], people: int = 1) -> None:
        self._rows, self._people = tuple(rows), people
        self._said: dict[str, dict[str, Event]] = {row: {} for row in rows}  # of each row, by reviewer
        self._holders: dict[str, dict[str, float]] = {row: {} for row in rows}  # of each row, who has had it since when
        self._held: dict[str, dict[str, None]] = defaultdict(dict)  # of each reviewer, the last one last
        self._decided: dict[str, dict[str, None]] = defaultdict(dict)  # of each reviewer, the last one last
        self._done: set[str] = set()
        self._keys: set[tuple[str, str]] = set()

    def take(self, event: Event) -> None:
        """Counts an event; one about a row that is not here says nothing."""
        if event.row not in self._said:
            return
        reviewer, row = event.reviewer, event.row
        if event.key:
            self._keys.add((reviewer, event.key))
        for kept in (self._held[reviewer], self._decided[reviewer]):
            kept.pop(row, None)
        self._said[row].pop(reviewer, None)
        self._holders[row].pop(reviewer, None)
        if event.action in ("give", "undo"):
            self._holders[row][reviewer] = event.time
            self._held[reviewer][row] = None
        else:
            self._said[row][reviewer] = event
            self._decided[reviewer][row] = None
        (self._done.add if self.outcome(row) else self._done.discard)(row)

    def next_row(self, reviewer: str, now: float) -> str | None:
        """The row that a reviewer gets next: the last one that they hold, else the first that needs somebody.

        None where nothing is left for them.
        """
        held = [row for row in self._held[reviewer] if row not in self._done]
        if held:
            return held[-1]
        open_rows = (row for row in self._rows if row not in self._done and reviewer not in self._said[row])
        return next((row for row in open_rows if self._needs(row, now)), None)

    def holds(self, reviewer: str, row: str) -> bool:
        """Whether a row was given to a reviewer, who has not decided on it."""
        return row in self._held[reviewer]

    def has_seen(self, reviewer: str, row: str) -> bool:
        """Whether a row was given to a reviewer, so that they may hear it."""
        return row in self._held[reviewer] or row in self._decided[reviewer]

    def was_told(self, reviewer: str, key: str) -> bool:
        """Whether a decision that was reported with this key is counted already."""
        return (reviewer, key) in self._keys

    def last_decided(self, reviewer: str) -> str | None:
        """The row that a reviewer decided on last, whose decision can be undone."""
        return next(reversed(self._decided[reviewer]), None)

    def opinions(self, row: str) -> list[Event]:
        """What reviewers said of a row, the first one first; skipping says nothing."""
        said = (event for event in self._said[row].values() if event.action in OPINIONS)
        return sorted(said, key=lambda event: event.number)

    def outcome(self, row: str) -> Event | None:
        """The decision that holds for a row; None where too few were asked, or they disagree."""
        return outcome_of(self.opinions(row), self._people)

    @property
    def num_done(self) -> int:
        """How many rows are decided."""
        return len(self._done)

    def num_decided_by(self, reviewer: str) -> int:
        """How many rows a reviewer decided on, those that they skipped included."""
        return len(self._decided[reviewer])

    def _needs(self, row: str, now: float) -> bool:
        """Whether a row that is not done needs one more reviewer now."""
        num_opinions = len(self.opinions(row))
        wanted = max(self._people, num_opinions + 1)
        return num_opinions + sum(now - since < HOLD_SECONDS for since in self._holders[row].values()) < wanted


def outcome_of(opinions: Sequence[Event], people: int) -> Event | None:
    """The decision that holds, among what reviewers said of one row, the first one first.

    Where more than half say the same, it is that. Where they disagree, it is the word of the first who was asked beyond
    `people`; None where nobody was yet.
    """
    if len(opinions) < people:
        return None
    [(opinion, count)] = Counter(event.opinion for event in opinions).most_common(1)
    if 2 * count > len(opinions):
        return next(event for event in opinions if event.opinion == opinion)
    return opinions[people] if len(opinions) > people else None
