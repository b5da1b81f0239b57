"""The examples of a call: two recordings and a prompt each."""

import os
from collections.abc import Iterable, Sequence

from adiff_data.core.errors import InputError

Example = Sequence[str | os.PathLike[str]]  # the paths of two recordings, and a prompt
_MEND = "give [[audio1, audio2, prompt], …]"


def read_examples(examples: Iterable[Example]) -> list[tuple[str, str, str]]:
    """The examples, their paths as text.

    Raises:
        InputError: it is one example in place of a list of them, or one is not two paths and a prompt.
    """
    if isinstance(examples, str | bytes | os.PathLike) or not isinstance(examples, Iterable):
        raise InputError(f"examples is a {type(examples).__name__}, not a list of examples", mend=_MEND)
    rows = list(examples)
    if rows and all(isinstance(row, str | os.PathLike) for row in rows):
        raise InputError("examples is one example, not a list of examples", mend=_MEND)
    return [_read_example(row, number) for number, row in enumerate(rows, start=1)]


def _read_example(row: object, number: int) -> tuple[str, str, str]:
    if isinstance(row, str | bytes | os.PathLike) or not isinstance(row, Sequence):
        raise InputError(f"example {number} is a {type(row).__name__}, not two paths and a prompt", mend=_MEND)
    if len(row) != 3:
        raise InputError(f"example {number} has {len(row)} parts, not two paths and a prompt", mend=_MEND)
    audio1, audio2, prompt = row
    for name, path in (("audio 1", audio1), ("audio 2", audio2)):
        if not isinstance(path, str | os.PathLike):
            raise InputError(f"example {number}: {name} is a {type(path).__name__}, not a path", mend=_MEND)
    if not isinstance(prompt, str):
        raise InputError(f"example {number}: the prompt is a {type(prompt).__name__}, not a text", mend=_MEND)
    return os.fspath(audio1), os.fspath(audio2), prompt
