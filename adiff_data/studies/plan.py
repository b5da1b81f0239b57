"""The plan of a study, `study.json`: what is asked, of which answers, and in which order each rater is given them."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from adiff_data.core.errors import InputError
from adiff_data.core.json_documents import read_document, write_document

StudyKind = Literal["rating", "preference"]
TrialKind = Literal["counted", "practice", "check"]
PLAN_FILE = "study.json"
NO_ANSWER = "(no answer)"
POINTS = (1, 2, 3, 4, 5)
FIRST, SECOND, NEITHER = 1, 2, 0  # of two answers, the one that is preferred
PREFERENCES = (FIRST, NEITHER, SECOND)  # in their order


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(_Record):
    """What raters are asked about each answer, or about two of them; `name` is what tables call it."""

    name: str = Field(min_length=1, max_length=40)
    text: str = Field(min_length=1, max_length=400)


class StudyRow(_Record):
    """Two recordings, what was asked about them, and what each system answered.

    Attributes:
        id: of the row in the dataset.
        filepath1, filepath2: the recordings' published paths.
        answers: by system.
    """

    id: str
    filepath1: str
    filepath2: str
    tier: str
    request: str
    answers: dict[str, str]


class Trial(_Record):
    """What a rater hears and judges at once.

    Attributes:
        row: the id of a row.
        systems: whose answers are shown, the first one first: one to rate, or two to choose from. Of a check none.
        kind: `practice` and `check` (of attention) are not counted.
        right: of a check, the value that its text asks for.
    """

    row: str
    systems: tuple[str, ...] = ()
    kind: TrialKind = "counted"
    right: int | None = None


class Study(_Record):
    """A study.

    Attributes:
        title: what raters see at its top.
        consent: what they agree to before they begin.
        people: how many raters each answer, or each two of them, is given to.
        sheets: for each rater, what they are given, in order. Several may have the same sheet.
        format: of the file.
    """

    format: Literal[1] = 1
    title: str
    kind: StudyKind
    questions: tuple[Question, ...] = Field(min_length=1)
    consent: str
    systems: tuple[str, ...]
    people: int
    seed: int
    rows: tuple[StudyRow, ...]
    sheets: tuple[tuple[Trial, ...], ...]

    @cached_property
    def id(self) -> str:
        """Tells this study from every other: a digest of all that is in it."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def values(self) -> tuple[int, ...]:
        """What a question can be answered with, in its order."""
        return POINTS if self.kind == "rating" else PREFERENCES

    @cached_property
    def row_of(self) -> dict[str, StudyRow]:
        """The rows, by id."""
        return {row.id: row for row in self.rows}

    def texts(self, trial: Trial) -> list[str]:
        """The answers that a trial shows, the first one first."""
        if trial.kind == "check" and trial.right is not None:
            return [_check_text(self.kind, trial.right)] * (1 if self.kind == "rating" else 2)
        answers = self.row_of[trial.row].answers
        return [answers[system] or NO_ANSWER for system in trial.systems]


def read_plan(folder: Path) -> Study:
    """The plan in a study's folder.

    Raises:
        InputError: there is none.
    """
    plan = read_document(folder / PLAN_FILE, Study, "a plan of a study")
    if plan is None:
        raise InputError(f"no study is here: {PLAN_FILE} is missing", file=folder)
    return plan


def write_plan(folder: Path, study: Study, *, force: bool = False) -> None:
    """Writes a plan into a study's folder, which is made where there is none.

    Raises:
        InputError: another study is there, and `force` is not given.
    """
    path = folder / PLAN_FILE
    if path.exists() and not force and read_plan(folder) != study:
        raise InputError(
            "another study is there", file=path, mend="`force=True` overwrites it, another folder keeps it"
        )
    write_document(path, study)


def _check_text(kind: StudyKind, right: int) -> str:
    if kind == "rating":
        return f"This is no description but a check of attention. Please give {right} to every question here."
    which = {FIRST: "the first answer", SECOND: "the second answer", NEITHER: "no difference"}[right]
    return f"These are no descriptions but a check of attention. Please choose: {which}."
