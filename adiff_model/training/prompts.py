"""The prompts of each task, one file each in `requests/`: the first is the published one, which validation and
evaluation use; training draws from it and its paraphrases."""

from collections.abc import Collection
from importlib.resources import files

from adiff_data.tiers import ANSWER_KINDS, TIERS

_ON_REQUEST = tuple(kind for kind in ANSWER_KINDS if kind not in TIERS)  # only where the shares of a step name them


def _requests(task: str) -> tuple[str, ...]:
    text = (files(__package__) / "requests" / f"{task}.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


PROMPTS = {task: _requests(task) for task in (*TIERS, "caption1", "caption2", "captions", *_ON_REQUEST)}


def tasks_to_learn(asked: Collection[str]) -> tuple[str, ...]:
    """The tasks that a training tells apart: tiers and position captions, whatever their shares, and what is asked."""
    return tuple(task for task in PROMPTS if task in asked or task not in _ON_REQUEST)


def canonical(task: str) -> str:
    """The prompt that evaluation uses."""
    return PROMPTS[task][0]
