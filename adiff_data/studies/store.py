"""The database of a study, `answers.sqlite`: who rates which sheet, and every event."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Self

from adiff_data.core.errors import InputError
from adiff_data.listeners.database import Database
from adiff_data.studies.answers import StudyEvent
from adiff_data.studies.plan import Study

ANSWERS_FILE = "answers.sqlite"
_COLUMNS = tuple(name for name in StudyEvent.model_fields if name != "number")


class StudyStore(Database):
    """An open database of a study, as `Database` has it. Raters' names are here and nowhere else."""

    WHAT: ClassVar = "a study"
    SCHEMA: ClassVar = """
CREATE TABLE raters (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sheet INTEGER NOT NULL);
CREATE TABLE keys (hash TEXT PRIMARY KEY, rater TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE events (
    number INTEGER PRIMARY KEY, time REAL NOT NULL, rater INTEGER NOT NULL, action TEXT NOT NULL, trial INTEGER,
    key TEXT, "values" TEXT NOT NULL, comment TEXT NOT NULL, seconds REAL, UNIQUE (rater, key)
);
"""

    @classmethod
    def of_study(cls, folder: Path, study: Study) -> Self:
        """The database in a study's folder, which is made where there is none.

        Raises:
            InputError: it is of another study.
        """
        path = folder / ANSWERS_FILE
        store = cls(path) if path.exists() else cls.begin(path, {"study": study.id})
        if store.about["study"] != study.id:
            store.close()
            raise InputError("holds the answers to another study", file=path, mend="move it away")
        return store

    def raters(self) -> dict[int, int]:
        """By the rater's number, their sheet."""
        return dict(self.execute("SELECT number, sheet FROM raters ORDER BY number"))

    def rater(self, name: str) -> int | None:
        """The number of somebody who was given a sheet; None where they were not."""
        found = self.execute("SELECT number FROM raters WHERE name = ?", [name])
        return int(found[0][0]) if found else None

    def has_rater_of(self, sheet: int, called: str) -> bool:
        """Whether a sheet was given to somebody whose name begins so."""
        found = self.execute("SELECT name FROM raters WHERE sheet = ?", [sheet])
        return any(name.startswith(called) for [name] in found)

    def add_rater(self, name: str, sheet: int) -> int:
        """Gives somebody a sheet; returns their number."""
        [(number,)] = self.execute("INSERT INTO raters (name, sheet) VALUES (?, ?) RETURNING number", [name, sheet])
        return int(number)

    def events(self) -> Iterator[StudyEvent]:
        """Every event, the first one first."""
        columns = ", ".join(f'"{name}"' for name in ("number", *_COLUMNS))
        for row in self.execute(f"SELECT {columns} FROM events ORDER BY number"):
            fields = dict(zip(("number", *_COLUMNS), row, strict=True))
            yield StudyEvent.model_validate({**fields, "values": json.loads(fields["values"])})

    def add(self, event: StudyEvent) -> StudyEvent:
        """Keeps an event; returns it with its number.

        Raises:
            WorkError: it cannot be written.
        """
        fields = {**event.model_dump(include=set(_COLUMNS)), "values": json.dumps(event.values)}
        columns, places = ", ".join(f'"{name}"' for name in _COLUMNS), ", ".join("?" * len(_COLUMNS))
        statement = f"INSERT INTO events ({columns}) VALUES ({places}) RETURNING number"
        [(number,)] = self.execute(statement, [fields[name] for name in _COLUMNS])
        return event.model_copy(update={"number": number})


def least_used_sheet(study: Study, store: StudyStore) -> int:
    """The sheet that the next rater gets: of those that the fewest have, the first."""
    taken = list(store.raters().values())
    return min(range(len(study.sheets)), key=lambda sheet: (taken.count(sheet), sheet))
