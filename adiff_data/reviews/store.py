"""The database of a review, `reviews.sqlite`: its rows, who may review, and every event.

People can open it with any program that reads SQLite. An event is on disk before its caller goes on, so that a kill of
the process or the machine takes nothing that was said.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from adiff_data.core.errors import InputError, WorkError
from adiff_data.reviews.events import Event

_FORMAT = "1"
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE answers (id TEXT PRIMARY KEY, place INTEGER NOT NULL, answer TEXT NOT NULL);
CREATE TABLE keys (hash TEXT PRIMARY KEY, reviewer TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE events (
    number INTEGER PRIMARY KEY, time REAL NOT NULL, reviewer TEXT NOT NULL, row TEXT NOT NULL, action TEXT NOT NULL,
    key TEXT, answer TEXT, passed INTEGER, reasons TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL,
    seconds REAL, UNIQUE (reviewer, key)
);
"""
_COLUMNS = tuple(name for name in Event.model_fields if name != "number")


class ReviewStore:
    """An open database. One thread at a time writes; what is written is on disk when the call returns.

    Args:
        path: the file.

    Raises:
        InputError: there is no such file, or it is no database of a review.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._lock = path, threading.Lock()
        if not path.is_file():
            raise InputError("no such file", file=path)
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            about = dict(self._connection.execute("SELECT name, value FROM about"))
        except sqlite3.DatabaseError as fault:
            raise InputError(f"is no database of a review ({fault})", file=path) from None
        if about.get("format") != _FORMAT:
            raise InputError("is a review of another version of adiff", file=path)
        self.people = int(about["people"])

    @classmethod
    def create(cls, path: Path, answers: Iterable[tuple[str, str]], people: int) -> Self:
        """Makes the database of a new review.

        Args:
            answers: the id and the answer of each row, in the order in which they are given.
            people: how many reviewers each row is asked of.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        beginning = path.with_name(f"{path.name}.new")
        beginning.unlink(missing_ok=True)
        with closing(sqlite3.connect(beginning)) as connection, connection:
            connection.executescript(_SCHEMA)
            connection.executemany("INSERT INTO about VALUES (?, ?)", [("format", _FORMAT), ("people", str(people))])
            numbered = ((name, place, answer) for place, (name, answer) in enumerate(answers))
            connection.executemany("INSERT INTO answers VALUES (?, ?, ?)", numbered)
        beginning.replace(path)
        return cls(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the work with it."""
        with self._lock:
            self._connection.close()

    def answers(self) -> dict[str, str]:
        """The answers as they were before the review, by id, in the order in which they are given."""
        return dict(self._execute("SELECT id, answer FROM answers ORDER BY place"))

    def events(self) -> Iterator[Event]:
        """Every event, the first one first."""
        for values in self._execute(f"SELECT number, {', '.join(_COLUMNS)} FROM events ORDER BY number"):
            yield _as_event(("number", *_COLUMNS), values)

    def add(self, event: Event) -> Event:
        """Keeps an event; returns it with its number.

        Raises:
            WorkError: it cannot be written.
        """
        fields = {**event.model_dump(include=set(_COLUMNS)), "reasons": json.dumps(event.reasons, ensure_ascii=False)}
        places = ", ".join("?" * len(_COLUMNS))
        statement = f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({places}) RETURNING number"
        [(number,)] = self._execute(statement, [fields[name] for name in _COLUMNS])
        return event.model_copy(update={"number": number})

    def add_key(self, token: str, reviewer: str, kind: str) -> None:
        """Lets whoever has a token in as a reviewer. Only its hash is kept.

        Args:
            kind: `invitation`, or `name` for the token of somebody who entered by their name.
        """
        self._execute("INSERT OR REPLACE INTO keys VALUES (?, ?, ?)", [_hash(token), reviewer, kind])

    def reviewer_of(self, token: str) -> str | None:
        """Who a token lets in; None where nobody."""
        found = self._execute("SELECT reviewer FROM keys WHERE hash = ?", [_hash(token)])
        return str(found[0][0]) if found else None

    def has_invitations(self) -> bool:
        """Whether anybody was invited by a link."""
        return bool(self._execute("SELECT 1 FROM keys WHERE kind = 'invitation' LIMIT 1"))

    def _execute(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock, self._faults_in_words():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _faults_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as fault:
            raise WorkError(f"cannot be read or written ({fault})", file=self.path) from fault


def _as_event(names: Sequence[str], values: Sequence[Any]) -> Event:
    fields = dict(zip(names, values, strict=True))
    return Event.model_validate({**fields, "reasons": json.loads(fields["reasons"])})


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
