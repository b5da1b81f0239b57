"""JSON lines in and out: every fault named by file and row; a cut last line costs that line alone."""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file

_log = logging.getLogger(__name__)
RecordType = TypeVar("RecordType", bound=BaseModel)


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields each line's number (from 1) and object.

    A last line that was cut (no newline behind it, no whole object in it) is named in a warning and left out.

    Raises:
        InputError: the file is missing, or a line is no JSON object or not UTF-8.
    """
    for row, line in _lines(path):
        try:
            yield row, _object(line)
        except ValueError as fault:
            _require_cut(line, f"not a JSON object in UTF-8 ({fault})", path, row)


def read_intact_objects(path: Path) -> Iterator[dict[str, Any]]:
    """Yields each line that is a JSON object and skips all others: for caches, whose lines can be computed again.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    for _, line in _lines(path):
        with suppress(ValueError):
            yield _object(line)


def read_records(path: Path, kind: type[RecordType]) -> Iterator[RecordType]:
    """Yields each line as a `kind`; a cut last line as in `read_objects`.

    Raises:
        InputError: as `read_objects`, or a line lacks a field or has one of another type.
    """
    for row, line in _lines(path):
        try:
            yield kind.model_validate_json(line)
        except ValidationError as fault:
            first = fault.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            reason = f"{field}: {first['msg']}" if field else f"not a JSON object in UTF-8 ({first['msg']})"
            _require_cut(line, reason, path, row)


def write_records(path: Path, records: Iterable[BaseModel], *, force: bool = False) -> str:
    """Writes all records or none; says what became of the file, as `replace_file` does."""
    with replace_file(path, force=force) as output:
        for record in records:
            output.text.write(record.model_dump_json() + "\n")
    return output.outcome


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers."""
    try:
        with path.open("rb") as file:
            yield from ((row, line) for row, line in enumerate(file, start=1) if line.strip())
    except FileNotFoundError:
        raise InputError("no such file", file=path) from None
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", file=path) from None


def _object(line: bytes) -> dict[str, Any]:
    value = json.loads(line.decode())
    if not isinstance(value, dict):
        raise ValueError("it is something else")
    return value


def _require_cut(line: bytes, reason: str, path: Path, row: int) -> None:
    """Only a last line may be broken: then a warning is enough."""
    if line.endswith(b"\n"):
        raise InputError(reason, file=path, row=row)
    _log.warning("%s, row %d: the last line is cut and was left out", path, row)
