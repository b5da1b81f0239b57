"""Reproducible random choices: the same key gives the same choices on every machine and version of Python.

Python guarantees a stable sequence across versions for `random.Random.random()` alone, so every other choice is
derived from it here.
"""

import hashlib
import random
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Seeded:
    """A stream of random choices, seeded by a key such as `Seeded(0, "clotho", "evaluation", "random")`."""

    def __init__(self, *key: object) -> None:
        text = "\x1f".join(str(part) for part in key)
        self._random = random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))

    def below(self, limit: int) -> int:
        """An integer from 0 to `limit` - 1."""
        return int(self._random.random() * limit)

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + (high - low) * self._random.random()

    def chance(self, probability: float) -> bool:
        """True with the given probability (0 to 1)."""
        return self._random.random() < probability

    def choice(self, items: Sequence[Item]) -> Item:
        """One of `items`, all equally likely."""
        return items[self.below(len(items))]

    def shuffle(self, items: MutableSequence[Item]) -> None:
        """Shuffles `items` in place (Fisher and Yates)."""
        for last in range(len(items) - 1, 0, -1):
            chosen = self.below(last + 1)
            items[last], items[chosen] = items[chosen], items[last]

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """`count` of `items` without replacement, in random order; all of them if there are fewer."""
        if count * 4 > len(items):
            shuffled = list(items)
            self.shuffle(shuffled)
            return shuffled[:count]
        indices: dict[int, None] = {}  # a set that keeps its order
        while len(indices) < count:
            indices[self.below(len(items))] = None
        return [items[index] for index in indices]
