"""`predictions.jsonl`: the model's answers to the rows of a split, appended as they are made."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import BaseModel, ConfigDict

from adiff_data.core.files import replace_file
from adiff_data.core.journal import read_journal
from adiff_data.core.json_lines import write_records
from adiff_data.core.settings import read_settings, require_same_settings


class Task(BaseModel):
    """A question to the model: a pair of recordings, a tier and its prompt, with the reference answers.

    Attributes:
        id: of the row in the dataset.
        filepath1, filepath2: the recordings' published paths.
        tier: `fewwords`, `sentence` or `detail`.
        references: every answer of the dataset to this pair and tier.
        caption1, caption2: the pair's captions, if the dataset has them; evaluation compares answers with them.
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
    """A task and the model's answer to it: one line of `predictions.jsonl`.

    Attributes:
        prediction: the answer; empty if there is none, and `fault` says why.
        events1, events2: the most probable AudioSet classes of each recording, with their probabilities, 0 to 1.
        unheard: AudioSet classes that the answer names although they were detected in neither recording.
        fault: why there is no answer, such as a recording that cannot be read.
    """

    prediction: str
    events1: tuple[tuple[str, float], ...] = ()
    events2: tuple[tuple[str, float], ...] = ()
    unheard: tuple[str, ...] = ()
    fault: str | None = None


class PredictionFile:
    """`predictions.jsonl`, and beside it `predictions.run.json` with the settings of the run.

    Predictions are appended as soon as they are made, so an interrupted run can be resumed; `put_in_order` sorts the
    file at the end. Rows with a fault are predicted again by the next run.

    Raises:
        InputError: the file was made with other settings and `force` is not given, or it contains something else.
    """

    def __init__(self, path: Path, settings: Mapping[str, Any], *, force: bool = False) -> None:
        self._path, settings_path = path, path.with_suffix(".run.json")
        self._predictions: dict[str, Prediction] = {}
        if path.exists() and not force:
            mend = "--force starts over, another --out keeps both"
            require_same_settings(path, read_settings(settings_path) or {}, settings, mend=mend)
            self._predictions = {row.id: row for row in read_journal(path, Prediction) if row.fault is None}
        write_records(path, self._predictions.values(), force=True)
        with replace_file(settings_path, force=True) as output:
            output.text.write(json.dumps(settings, indent=2, sort_keys=True) + "\n")

    def __enter__(self) -> "PredictionFile":
        self._file = self._path.open("a", encoding="utf-8")
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()

    def has_answer_to(self, task: Task) -> bool:
        """Whether the file contains an answer to exactly this task: same prompt, same references."""
        prediction = self._predictions.get(task.id)
        return prediction is not None and prediction.model_dump(include=set(Task.model_fields)) == task.model_dump()

    def add(self, prediction: Prediction) -> None:
        """Appends a prediction; it is on disk when this returns."""
        self._predictions[prediction.id] = prediction
        self._file.write(prediction.model_dump_json() + "\n")
        self._file.flush()

    def predictions(self, tasks: Iterable[Task]) -> list[Prediction]:
        """The predictions of these tasks, in the order of the tasks."""
        return [self._predictions[task.id] for task in tasks if task.id in self._predictions]

    def put_in_order(self, tasks: Sequence[Task]) -> None:
        """Rewrites the file in the order of the tasks."""
        write_records(self._path, self.predictions(tasks), force=True)
