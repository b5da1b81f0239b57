"""Predictions of a whole split, kept as they come: a run that was cut goes on."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import BaseModel, ConfigDict

from adiff_data.core.files import replace_file
from adiff_data.core.json_lines import read_records, write_records
from adiff_data.core.settings import read_settings, require_same_settings
from adiff_model.adiff import Explanation
from adiff_model.events import Event


class Task(BaseModel):
    """What is asked of the model: a pair, a tier and its prompt, and the answers that count as right.

    Attributes:
        caption1, caption2: of the pair, where they are known: what the checks hold an answer against.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    filepath1: str
    filepath2: str
    tier: str
    prompt: str
    references: tuple[str, ...]
    caption1: str = ""
    caption2: str = ""


class Prediction(Task):
    """A line of `predictions.jsonl`.

    Attributes:
        prediction: the answer; empty where `fault` says why.
        events1, events2: AudioSet classes heard in each clip, and their probabilities.
        unheard: classes that the text names and that were heard in neither.
    """

    prediction: str
    events1: tuple[tuple[str, float], ...] = ()
    events2: tuple[tuple[str, float], ...] = ()
    unheard: tuple[str, ...] = ()
    fault: str | None = None


class PredictionFile:
    """`predictions.jsonl`, and beside it `predictions.run.json`: with which settings it is made.

    Predictions are appended when their batch is done; at the end the file is put into the tasks' order. Rows with a
    fault are asked again by the next run.

    Raises:
        InputError: the file was made with other settings and `force` is not given, or is none.
    """

    def __init__(self, path: Path, settings: dict[str, Any], *, force: bool = False) -> None:
        self._path, self._settings_path = path, path.with_suffix(".run.json")
        self._done: dict[str, Prediction] = {}
        if path.exists() and not force:
            mend = "--force begins anew, another --out keeps both"
            require_same_settings(path, read_settings(self._settings_path) or {}, settings, mend=mend)
            self._done = {own.id: own for own in read_records(path, Prediction) if own.fault is None}
        write_records(path, self._done.values(), force=True)
        with replace_file(self._settings_path, force=True) as output:
            output.text.write(json.dumps(settings, indent=2, sort_keys=True) + "\n")

    def __enter__(self) -> "PredictionFile":
        self._file = self._path.open("a", encoding="utf-8")
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()

    def answers(self, task: Task) -> bool:
        """Whether the file holds the answer to a task, as it is asked now."""
        kept = self._done.get(task.id)
        return kept is not None and kept.model_dump(include=set(Task.model_fields)) == task.model_dump()

    def add(self, task: Task, explanation: Explanation) -> None:
        """Keeps a prediction: it is on disk when this returns."""
        prediction = Prediction(
            **task.model_dump(),
            prediction=explanation.text,
            events1=_pairs(explanation.events1),
            events2=_pairs(explanation.events2),
            unheard=explanation.unheard,
            fault=str(explanation.fault) if explanation.fault else None,
        )
        self._done[task.id] = prediction
        self._file.write(prediction.model_dump_json() + "\n")
        self._file.flush()

    def put_in_order(self, tasks: Sequence[Task]) -> None:
        """Rewrites the file in the order of the tasks."""
        write_records(self._path, (self._done[task.id] for task in tasks if task.id in self._done), force=True)


def _pairs(events: Sequence[Event]) -> tuple[tuple[str, float], ...]:
    return tuple((event.name, event.probability) for event in events)
