"""Reading other people's CSV files: each fault named by file and row."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from adiff_data.core.errors import InputError

_LONGEST_FIELD = 2**31 - 1  # csv refuses fields over 128 KiB unless told otherwise


def read_table(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields each row's line number (from 1, the header's) and its fields by name.

    Raises:
        InputError: the file is missing or not UTF-8, a column of `columns` is missing, or a row has
            too few or too many fields.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = reader.fieldnames or []
        missing = [column for column in columns if column not in header]
        if missing:
            found = ", ".join(header) or "nothing"
            raise InputError(f"column '{missing[0]}' is missing", file=path, row=1, mend=f"the header has: {found}")
        for fields in reader:
            if None in fields or None in fields.values():
                raise InputError(
                    f"the row does not have {len(header)} fields as the header has",
                    file=path,
                    row=reader.line_num,
                )
            yield reader.line_num, fields
    except csv.Error as fault:
        raise InputError(f"not readable as CSV ({fault})", file=path, row=reader.line_num) from None


def read_text(path: Path) -> str:
    """The file as text, without a byte order mark.

    Raises:
        InputError: no such file, or not UTF-8 (the row of the first wrong byte is named).
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file", file=path) from None
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", file=path) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        raise InputError(
            f"byte 0x{content[fault.start]:02x} is not UTF-8",
            file=path,
            row=row,
            mend="save the file as UTF-8 (iconv -f latin1 -t utf-8)",
        ) from None
