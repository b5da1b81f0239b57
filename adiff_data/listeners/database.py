"""The database of people who listen, an SQLite file that people can open with any program that reads those.

What is written is on disk before its caller goes on, so that a kill of the process or the machine takes nothing that
was said. Whoever may get in is known by a token, of which only the hash is kept.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Self

from adiff_data.core.errors import InputError, WorkError
from adiff_data.listeners.names import folded

_ABOUT = "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
_FORMAT = "1"


class Database:
    """An open database. One thread at a time writes; what is written is on disk when the call returns.

    Args:
        path: the file.

    Raises:
        InputError: there is no such file, or it is of another kind.
    """

    WHAT: ClassVar = "a database"  # in messages
    SCHEMA: ClassVar = ""  # has a table `keys` of three columns: hash, person, kind

    def __init__(self, path: Path) -> None:
        self.path, self._lock, self._admitting = path, threading.Lock(), threading.Lock()
        if not path.is_file():
            raise InputError("no such file", file=path)
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self.about = dict(self._connection.execute("SELECT name, value FROM about"))
        except sqlite3.DatabaseError as fault:
            raise InputError(f"is no database of {self.WHAT} ({fault})", file=path) from None
        if self.about.get("format") != _FORMAT:
            raise InputError(f"is {self.WHAT} of another version of adiff", file=path)

    @classmethod
    def begin(
        cls, path: Path, about: Mapping[str, str], fill: Callable[[sqlite3.Connection], object] = lambda _: None
    ) -> Self:
        """Makes a new database, whole or not at all.

        Args:
            about: what is kept of it as a whole.
            fill: puts in its first rows.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        beginning = path.with_name(f"{path.name}.new")
        beginning.unlink(missing_ok=True)
        with closing(sqlite3.connect(beginning)) as connection, connection:
            connection.executescript(_ABOUT + cls.SCHEMA)
            connection.executemany("INSERT INTO about VALUES (?, ?)", [("format", _FORMAT), *about.items()])
            fill(connection)
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

    def add_key(self, token: str, name: str, kind: str) -> str:
        """Lets whoever has a token in as the person of a name. Only the token's hash is kept.

        Args:
            kind: `invitation`, or `name` for the token of somebody who entered by their name.

        Returns:
            the person: who had a key under this name before, by their first spelling of it, else the name.
        """
        with self._admitting:
            person = self._known_by(name) or name
            self.execute("INSERT OR REPLACE INTO keys VALUES (?, ?, ?)", [_hash(token), person, kind])
        return person

    def person_of(self, token: str) -> str | None:
        """Who a token lets in, by name; None where nobody."""
        found = self.execute("SELECT * FROM keys WHERE hash = ?", [_hash(token)])
        return str(found[0][1]) if found else None

    def has_invitations(self) -> bool:
        """Whether anybody was invited by a link."""
        return bool(self.execute("SELECT 1 FROM keys WHERE kind = 'invitation' LIMIT 1"))

    def _known_by(self, name: str) -> str | None:
        known = [person for _, person, _ in self.execute("SELECT * FROM keys ORDER BY rowid")]
        return next((person for person in known if folded(person) == folded(name)), None)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows that a statement gives.

        Raises:
            WorkError: the file cannot be read or written.
        """
        with self._lock, self._faults_in_words():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _faults_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as fault:
            raise WorkError(f"cannot be read or written ({fault})", file=self.path) from fault


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
