"""A review while it goes on: rows are given out, decisions taken in, and each is on disk before its answer leaves."""

import time
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, field_validator

from adiff_data.core.errors import InputError, one_line
from adiff_data.records import Annotation
from adiff_data.reviewing.shown import shown_answer, shown_row, verdict_on, word_difference
from adiff_data.reviews.events import LONGEST_TEXT, Action, Decision, Event
from adiff_data.reviews.standing import Standing
from adiff_data.reviews.store import ReviewStore


class Told(BaseModel):
    """What a reviewer decided on a row, as the page sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: str = Field(max_length=200)
    action: Decision
    key: str = Field(min_length=8, max_length=64)
    answer: str | None = Field(default=None, max_length=LONGEST_TEXT)
    reason: str = Field(default="", max_length=LONGEST_TEXT)
    comment: str = Field(default="", max_length=LONGEST_TEXT)
    seconds: NonNegativeFloat | None = None

    @field_validator("answer", "reason", "comment")
    @classmethod
    def _as_one_line(cls, text: str | None) -> str | None:
        return None if text is None else one_line(text, LONGEST_TEXT)


class Desk:
    """Gives out rows and takes in decisions, for any number of reviewers at once.

    Args:
        store: where everything is kept.
        rows: those of the store's answers, with all that is known of them.
    """

    def __init__(self, store: ReviewStore, rows: Sequence[Annotation]) -> None:
        self._store, self._lock = store, Lock()
        self._rows: Mapping[str, Annotation] = {row.id: row for row in rows}
        self._standing = Standing(list(store.answers()), store.people)
        for event in store.events():
            self._standing.take(event)

    def next_row(self, reviewer: str) -> dict[str, Any]:
        """The row that a reviewer gets, and how far the review is; `row` is None where nothing is left for them."""
        with self._lock:
            row = self._standing.next_row(reviewer, time.time())
            if row and not self._standing.holds(reviewer, row):
                self._keep(reviewer, row, "give")
            progress = {
                "mine": self._standing.num_decided_by(reviewer),
                "done": self._standing.num_done,
                "rows": len(self._rows),
            }
        return {"row": shown_row(self._rows[row]) if row else None, "progress": progress}

    def decide(self, reviewer: str, told: Told) -> None:
        """Keeps a decision. One that is told twice, since its answer was lost on the way, counts once.

        Raises:
            InputError: the reviewer does not have the row, or an edit has no answer or changes nothing.
        """
        fields: dict[str, Any] = told.model_dump(exclude={"row", "action", "answer"})
        if told.action == "edit":
            fields |= self._checked_edit(told)
        with self._lock:
            if self._standing.was_told(reviewer, told.key):
                return
            if not self._standing.holds(reviewer, told.row):
                raise InputError("this row is not yours now")
            self._keep(reviewer, told.row, told.action, **fields)

    def check(self, reviewer: str, row: str, answer: str) -> dict[str, Any]:
        """What the checks say of an edit, and its words beside those of the answer.

        Raises:
            InputError: the reviewer does not have the row.
        """
        if not self.may_hear(reviewer, row):
            raise InputError("this row is not yours now")
        original = self._rows[row]
        edited = original.model_copy(update={"answer": one_line(answer, LONGEST_TEXT)})
        return {"answer": shown_answer(edited), "difference": word_difference(original.answer, edited.answer)}

    def undo(self, reviewer: str) -> bool:
        """Takes the last decision of a reviewer back, so that they get the row again; False where there is none."""
        with self._lock:
            row = self._standing.last_decided(reviewer)
            if row:
                self._keep(reviewer, row, "undo")
            return row is not None

    def may_hear(self, reviewer: str, row: str) -> bool:
        """Whether a row was given to a reviewer."""
        return self._standing.has_seen(reviewer, row)

    def _checked_edit(self, told: Told) -> dict[str, Any]:
        original = self._rows.get(told.row)
        if original is None or not told.answer:
            raise InputError("an edit needs an answer")
        if told.answer == original.answer:
            raise InputError("the answer is as it was; accept it")
        verdict = verdict_on(original.model_copy(update={"answer": told.answer}))
        return {"answer": told.answer, "passed": not verdict.failed, "reasons": verdict.reasons}

    def _keep(self, reviewer: str, row: str, action: Action, **fields: Any) -> None:
        event = Event(time=time.time(), reviewer=reviewer, row=row, action=action, **fields)
        self._standing.take(self._store.add(event))
