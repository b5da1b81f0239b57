"""What happens in a review: one record an event, so that nothing is ever overwritten and everything can be undone."""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat

from adiff_data.listeners.names import LONGEST_NAME

Opinion = Literal["accept", "edit", "reject"]  # a decision that says something of the answer
Decision = Literal["accept", "edit", "reject", "skip"]
Action = Literal["give", "accept", "edit", "reject", "skip", "undo"]
OPINIONS: tuple[str, ...] = get_args(Opinion)
LONGEST_TEXT = 4000  # characters of an edit, a reason or a comment


class Event(BaseModel):
    """One event.

    Attributes:
        number: its place among all events of the review, from 1.
        time: seconds since 1970.
        reviewer: who it was, by name.
        row: the id of the annotation.
        action: `give` hands the row to the reviewer; the next four are what became of it; `undo` takes the reviewer's
            decision on the row back.
        key: made by whoever reports the decision, so that a report which is sent twice counts once.
        answer: of an edit, the new answer.
        passed: of an edit, whether the new answer passes its checks.
        reasons: of an edit, what the checks say.
        reason: of a rejection, why.
        comment: anything else.
        seconds: how long the row was looked at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = 0
    time: float
    reviewer: str = Field(min_length=1, max_length=LONGEST_NAME)
    row: str
    action: Action
    key: str | None = None
    answer: str | None = None
    passed: bool | None = None
    reasons: tuple[str, ...] = ()
    reason: str = ""
    comment: str = ""
    seconds: NonNegativeFloat | None = None

    @property
    def opinion(self) -> tuple[str, str]:
        """What is said of the answer, so that two can be compared: the action, and the words of an edit."""
        return self.action, " ".join((self.answer or "").split())
