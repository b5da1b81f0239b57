"""Training examples: rows of a split as examples of tasks, drawn by seed and step alone.

A draw does not depend on earlier draws, so an interrupted training resumes with the same examples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from adiff_data.core.errors import InputError
from adiff_data.tiers import ANSWER_KINDS
from adiff_model.training.prompts import PROMPTS, canonical

Item = TypeVar("Item")


@dataclass(frozen=True)
class TrainingRow:
    """A row of a difference dataset whose recordings are available.

    Attributes:
        audio1, audio2: paths of the recordings.
        weight: how often the row is drawn, relative to others.
    """

    audio1: str
    audio2: str
    caption1: str
    caption2: str
    tier: str
    answer: str
    weight: float = 1.0


@dataclass(frozen=True)
class Example:
    """A prompt about two recordings, and the answer."""

    audio1: str
    audio2: str
    task: str
    prompt: str
    answer: str


def recordings_of(examples: Sequence[Example]) -> tuple[list[str], list[str]]:
    """The recordings of audio 1 and those of audio 2, in the examples' order."""
    return [example.audio1 for example in examples], [example.audio2 for example in examples]


class Examples:
    """Draws the examples of a split.

    Args:
        shares: how often each task is drawn, relative to their sum.
        seed: the seed of the draws.

    Raises:
        InputError: a task with a share has no row.
    """

    def __init__(self, rows: Sequence[TrainingRow], shares: Mapping[str, float], seed: int) -> None:
        by_tier = {tier: [row for row in rows if row.tier == tier] for tier in ANSWER_KINDS}
        longest = max(by_tier.values(), key=len)  # unless some are missing, every tier has the same pairs
        self._rows = {task: by_tier.get(task, longest) for task in shares if shares[task] > 0}
        empty = [task for task, task_rows in self._rows.items() if not task_rows]
        if empty:
            raise InputError(f"no row to train {empty[0]} from", mend="set its share to 0, or give a split that has it")
        self._drawn_up_to = {
            task: np.cumsum([row.weight for row in task_rows]) for task, task_rows in self._rows.items()
        }
        self._tasks = sorted(self._rows)
        weights = np.array([shares[task] for task in self._tasks])
        self._weights = weights / weights.sum()
        self._seed = seed

    @property
    def tasks(self) -> list[str]:
        """The tasks that are drawn."""
        return self._tasks

    def draw(self, count: int, *position: int) -> list[Example]:
        """`count` examples of one task, so that they are of similar length, with paraphrased prompts.

        Args:
            position: step, micro-batch and process, which determine the draw together with the seed.
        """
        random = np.random.default_rng((self._seed, *position))
        task = self._tasks[random.choice(len(self._tasks), p=self._weights)]
        rows, drawn_up_to = self._rows[task], self._drawn_up_to[task]
        indices = np.searchsorted(drawn_up_to, random.random(count) * drawn_up_to[-1], side="right")
        drawn = [rows[min(index, len(rows) - 1)] for index in indices]
        return [as_example(row, task, PROMPTS[task][random.integers(len(PROMPTS[task]))]) for row in drawn]

    def fixed(self, count: int) -> list[list[Example]]:
        """For each task, the same examples every time, evenly spaced over the rows, with the canonical prompt."""
        return [
            [as_example(row, task, canonical(task)) for row in evenly_spaced(self._rows[task], count)]
            for task in self._tasks
        ]


def as_example(row: TrainingRow, task: str, prompt: str) -> Example:
    """A row as an example of a task."""
    answers = {
        "caption1": row.caption1,
        "caption2": row.caption2,
        "captions": f"Audio 1: {row.caption1} Audio 2: {row.caption2}",
    }
    return Example(row.audio1, row.audio2, task, prompt, answers.get(task, row.answer))


def evenly_spaced(items: Sequence[Item], count: int) -> list[Item]:
    """At most `count` of `items`, evenly spaced."""
    step = max(1, len(items) // count)
    return list(items[::step][:count])
