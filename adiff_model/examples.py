"""The examples of a call: two recordings and a prompt each."""

import os
from collections.abc import Iterable, Sequence

from adiff_data.core.errors import InputError
from adiff_data.core.wording import counted, with_article

Example = Sequence[str | os.PathLike[str]]  # the paths of two recordings, and a prompt
Question = tuple[str, str, str]  # the same as text
_MEND = "give [[audio1, audio2, prompt], …]"


def read_examples(examples: Iterable[Example]) -> list[Question]:
    """The examples, their paths as text.

    Raises:
        InputError: it is one example in place of a list of them, or one is not two paths and a prompt.
    """
    if isinstance(examples, str | bytes | os.PathLike) or not isinstance(examples, Iterable):
        raise InputError(f"examples is {_kind(examples)}, not a list of examples", mend=_MEND)
    rows = list(examples)
    if rows and all(isinstance(row, str | os.PathLike) for row in rows):
        raise InputError("examples is one example, not a list of examples", mend=_MEND)
    return [_read_example(row, number) for number, row in enumerate(rows, start=1)]


def _read_example(row: object, number: int) -> Question:
    if isinstance(row, str | bytes | os.PathLike) or not isinstance(row, Sequence):
        raise _fault(number, f" is {_kind(row)}, not two paths and a prompt")
    if len(row) != 3:
        raise _fault(number, f" has {counted(len(row), 'part', 'parts')}, not two paths and a prompt")
    audio1, audio2, prompt = row
    for name, path in (("audio 1", audio1), ("audio 2", audio2)):
        if not isinstance(path, str | os.PathLike):
            raise _fault(number, f": {name} is {_kind(path)}, not a path")
    if not isinstance(prompt, str):
        raise _fault(number, f": the prompt is {_kind(prompt)}, not a text")
    return os.fspath(audio1), os.fspath(audio2), prompt


def _kind(value: object) -> str:
    return with_article(type(value).__name__)


def _fault(number: int, reason: str) -> InputError:
    return InputError(f"example {number}{reason}", mend=_MEND)
