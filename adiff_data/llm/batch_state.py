"""What is known of batches under way, in a file that outlives the process."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from adiff_data.core.json_documents import read_document, write_document


class Earlier(BaseModel):
    """What a question has used in earlier rounds."""

    attempts: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    audio_tokens: int = 0


class BatchNote(BaseModel):
    """What is known of a batch.

    Attributes:
        questions: how many are in it.
        most: what it can cost at most, in US dollars; 0 without a price.
        submitted: when (UTC, ISO 8601).
        status: as it was last seen.
    """

    questions: int = 0
    most: float = 0.0
    submitted: str = ""
    status: str = "submitted"


class BatchState(BaseModel):
    """The content of the state file.

    Attributes:
        marks: the batches under way: their ids by their own names; None until the id is known.
        earlier: what was used without an answer, by the question's id.
        settings: what the questions of these batches are asked with; None in a file of version 0.2.0.
        notes: what is shown of the batches, by their own names.
    """

    model_config = ConfigDict(extra="forbid")

    marks: dict[str, str | None] = {}
    earlier: dict[str, Earlier] = {}
    settings: dict[str, Any] | None = None
    notes: dict[str, BatchNote] = {}

    def begin(self, mark: str, questions: int, most: float) -> None:
        """A batch is about to be made, which can cost so much at most."""
        self.marks[mark] = None
        submitted = datetime.now(UTC).isoformat(timespec="seconds")
        self.notes[mark] = BatchNote(questions=questions, most=most, submitted=submitted)

    def forget(self, mark: str) -> None:
        """A batch is done with."""
        self.marks.pop(mark)
        self.notes.pop(mark, None)

    def names(self) -> str:
        """The ids of the batches under way; those that are not known by their own names."""
        return ", ".join(batch_id or f"marked {mark}" for mark, batch_id in self.marks.items())

    def lines(self) -> list[str]:
        """A line for each batch under way, as it was last seen."""
        lines = []
        for mark, batch_id in self.marks.items():
            note = self.notes.get(mark, BatchNote())
            name = f"batch {batch_id or f'marked {mark}'}"
            lines.append(f"{name}: {note.status}, {note.questions:,} rows, submitted {note.submitted or 'earlier'}")
        return lines


def state_path(rows: Path) -> Path:
    """The state file beside the rows that batches are to fill."""
    return rows.with_name(f"{rows.stem}.batch.json")


def read_state(path: Path) -> BatchState:
    """The state, or an empty one where there is no file.

    Raises:
        InputError: the file is not one.
    """
    mend = "move it away to begin new batches"
    return read_document(path, BatchState, "a state of batches", mend=mend) or BatchState()


def write_state(path: Path, state: BatchState) -> None:
    """Writes the state in one step.

    Raises:
        WorkError: it cannot be written.
    """
    write_document(path, state)
