"""Names of people: how long they may be, and when two are one person's."""

import unicodedata

from adiff_data.core.errors import InputError, one_line

LONGEST_NAME = 80


def read_name(text: str) -> str:
    """A name as it is kept, on one line.

    Raises:
        InputError: it is empty or too long.
    """
    name = one_line(text)
    if not name or len(name) > LONGEST_NAME:
        raise InputError(f"'{name}' is no name", mend=f"give one of at most {LONGEST_NAME} characters")
    return name


def folded(name: str) -> str:
    """What two spellings of one person's name share: capitals do not count, nor how accents are encoded."""
    return unicodedata.normalize("NFKC", name).casefold()
