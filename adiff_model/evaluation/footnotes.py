"""Footnotes: each reason why a score is missing once, under one mark."""

from collections.abc import Iterator
from string import ascii_lowercase

_OF_SPICE = "SPICE: "  # what SPIDEr, which needs SPICE, puts before SPICE's own reason


class Footnotes:
    """Marks reasons in the order in which they are first referred to, and remembers what each is the reason of."""

    def __init__(self) -> None:
        self._subjects: dict[str, list[str]] = {}  # by reason

    def mark(self, reason: str, subject: str) -> str:
        """The mark of a reason: a letter, or a number after the last letter. The same reason has the same mark."""
        reason = reason.removeprefix(_OF_SPICE)
        subjects = self._subjects.setdefault(reason, [])
        if subject not in subjects:
            subjects.append(subject)
        return _mark(list(self._subjects).index(reason))

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Of each footnote its mark, its subjects and the reason."""
        for index, (reason, subjects) in enumerate(self._subjects.items()):
            yield _mark(index), ", ".join(subjects), reason

    def __len__(self) -> int:
        return len(self._subjects)


def _mark(index: int) -> str:
    return ascii_lowercase[index] if index < len(ascii_lowercase) else str(index + 1)
