"""`predictions.jsonl`: the model's answers to the rows of a split, appended as they are made."""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from adiff_data.core.errors import InputError
from adiff_data.core.files import keep_backup, replace_file
from adiff_data.core.journal import FileJournal, read_journal
from adiff_data.core.settings import OtherSettingsError, read_settings, require_same_settings
from adiff_data.records import Provenance

_log = logging.getLogger(__name__)
CHECKPOINT, WEIGHTS = "checkpoint", "weights"  # settings: where the model is, and the digest of its files
_MEND = "`force=True` starts over and keeps it as .bak, another `out` keeps both"


class Task(BaseModel):
    """A question to the model: a pair of recordings, a tier and its prompt, with the reference answers.

    Attributes:
        id: of the row in the dataset.
        filepath1, filepath2: the recordings' published paths.
        tier: `fewwords`, `sentence`, `detail` or `similarity`.
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
        left_out: of a grounded answer, what was left out of it and why: words and reason.
        is_fallback: of a grounded answer, whether it was written by rules, since nothing of the model's held.
        fault: why there is no answer, such as a recording that cannot be read.
        provenance: how a model behind a server was asked, and what it heard; None for a checkpoint.
        candidates: how many answers were asked for, of which this is the best; None where one was to be asked for.
    """

    prediction: str
    events1: tuple[tuple[str, float], ...] = ()
    events2: tuple[tuple[str, float], ...] = ()
    unheard: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    is_fallback: bool = False
    fault: str | None = None
    provenance: Provenance | None = Field(default=None, exclude_if=lambda value: value is None)
    candidates: int | None = Field(default=None, exclude_if=lambda value: value is None)


class PredictionFile:
    """`predictions.jsonl`, and beside it `predictions.run.json` with the settings of the run.

    Predictions are appended as soon as they are made, so an interrupted run can be resumed; the end of the `with` block
    puts them in order. Nothing changes on disk before the first prediction is added. Rows of other tasks than those of
    this run stay; rows with a fault are predicted again. A file without any answer is bound to no settings.

    Args:
        path: the file.
        settings: what determines the answers.
        tasks: those of this run.
        split: all tasks of the split, in the order that the file gets.
        force: start over; what is in the file is kept as `.bak`.

    Raises:
        InputError: the file was made with other settings and `force` is not given, or it contains something else.
    """

    def __init__(
        self,
        path: Path,
        settings: Mapping[str, Any],
        *,
        tasks: Sequence[Task],
        split: Sequence[Task],
        force: bool = False,
    ) -> None:
        if path.is_dir():
            raise InputError("is a folder, but a file is needed", file=path)
        self._path, self._settings, self._tasks, self._force = path, settings, tasks, force
        self._order = {task.id: number for number, task in enumerate(split)}
        self._journal = FileJournal(path, Prediction)
        self._predictions = self._read()
        self._has_begun = False

    def __enter__(self) -> Self:
        self._is_new = not self._path.exists()
        self._journal.__enter__()
        self._predictions = self._read()  # another process may have written since
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and (self._has_begun or not self._force):
            self._put_in_order()
        is_empty = self._journal.is_empty()
        self._journal.__exit__(kind, fault, trace)
        if self._is_new and is_empty:
            self._path.unlink(missing_ok=True)

    @property
    def missing(self) -> list[Task]:
        """The tasks of this run to which the file has no answer: none with this prompt and these references."""
        return [task for task in self._tasks if not self._has_answer_to(task)]

    @property
    def predictions(self) -> list[Prediction]:
        """The predictions of this run's tasks, in their order."""
        return [self._predictions[task.id] for task in self._tasks if task.id in self._predictions]

    def add(self, prediction: Prediction) -> None:
        """Appends a prediction; it is on disk when this returns."""
        if not self._has_begun:
            self._begin()
        self._predictions[prediction.id] = prediction
        self._journal.append(prediction)

    def _has_answer_to(self, task: Task) -> bool:
        prediction = self._predictions.get(task.id)
        if prediction is None or prediction.fault is not None:
            return False
        return prediction.model_dump(include=set(Task.model_fields)) == task.model_dump()

    def _read(self) -> dict[str, Prediction]:
        """The predictions that stay, by id, if the file was made with the same settings."""
        if self._force or not self._path.exists():
            return {}
        predictions = {row.id: row for row in read_journal(self._path, Prediction)}
        if all(row.fault is not None for row in predictions.values()):
            return {}
        saved = read_settings(settings_path(self._path))
        if saved is None:
            reason = f"{settings_path(self._path).name}, which tells what it was made with, is not beside it"
            raise OtherSettingsError(reason, file=self._path, mend=_MEND)
        if WEIGHTS in saved and saved[WEIGHTS] == self._settings.get(
            WEIGHTS
        ):  # the same checkpoint, wherever it is now
            saved[CHECKPOINT] = self._settings[CHECKPOINT]
        require_same_settings(self._path, saved, self._settings, mend=_MEND)
        return predictions

    def _begin(self) -> None:
        """Makes the file ready for the first prediction of this run."""
        settings_file = settings_path(self._path)
        if self._force and not self._journal.is_empty():
            if settings_file.exists():
                keep_backup(settings_file)
            self._journal.set_aside()
        for task in self.missing:  # a row with a fault, or of other references
            self._predictions.pop(task.id, None)
        self._journal.rewrite(self._predictions.values())
        with replace_file(settings_file, force=True) as output:
            output.text.write(json.dumps(self._settings, indent=2, sort_keys=True) + "\n")
        self._has_begun = True

    def _put_in_order(self) -> None:
        """Puts the split's rows into its order, and the others behind them."""
        num_others = len(self._predictions.keys() - self._order.keys())
        if num_others:
            _log.warning("%s: of %d rows the split has no task; they stay, behind the others", self._path, num_others)
        rows = sorted(self._predictions.values(), key=lambda row: self._order.get(row.id, len(self._order)))
        if rows:
            self._journal.rewrite(rows)


def settings_path(path: Path) -> Path:
    """The file of settings beside a file of predictions, whatever that is called."""
    return path.with_suffix(".run.json") if path.suffix == ".jsonl" else path.with_name(f"{path.name}.run.json")
