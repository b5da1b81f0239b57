"""CSV files of other people: every fault named by file and row."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.core.text_files import read_text

_LONGEST_FIELD = 2**31 - 1  # csv refuses fields over 128 KiB unless told otherwise
_FIELD = re.compile(r'(?:"(?:[^"]|"")*"|[^",\r\n][^,\r\n]*)?(?:,|\r\n|\r|\n)')
_DOUBLED = 'a quote inside a quoted field is written twice ("")'


def read_table(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields each row's number (that of its first line; the header is row 1) and its fields by name.

    Raises:
        InputError: the file is missing or not UTF-8, a column of `columns` is missing, a name stands twice in the
            header, a quote is not closed, or a row has too few or too many fields.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    last_line = 0
    try:
        for fields in reader:
            row, last_line = last_line + 1, reader.line_num
            if not fields:
                continue
            if header is None:
                header = fields
                _require_columns(header, columns, path, row)
                continue
            if len(fields) != len(header):
                raise _count_error(fields, header, path, row, last_line)
            yield row, dict(zip(header, fields, strict=True))
    except csv.Error as fault:
        raise _quote_error(text, fault, path, last_line + 1, reader.line_num) from None
    if header is None:
        _require_columns([], columns, path, 1)


def _require_columns(header: Sequence[str], columns: Sequence[str], path: Path, row: int) -> None:
    twice = [name for name, count in Counter(header).items() if count > 1 and name.strip()]
    if twice:
        raise InputError(f"the header has the column '{twice[0]}' twice", file=path, row=row)
    missing = [column for column in columns if column not in header]
    if not missing:
        return
    separator = next((sign for sign in (";", "\t") if len(header) == 1 and sign in header[0]), None)
    if separator:
        reason = f"the columns are separated by {separator!r} and not by commas"
        raise InputError(f"column '{missing[0]}' is missing: {reason}", file=path, row=row)
    names = ", ".join(name if name == name.strip() else f"'{name}'" for name in header) or "nothing"
    raise InputError(f"column '{missing[0]}' is missing", file=path, row=row, mend=f"the header has: {names}")


def _count_error(fields: list[str], header: list[str], path: Path, row: int, last_line: int) -> InputError:
    reason = f"the row has {len(fields)} of the {len(header)} fields that the header has"
    if len(fields) > len(header):
        reason = f"the row has {len(fields)} fields, the header has {len(header)} fields"
    if last_line > row:
        return InputError(f"{reason}; it goes on to row {last_line}", file=path, row=row, mend="is a quote not closed?")
    return InputError(reason, file=path, row=row)


def _quote_error(text: str, fault: csv.Error, path: Path, first_line: int, last_line: int) -> InputError:
    """The error of a quote that is not closed, or has text behind it, with the row in which it opens."""
    record = "".join(islice(io.StringIO(text, newline=""), first_line - 1, last_line))
    position = 0
    while match := _FIELD.match(record, position):
        position = match.end()
    row = first_line + len(re.findall(r"\r\n|\r|\n", record[:position]))
    if not record.startswith('"', position):
        return InputError(f"not readable as CSV ({fault})", file=path, row=last_line)
    if str(fault) == "unexpected end of data":
        return InputError("the quote that opens here is never closed", file=path, row=row, mend=_DOUBLED)
    end = "" if last_line == row else f" in row {last_line}"
    return InputError(f"text follows the quote that opens here and closes{end}", file=path, row=row, mend=_DOUBLED)
