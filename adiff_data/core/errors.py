"""The project's exceptions: what is wrong, in which file and row, and how to fix it."""

from pathlib import Path


class AdiffError(Exception):
    """Something the user should know in one line.

    Args:
        message: what is wrong.
        file: the file at fault, if any.
        row: the row of that file at fault, numbered as an editor shows it: from 1, a header included.
        mend: what the user can do about it.
    """

    exit_code = 1

    def __init__(
        self, message: str, *, file: str | Path | None = None, row: int | None = None, mend: str | None = None
    ) -> None:
        self.message, self.file, self.row, self.mend = message, file, row, mend
        location = "" if file is None else f"{file}: " if row is None else f"{file}, row {row}: "
        advice = "" if mend is None else f"; {mend}"
        super().__init__(one_line(f"{location}{message}{advice}"))


class InputError(AdiffError):
    """The call or its input is wrong; nothing was done."""

    exit_code = 2


class WorkError(AdiffError):
    """The work failed part-way. What was done is kept, and repeating the command resumes from there."""


def one_line(text: str, limit: int = 400) -> str:
    """`text` as one line of printable characters, at most `limit` of them: safe to show on a terminal."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    folded = " ".join(printable.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
