"""Text files of other people: read as UTF-8, or refused with the encoding that they are in."""

import json
from pathlib import Path
from typing import Any

from adiff_data.core.encodings import text_fault
from adiff_data.core.errors import InputError

_TYPE_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a boolean",
}


def read_text(path: Path) -> str:
    """The file as text, without a byte order mark.

    Raises:
        InputError: no such file, or not UTF-8: the row of the first wrong byte and the encoding are named.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file", file=path) from None
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", file=path) from None
    wrong = text_fault(content)
    if wrong is not None:
        row = len(content[: wrong.position + 1].splitlines())
        raise InputError(wrong.reason, file=path, row=row, mend=wrong.mend)
    return content.decode("utf-8-sig")


def json_type(value: Any) -> str:
    """What a value is called in JSON, with its article."""
    return _TYPE_NAMES.get(type(value), "null")


def read_json(path: Path) -> Any:
    """The value in a JSON file.

    Raises:
        InputError: as `read_text`, or it is not JSON: the line and the column are named.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as fault:
        raise InputError(f"not JSON (column {fault.colno}: {fault.msg})", file=path, row=fault.lineno) from None
    except ValueError as fault:  # a number of more than 4300 digits
        raise InputError(f"not JSON ({fault})", file=path) from None
    except RecursionError:
        raise InputError("not JSON (nested too deeply)", file=path) from None
