"""The database of a review, `reviews.sqlite`: its rows, who may review, and every event."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

from adiff_data.listeners.database import Database
from adiff_data.reviews.events import Event

_COLUMNS = tuple(name for name in Event.model_fields if name != "number")


class ReviewStore(Database):
    """An open database of a review, as `Database` has it."""

    WHAT: ClassVar = "a review"
    SCHEMA: ClassVar = """
CREATE TABLE answers (id TEXT PRIMARY KEY, place INTEGER NOT NULL, answer TEXT NOT NULL);
CREATE TABLE keys (hash TEXT PRIMARY KEY, reviewer TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE events (
    number INTEGER PRIMARY KEY, time REAL NOT NULL, reviewer TEXT NOT NULL, row TEXT NOT NULL, action TEXT NOT NULL,
    key TEXT, answer TEXT, passed INTEGER, reasons TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL,
    seconds REAL, UNIQUE (reviewer, key)
);
"""

    @classmethod
    def create(cls, path: Path, answers: Iterable[tuple[str, str]], people: int) -> Self:
        """Makes the database of a new review.

        Args:
            answers: the id and the answer of each row, in the order in which they are given.
            people: how many reviewers each row is asked of.
        """
        numbered = ((name, place, answer) for place, (name, answer) in enumerate(answers))
        return cls.begin(
            path,
            {"people": str(people)},
            lambda connection: connection.executemany("INSERT INTO answers VALUES (?, ?, ?)", numbered),
        )

    @property
    def people(self) -> int:
        """How many reviewers each row is asked of."""
        return int(self.about["people"])

    def answers(self) -> dict[str, str]:
        """The answers as they were before the review, by id, in the order in which they are given."""
        return dict(self.execute("SELECT id, answer FROM answers ORDER BY place"))

    def events(self) -> Iterator[Event]:
        """Every event, the first one first."""
        for values in self.execute(f"SELECT number, {', '.join(_COLUMNS)} FROM events ORDER BY number"):
            yield _as_event(("number", *_COLUMNS), values)

    def add(self, event: Event) -> Event:
        """Keeps an event; returns it with its number.

        Raises:
            WorkError: it cannot be written.
        """
        fields = {**event.model_dump(include=set(_COLUMNS)), "reasons": json.dumps(event.reasons, ensure_ascii=False)}
        places = ", ".join("?" * len(_COLUMNS))
        statement = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({places}) RETURNING number"
        [(number,)] = self.execute(statement, [fields[name] for name in _COLUMNS])
        return event.model_copy(update={"number": number})


def _as_event(names: Sequence[str], values: Sequence[Any]) -> Event:
    fields = dict(zip(names, values, strict=True))
    return Event.model_validate({**fields, "reasons": json.loads(fields["reasons"])})
