"""Files of answers that come back from raters whom no server reached: of HTML files, and of Label Studio."""

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, ValidationError

from adiff_data.core.arguments import as_list, checks_arguments
from adiff_data.core.errors import InputError, one_line
from adiff_data.core.text_files import read_json
from adiff_data.core.validation import first_fault
from adiff_data.studies.answers import LONGEST_COMMENT, RaterStanding, StudyEvent
from adiff_data.studies.label_studio import exported_answers
from adiff_data.studies.plan import Study, read_plan
from adiff_data.studies.store import StudyStore

_FILE = "file"  # begins what raters are called of whom a file is all that is known


class FileAnswer(BaseModel):
    """An answer to one trial."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trial: int = Field(ge=0)
    key: str = Field(min_length=8, max_length=64)
    values: dict[str, int]
    comment: str = Field(default="", max_length=LONGEST_COMMENT)
    seconds: NonNegativeFloat | None = None
    time: NonNegativeFloat


class AnswerFile(BaseModel):
    """What one rater said.

    Attributes:
        study: the id of the study.
        sheet: theirs, from 0.
        rater: made by their browser, so that a file which comes twice counts once.
        consented: when they agreed to take part, in seconds since 1970.
        answers: in the order of the sheet's trials.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    study: str
    sheet: int = Field(ge=0)
    rater: str = Field(min_length=1, max_length=64)
    consented: NonNegativeFloat | None
    answers: tuple[FileAnswer, ...]


@checks_arguments
def import_answers(folder: str | Path, files: str | Path | Sequence[str | Path], *, another_rater: bool = False) -> int:
    """Takes in files of answers that raters sent back; those of a file that was taken in before count once.

    Whoever answers their page in a second browser saves a file that looks like another rater's. So what a page saved is
    refused where the same page was answered in another browser before.

    Args:
        folder: the study's.
        files: each what a rater's page saved, or what Label Studio exported as JSON.
        another_rater: take such a file as the answers of one more rater, who was sent the same page.

    Returns:
        how many answers are new.

    Raises:
        InputError: a file is none, is of another study, comes from a second browser, or has answers that there are not.
            Those before it are kept.
    """
    study = read_plan(Path(folder))
    with StudyStore.of_study(Path(folder), study) as store:
        return sum(_take_file(store, study, path, another_rater) for path in map(Path, as_list(files)))


def _take_file(store: StudyStore, study: Study, path: Path, another_rater: bool) -> int:
    """Takes in what a page saved, or an export of Label Studio: an array of tasks, which knows its annotators."""
    content = read_json(path)
    has_annotators = isinstance(content, list)
    try:
        contents = exported_answers(study, content) if has_annotators else [content]
        read = [AnswerFile.model_validate(each) for each in contents]
    except ValidationError as fault:
        name, first = first_fault(fault)
        raise InputError(f"is no file of answers ({name}: {first['msg']})", file=path) from None
    except InputError as fault:
        raise InputError(fault.message, file=path) from None
    return sum(_take(store, study, answers, path, has_annotators or another_rater) for answers in read)


def _take(store: StudyStore, study: Study, file: AnswerFile, path: Path, may_share: bool) -> int:
    """Keeps what a file has beyond what is kept of its rater.

    Args:
        may_share: somebody else may have answered the same sheet.
    """
    if file.study != study.id or file.sheet >= len(study.sheets):
        raise InputError("has answers to another study", file=path)
    name = f"{_FILE} {file.rater}"
    rater = store.rater(name)
    if rater is not None and store.raters()[rater] != file.sheet:
        raise InputError("has answers to another sheet than this rater's", file=path)
    if rater is None and not may_share and store.has_rater_of(file.sheet, f"{_FILE} "):
        raise InputError(
            f"page {file.sheet + 1} was answered in another browser too, and one rater counts once",
            file=path,
            mend="leave this file out, or give `another_rater=True` if it is another person's",
        )
    standing = _require_answers(study, file, path)
    rater = rater or store.add_rater(name, file.sheet)
    kept = RaterStanding()
    for event in (event for event in store.events() if event.rater == rater):
        kept.take(event)
    if not kept.consented:
        store.add(StudyEvent(time=file.consented or 0.0, rater=rater, action="consent"))
    both = zip(kept.answers, standing.answers, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0].key == pair[1].key, both))
    new = standing.answers[shared:]
    for answer in kept.answers[shared:] if new else ():  # the rater went back and answered anew
        store.add(StudyEvent(time=answer.time, rater=rater, action="undo"))
    for event in new:
        store.add(event.model_copy(update={"rater": rater}))
    return len(new)


def _require_answers(study: Study, file: AnswerFile, path: Path) -> RaterStanding:
    """A file's answers, each of which could have come from a page."""
    standing = RaterStanding(consented=file.consented is not None)
    for place, answer in enumerate(file.answers, start=1):
        fields = answer.model_dump() | {"comment": one_line(answer.comment, LONGEST_COMMENT)}
        event = StudyEvent(rater=0, action="answer", **fields)
        try:
            standing.require_answer(study, file.sheet, event)
        except InputError as fault:
            raise InputError(f"answer {place}: {fault.message}", file=path) from None
        standing.take(event)
    return standing
