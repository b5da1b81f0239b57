"""A study while it goes on: each rater gets a sheet, and what they say is on disk before the next trial is shown."""

import time
from threading import Lock
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, field_validator

from adiff_data.core.errors import InputError, one_line
from adiff_data.studies.answers import LONGEST_COMMENT, RaterStanding, StudyEvent
from adiff_data.studies.plan import Study
from adiff_data.studies.store import StudyStore, least_used_sheet
from adiff_data.study_pages.shown import shown_study, shown_trial


class Told(BaseModel):
    """What a rater says of a trial, as the page sends it; no values where they cannot judge."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trial: int = Field(ge=0)
    key: str = Field(min_length=8, max_length=64)
    values: dict[str, int] = Field(default_factory=dict)
    comment: str = Field(default="", max_length=LONGEST_COMMENT)
    seconds: NonNegativeFloat | None = None

    @field_validator("comment")
    @classmethod
    def _as_one_line(cls, text: str) -> str:
        return one_line(text, LONGEST_COMMENT)


class StudyDesk:
    """Gives out trials and takes in answers, for any number of raters at once. Raters are known by name here."""

    def __init__(self, store: StudyStore, study: Study) -> None:
        self._store, self._study, self._lock = store, study, Lock()
        self._shown = shown_study(study)
        self._sheets = store.raters()
        self._standings = {rater: RaterStanding() for rater in self._sheets}
        for event in store.events():
            self._standings[event.rater].take(event)

    def state(self, name: str) -> dict[str, Any]:
        """What a rater sees: the consent, the next trial, or None for it where nothing is left."""
        with self._lock:
            rater = self._rater(name)
        standing, sheet = self._standings[rater], self._study.sheets[self._sheets[rater]]
        place = len(standing.answers)
        shown = standing.consented and place < len(sheet)
        return {
            "rater": name,
            "study": self._shown,
            "consented": standing.consented,
            "done": place,
            "trials": len(sheet),
            "trial": shown_trial(self._study, sheet[place], place) if shown else None,
        }

    def consent(self, name: str) -> None:
        """Keeps that a rater agreed to take part."""
        with self._lock:
            rater = self._rater(name)
            if not self._standings[rater].consented:
                self._keep(StudyEvent(time=time.time(), rater=rater, action="consent"))

    def answer(self, name: str, told: Told) -> None:
        """Keeps an answer. One that is told twice, since the reply to it was lost on the way, counts once.

        Raises:
            InputError: it is not of the rater's next trial, or has other values than there are.
        """
        with self._lock:
            rater = self._rater(name)
            if told.key in self._standings[rater].keys:
                return
            event = StudyEvent(time=time.time(), rater=rater, action="answer", **told.model_dump())
            self._standings[rater].require_answer(self._study, self._sheets[rater], event)
            self._keep(event)

    def undo(self, name: str) -> None:
        """Takes a rater's last answer back.

        Raises:
            InputError: there is none.
        """
        with self._lock:
            rater = self._rater(name)
            if not self._standings[rater].answers:
                raise InputError("nothing to take back")
            self._keep(StudyEvent(time=time.time(), rater=rater, action="undo"))

    def heard_row(self, name: str, trial: str) -> str | None:
        """The row of a trial that a rater has come to; None where it is none."""
        with self._lock:
            rater = self._rater(name)
        standing, sheet = self._standings[rater], self._study.sheets[self._sheets[rater]]
        if not trial.isdecimal() or not standing.consented or int(trial) > len(standing.answers):
            return None
        return sheet[int(trial)].row if int(trial) < len(sheet) else None

    def _rater(self, name: str) -> int:
        """A rater's number; who is new gets a sheet."""
        rater = self._store.rater(name)
        if rater is None:
            sheet = least_used_sheet(self._study, self._store)
            rater = self._store.add_rater(name, sheet)
            self._sheets[rater], self._standings[rater] = sheet, RaterStanding()
        return rater

    def _keep(self, event: StudyEvent) -> None:
        self._standings[event.rater].take(self._store.add(event))
