"""A study in Label Studio: its labelling page, its tasks, and the answers in what it exports."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adiff_data.core.errors import InputError
from adiff_data.core.validation import first_fault
from adiff_data.studies.answers import LONGEST_COMMENT
from adiff_data.studies.plan import FIRST, NEITHER, SECOND, Study

_COMMENT = "comment"
_LABELS = {FIRST: "the first", NEITHER: "no difference", SECOND: "the second"}


class _Value(BaseModel):
    choices: tuple[str, ...] = ()
    text: tuple[str, ...] | str = ()


class _Result(BaseModel):
    from_name: str = ""
    value: _Value = Field(default_factory=_Value)


class _Annotation(BaseModel):
    id: int | str
    completed_by: Any = None
    created_at: datetime
    lead_time: float | None = None
    was_cancelled: bool = False
    result: tuple[_Result, ...] = ()


class _TaskData(BaseModel):
    model_config = ConfigDict(extra="ignore")

    study: str
    sheet: int = Field(ge=0)
    trial: int = Field(ge=0)


class _Task(BaseModel):
    """A task as Label Studio exports it (format JSON); what else it has is not read."""

    data: _TaskData
    annotations: tuple[_Annotation, ...] = ()


def labelling_page(study: Study) -> str:
    """The labelling configuration, XML."""
    page = Element("View")
    SubElement(page, "Header", value=study.title)
    SubElement(page, "Text", name="practice", value="$practice")
    for side in (1, 2):
        SubElement(page, "Header", value=f"Audio {side}", size="4")
        SubElement(page, "Audio", name=f"audio{side}", value=f"$audio{side}", hotkey=f"alt+{side}")
    SubElement(page, "Text", name="request", value="$request")
    answers = 1 if study.kind == "rating" else 2
    for place in range(1, answers + 1):
        SubElement(page, "Header", value="Explanation" if answers == 1 else f"Explanation {place}", size="4")
        SubElement(page, "Text", name=f"answer{place}", value=f"$answer{place}")
    for number, question in enumerate(study.questions):
        SubElement(page, "Header", value=f"{question.name}: {question.text}", size="4")
        choices = SubElement(
            page,
            "Choices",
            name=f"question{number}",
            toName="answer1",
            choice="single-radio",
            required="true",
            showInline="true",
        )
        for value in study.values:
            SubElement(choices, "Choice", value=_label(study, value))
    SubElement(
        page, "TextArea", name=_COMMENT, toName="answer1", placeholder="Comment, if you like", maxSubmissions="1"
    )
    indent(page)
    return tostring(page, encoding="unicode") + "\n"


def tasks_of(study: Study, sheet: int, sounds: Mapping[tuple[str, int], str]) -> list[dict[str, Any]]:
    """The tasks of one rater, in their order.

    Args:
        sounds: the address of the recording of a row and a side.
    """
    tasks = []
    for number, trial in enumerate(study.sheets[sheet]):
        data: dict[str, Any] = {"study": study.id, "sheet": sheet, "trial": number}
        data |= {f"audio{side}": sounds[trial.row, side] for side in (1, 2)}
        data |= {f"answer{place}": text for place, text in enumerate(study.texts(trial), start=1)}
        data["request"] = study.row_of[trial.row].request
        data["practice"] = "Practice, not counted" if trial.kind == "practice" else f"{number + 1}"
        tasks.append({"data": data})
    return tasks


def exported_answers(study: Study, tasks: Iterable[object]) -> list[dict[str, Any]]:
    """What each annotator said, as the content of files of answers.

    Raises:
        InputError: something is no task of this study, or has an answer that there is not.
    """
    said: dict[tuple[int, str], dict[int, _Annotation]] = defaultdict(dict)
    for place, content in enumerate(tasks, start=1):
        try:
            task = _Task.model_validate(content)
        except ValidationError as fault:
            name, first = first_fault(fault)
            raise InputError(f"task {place} is none of a study ({name}: {first['msg']})") from None
        if task.data.study != study.id:
            raise InputError(f"task {place} is of another study")
        for annotation in task.annotations:
            said[task.data.sheet, _annotator(annotation.completed_by)][task.data.trial] = annotation
    return [_answers(study, sheet, annotator, by_trial) for (sheet, annotator), by_trial in said.items()]


def _answers(study: Study, sheet: int, annotator: str, by_trial: Mapping[int, _Annotation]) -> dict[str, Any]:
    """A rater's answers in the order of their sheet; what they left out before their last one has no values."""
    rater = f"label studio {sheet} {annotator}"
    begun = min(annotation.created_at.timestamp() for annotation in by_trial.values())
    answers = []
    for trial in range(max(by_trial) + 1):
        annotation = by_trial.get(trial)
        answer: dict[str, Any] = {"trial": trial, "key": f"left out {trial}", "values": {}, "time": begun}
        if annotation:
            answer["key"] = f"annotation {annotation.id}"
            answer["time"] = annotation.created_at.timestamp()
            answer["seconds"] = annotation.lead_time
            answer["values"] = {} if annotation.was_cancelled else _values(study, annotation.result)
            answer["comment"] = _comment(annotation.result)
        answers.append(answer)
    return {"study": study.id, "sheet": sheet, "rater": rater, "consented": begun, "answers": answers}


def _values(study: Study, results: Sequence[_Result]) -> dict[str, int]:
    chosen = {result.from_name: result.value.choices for result in results}
    value_of = {_label(study, value): value for value in study.values}
    values = {}
    for number, question in enumerate(study.questions):
        [label] = chosen.get(f"question{number}") or [""]
        if label not in value_of:
            raise InputError(f"'{label}' is no answer to {question.name}")
        values[question.name] = value_of[label]
    return values


def _comment(results: Sequence[_Result]) -> str:
    texts = [result.value.text for result in results if result.from_name == _COMMENT]
    return " ".join(" ".join([text] if isinstance(text, str) else text) for text in texts)[:LONGEST_COMMENT]


def _label(study: Study, value: int) -> str:
    return str(value) if study.kind == "rating" else _LABELS[value]


def _annotator(completed_by: object) -> str:
    """Tells annotators apart without their names or addresses."""
    number = completed_by.get("id") if isinstance(completed_by, Mapping) else completed_by
    return str(number) if isinstance(number, int) else hashlib.sha256(repr(completed_by).encode()).hexdigest()[:16]
