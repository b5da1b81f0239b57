"""The result files of a batch: kept before they are read, since they are paid for; read line by line."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_data.llm.completion import NoCompletion, read_completion
from adiff_data.llm.error_responses import error_in
from adiff_data.llm.reply import Reply

_EXPIRED = frozenset({"batch_expired", "batch_cancelled"})


@dataclass(frozen=True)
class BatchResult:
    """One line of a result file: a reply, or the reason why there is none.

    Attributes:
        id: the question's; None where the line cannot be read.
        unasked: the batch ended before the question was worked on: it was not billed.
    """

    id: str | None
    reply: Reply | None = None
    reason: str | None = None
    unasked: bool = False


def result_path(state_file: Path, batch_id: str, kind: str) -> Path:
    """Where a result file (`output` or `errors`) of a batch is kept: in `annotations.batch.results/`, by the state."""
    folder = state_file.with_name(f"{state_file.stem}.results")
    return folder / f"{re.sub(r'[^A-Za-z0-9-]', '_', batch_id)}.{kind}.jsonl"  # the id is the server's word


def keep_results(path: Path, content: bytes) -> None:
    """Keeps a result file as it came, whole or not at all.

    Raises:
        WorkError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise WorkError(f"cannot be written ({error.strerror})", file=path) from error


def read_results(path: Path) -> Iterator[BatchResult]:
    """Yields the results of a file.

    Only a line feed ends a line: U+2028 and its like may stand in texts as they are.

    Raises:
        WorkError: the file cannot be read.
    """
    try:
        with path.open("rb") as lines:
            for line in lines:
                if line.strip():
                    yield _read_result(line.decode("utf-8-sig", "replace"))
    except OSError as error:
        raise WorkError(f"cannot be read ({error.strerror})", file=path) from error


def _read_result(line: str) -> BatchResult:
    try:
        fields = json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return BatchResult(None)
    if not isinstance(fields, dict) or not isinstance(fields.get("custom_id"), str | int):
        return BatchResult(None)
    question_id = str(fields["custom_id"])
    response = fields.get("response")
    body = response.get("body", response) if isinstance(response, dict) else response
    if isinstance(body, dict | str):
        with suppress(NoCompletion):  # it tells why, below
            return BatchResult(question_id, read_completion(body))
    said = error_in(fields.get("error") or body)
    return BatchResult(question_id, reason=said.message or "no reason given", unasked=bool(said.codes & _EXPIRED))
