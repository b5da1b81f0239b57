"""The one exception family: what is wrong, in which file and row, and how to mend it."""

from pathlib import Path


class AdiffError(Exception):
    """Something the user should know in one line.

    Args:
        message: what is wrong.
        file: the file it is wrong in, if any.
        row: the line in that file, counted from 1 with the header, as an editor shows it.
        mend: what the user can do about it.
    """

    exit_code = 1

    def __init__(
        self, message: str, *, file: str | Path | None = None, row: int | None = None, mend: str | None = None
    ) -> None:
        self.message, self.file, self.row, self.mend = message, file, row, mend
        place = "" if file is None else f"{file}: " if row is None else f"{file}, row {row}: "
        ending = "" if mend is None else f"; {mend}"
        super().__init__(one_line(f"{place}{message}{ending}"))


class InputError(AdiffError):
    """The call or its input was wrong: nothing was done."""

    exit_code = 2


class WorkError(AdiffError):
    """The work failed on its way: what is done stays done, and the same command goes on."""


def one_line(text: str, limit: int = 400) -> str:
    """`text` on one line of printable characters, cut at `limit`: safe to show on a terminal."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    folded = " ".join(printable.split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
