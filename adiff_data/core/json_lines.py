"""JSON lines through `jsonlines`, with every fault named by file, row and byte."""

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import jsonlines
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.encodings import TextFault, text_fault
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.core.text_files import json_type
from adiff_data.core.validation import first_fault

_log = logging.getLogger(__name__)
RecordType = TypeVar("RecordType", bound=BaseModel)
Item = TypeVar("Item")
_BLANK: dict[str, Any] = {}  # what a blank line is read as
_ONE_A_LINE = "JSON lines have one object on each line; `jq -c` writes them so"


class CutLineError(InputError):
    """The last line of a file ends in the middle of its object, as a process that was killed leaves it."""


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields each line's number (from 1) and object. Blank lines are skipped, and so is a byte order mark.

    Raises:
        InputError: the file is missing, or a line is not a JSON object in UTF-8.
        CutLineError: the last line has no end.
    """
    lines = enumerate(_read(path, _object, skip_empty=False), start=1)
    return ((row, value) for row, value in lines if value is not _BLANK)


def read_intact_objects(path: Path) -> Iterator[dict[str, Any]]:
    """Yields each line that is a JSON object and skips all others: for caches, whose lines can be computed again.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    return _read(path, _object, skip_empty=True, skip_invalid=True)


@checks_arguments
def read_records(path: str | Path, kind: type[RecordType]) -> Iterator[RecordType]:
    """Yields each line as a `kind`.

    Raises:
        InputError, CutLineError: as `read_objects`, or a field is missing or has a value of another type.
    """
    return _read(Path(path), kind.model_validate_json, skip_empty=True)


def without_cut_line(items: Iterator[Item]) -> Iterator[Item]:
    """Yields what `read_objects` or `read_records` yield; a last line that is cut is left out, with a warning.

    For the files that adiff appends to. In any other file a line that is cut means that the file is damaged.
    """
    try:
        yield from items
    except CutLineError as cut:
        _log.warning("%s, row %d: the last line is cut and was left out", cut.file, cut.row)


@checks_arguments
def write_records(path: str | Path, records: Iterable[BaseModel], *, force: bool = False) -> str:
    """Writes all records or none; returns what became of the file, as `replace_file` does."""
    with replace_file(Path(path), force=force) as output, jsonlines.Writer(output.text, dumps=_to_json) as writer:
        writer.write_all(records)
    return output.outcome


def is_cut(line: bytes) -> bool:
    """Whether a line without a newline is the beginning of a JSON object that goes on.

    A machine that lost power may leave zeros where the rest of the line was to stand.
    """
    beginning = line.rstrip(b"\0")
    if not beginning:
        return True
    if not beginning.lstrip().startswith(b"{"):
        return False
    try:
        json.JSONDecoder().raw_decode(beginning.lstrip().decode(errors="replace"))
    except (json.JSONDecodeError, RecursionError):
        return _is_partial(beginning)
    except ValueError:  # a number of more than 4300 digits
        return False
    return False


def _is_partial(line: bytes) -> bool:
    try:
        from_json(line, allow_partial="trailing-strings")
    except ValueError:
        return False
    return True


def _read(
    path: Path, loads: Callable[[str | bytes], Any], *, skip_empty: bool, skip_invalid: bool = False
) -> Iterator[Any]:
    try:
        with path.open("rb") as file:
            try:
                yield from jsonlines.Reader(file, loads=loads).iter(skip_empty=skip_empty, skip_invalid=skip_invalid)
            except jsonlines.InvalidLineError as fault:
                raise _line_error(file, fault) from None
    except FileNotFoundError:
        raise InputError("no such file", file=path) from None
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", file=path) from None


def _object(line: str | bytes) -> dict[str, Any]:
    if not line or line.isspace():
        return _BLANK
    try:
        value = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _to_json(record: BaseModel) -> str:
    return record.model_dump_json() if record else "{}"  # `jsonlines` tries what it is given on an empty dict


def _line_error(file: BinaryIO, fault: jsonlines.InvalidLineError) -> InputError:
    """What is wrong with the line that was just read, and what to do about it."""
    path, row = Path(file.name), fault.lineno
    line = fault.line.encode() if isinstance(fault.line, str) else fault.line
    if is_cut(line):
        if _ends_with_newline(file):
            reason = f"not a JSON object (the line ends inside it, after byte {len(line)})"
            return InputError(reason, file=path, row=row, mend=_ONE_A_LINE)
        return CutLineError(f"not a JSON object (the file ends inside it, after byte {len(line)})", file=path, row=row)
    wrong = _find_text_fault(file, line)
    if wrong is not None:
        return InputError(f"not a JSON object in UTF-8: {wrong.reason}", file=path, row=row, mend=wrong.mend)
    reason, mend = _explain(line, fault.__cause__)
    return InputError(reason, file=path, row=row, mend=mend)


def _ends_with_newline(file: BinaryIO) -> bool:
    """Whether a newline follows the line that was just read."""
    if not file.seekable():
        return True  # a pipe, which nobody appends to
    file.seek(-1, os.SEEK_CUR)
    return file.read(1) == b"\n"


def _find_text_fault(file: BinaryIO, line: bytes) -> TextFault | None:
    """Whether a line is in another encoding than UTF-8; which one is known by the whole file."""
    try:
        line.decode()
    except UnicodeDecodeError:
        pass
    else:
        if b"\0" not in line:
            return None
    if not file.seekable():
        return text_fault(line)
    file.seek(0)
    return text_fault(file.read())


def _explain(line: bytes, cause: BaseException | None) -> tuple[str, str | None]:
    problem = str(cause)
    if isinstance(cause, ValidationError):
        name, first = first_fault(cause)
        problem = first["msg"]
        if name:
            return f"{name}: {problem}", None
    try:
        value = json.loads(line.decode())
    except json.JSONDecodeError as fault:
        return _explain_json(line.decode(), fault)
    except ValueError as fault:  # a number of more than 4300 digits
        return f"not a JSON object ({fault})", None
    except RecursionError:
        return "not a JSON object (nested too deeply)", None
    if isinstance(value, dict):  # JSON that pydantic does not take
        return f"not a JSON object in UTF-8 ({problem})", None
    return f"not a JSON object but {json_type(value)}", _ONE_A_LINE


def _explain_json(text: str, fault: json.JSONDecodeError) -> tuple[str, str | None]:
    byte = len(text[: fault.pos].encode()) + 1
    if text.lstrip().startswith("["):
        return "not a JSON object but the beginning of an array", _ONE_A_LINE
    if fault.msg == "Extra data":
        return f"not a JSON object but several values, the second at byte {byte}", _ONE_A_LINE
    return f"not a JSON object (byte {byte}: {fault.msg})", None
