"""Random choices that are the same for the same words, on every machine and Python.

Only `random.Random.random()` is promised to give the same numbers in every version of Python, so the other
choices are made from it here.
"""

import hashlib
import random
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Seeded:
    """A stream of choices named by words, such as `Seeded(0, "clotho", "evaluation", "random")`."""

    def __init__(self, *words: object) -> None:
        name = "\x1f".join(str(word) for word in words)
        self._random = random.Random(int.from_bytes(hashlib.sha256(name.encode()).digest(), "big"))

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        return int(self._random.random() * limit)

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + (high - low) * self._random.random()

    def chance(self, probability: float) -> bool:
        """True with the given probability (0 to 1)."""
        return self._random.random() < probability

    def choice(self, items: Sequence[Item]) -> Item:
        """One of `items`, each as likely."""
        return items[self.below(len(items))]

    def shuffle(self, items: MutableSequence[Item]) -> None:
        """Puts `items` into a random order in place (Fisher and Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """`count` of `items` (all of them, where there are fewer), none twice, in random order."""
        if count * 4 > len(items):
            shuffled = list(items)
            self.shuffle(shuffled)
            return shuffled[:count]
        taken: dict[int, None] = {}
        while len(taken) < count:
            taken[self.below(len(items))] = None
        return [items[place] for place in taken]
