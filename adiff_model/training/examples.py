"""What the model is shown: rows of a split as examples of tasks, drawn by seed and step alone.

Since a draw depends on nothing that came before it, a training that was stopped goes on with the same examples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from adiff_data.core.errors import InputError
from adiff_model.training.prompts import PROMPTS, TIER_TASKS, canonical

Item = TypeVar("Item")


@dataclass(frozen=True)
class TrainingRow:
    """A row of a difference dataset whose recordings are here.

    Attributes:
        audio1, audio2: paths of the recordings.
    """

    audio1: str
    audio2: str
    caption1: str
    caption2: str
    tier: str
    answer: str


@dataclass(frozen=True)
class Example:
    """What is asked of two recordings, and the answer."""

    audio1: str
    audio2: str
    task: str
    prompt: str
    answer: str


class Examples:
    """Draws the examples of a split.

    Args:
        shares: how often each task is drawn, over their sum.
        seed: of the draws.

    Raises:
        InputError: a task that has a share has no row.
    """

    def __init__(self, rows: Sequence[TrainingRow], shares: Mapping[str, float], seed: int) -> None:
        by_tier = {tier: [row for row in rows if row.tier == tier] for tier in TIER_TASKS}
        most = max(by_tier.values(), key=len)  # every tier has the same pairs, where none is missing
        self._rows = {task: by_tier.get(task, most) for task in shares if shares[task] > 0}
        empty = [task for task, own in self._rows.items() if not own]
        if empty:
            raise InputError(f"no row to train {empty[0]} from", mend="set its share to 0, or give a split that has it")
        self._tasks = sorted(self._rows)
        weights = np.array([shares[task] for task in self._tasks])
        self._weights = weights / weights.sum()
        self._seed = seed

    def draw(self, count: int, *place: int) -> list[Example]:
        """`count` examples of one task, so that they are about as long; the prompt is one of its paraphrases.

        Args:
            place: step, micro-batch, process: what the draw follows from, beside the seed.
        """
        random = np.random.default_rng((self._seed, *place))
        task = self._tasks[random.choice(len(self._tasks), p=self._weights)]
        rows = self._rows[task]
        picked = [rows[number] for number in random.integers(len(rows), size=count)]
        return [as_example(row, task, PROMPTS[task][random.integers(len(PROMPTS[task]))]) for row in picked]

    def fixed(self, count: int) -> list[list[Example]]:
        """For each task, the same examples every time, spread over the rows, with the canonical prompt."""
        return [
            [as_example(row, task, canonical(task)) for row in spread(self._rows[task], count)] for task in self._tasks
        ]


def as_example(row: TrainingRow, task: str, prompt: str) -> Example:
    """A row as an example of a task."""
    answers = {
        "caption1": row.caption1,
        "caption2": row.caption2,
        "captions": f"Audio 1: {row.caption1} Audio 2: {row.caption2}",
    }
    return Example(row.audio1, row.audio2, task, prompt, answers.get(task, row.answer))


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """At most `count` of `items`, evenly spread."""
    step = max(1, len(items) // count)
    return list(items[::step][:count])
