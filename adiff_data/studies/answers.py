"""What a rater did: one record an event, and where they stand after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat

from adiff_data.core.errors import InputError
from adiff_data.studies.plan import Study, Trial

LONGEST_COMMENT = 4000  # characters


class StudyEvent(BaseModel):
    """One event.

    Attributes:
        number: its place among all events of the study, from 1.
        time: seconds since 1970.
        rater: their number.
        action: `consent`; `answer`, of the trial that is next; `undo`, which takes the last answer back.
        trial: of an answer, its place in the rater's sheet, from 0.
        key: made by whoever reports the event, so that one which is sent twice counts once.
        values: by question; none where the rater could not judge.
        seconds: how long the trial was looked at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = 0
    time: float
    rater: int
    action: Literal["consent", "answer", "undo"]
    trial: int | None = Field(default=None, ge=0)
    key: str | None = Field(default=None, min_length=8, max_length=64)
    values: dict[str, int] = Field(default_factory=dict)
    comment: str = Field(default="", max_length=LONGEST_COMMENT)
    seconds: NonNegativeFloat | None = None


@dataclass
class RaterStanding:
    """One rater, after some events: whether they agreed to take part, and what they answered, trial by trial."""

    consented: bool = False
    answers: list[StudyEvent] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def take(self, event: StudyEvent) -> None:
        """Counts an event."""
        if event.key:
            self.keys.add(event.key)
        if event.action == "consent":
            self.consented = True
        elif event.action == "undo":
            self.answers.pop()
        else:
            self.answers.append(event)

    def require_answer(self, study: Study, sheet: int, event: StudyEvent) -> None:
        """Makes sure that an answer can be taken.

        Raises:
            InputError: the rater did not agree to take part, it is not of the next trial, or its values are wrong.
        """
        if not self.consented:
            raise InputError("nothing is answered before the consent")
        if event.trial != len(self.answers) or event.trial >= len(study.sheets[sheet]):
            raise InputError("this answer is not of the trial that is next")
        require_values(study, event.values)


def require_values(study: Study, values: Mapping[str, int]) -> None:
    """Makes sure that all questions are answered, or none, with values that there are.

    Raises:
        InputError: they are not.
    """
    if not values:
        return
    names = {question.name for question in study.questions}
    if values.keys() != names or any(value not in study.values for value in values.values()):
        raise InputError("every question needs one of its values")


@dataclass(frozen=True)
class Given:
    """A rater's answer to a trial."""

    rater: int
    trial: Trial
    values: Mapping[str, int]
    seconds: float | None = None
    comment: str = ""


@dataclass(frozen=True)
class RaterAnswers:
    """All that one rater said: the rater's number, their sheet, and their answers in order."""

    rater: int
    sheet: int
    given: tuple[Given, ...]


def answers_of(study: Study, raters: Mapping[int, int], events: Iterable[StudyEvent]) -> list[RaterAnswers]:
    """What each rater said.

    Args:
        raters: by number, their sheet.
        events: the first one first.
    """
    standings = {rater: RaterStanding() for rater in raters}
    for event in events:
        standings[event.rater].take(event)
    return [
        RaterAnswers(
            rater,
            sheet,
            tuple(
                Given(rater, trial, answer.values, answer.seconds, answer.comment)
                for trial, answer in zip(study.sheets[sheet], standings[rater].answers, strict=False)
            ),
        )
        for rater, sheet in raters.items()
    ]
