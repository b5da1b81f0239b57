"""Clips with known events: which of AudioSet's classes sound, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from adiff_data.core.errors import InputError
from adiff_model.events import class_names


@dataclass(frozen=True)
class LabelledEvent:
    """One event.

    Attributes:
        classes: its display names in AudioSet.
        onset, offset: in s.
        aspects: what else is known about it, such as `far`.
    """

    classes: tuple[str, ...]
    onset: float
    offset: float
    aspects: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelledClip:
    """A recording and its events."""

    audio: str
    events: tuple[LabelledEvent, ...]


def class_indices(clips: Sequence[LabelledClip]) -> tuple[int, ...]:
    """The indices of all labelled classes, in AudioSet's order.

    Raises:
        InputError: AudioSet has no class with such a name.
    """
    index_of = {name: index for index, name in enumerate(class_names())}
    names = {name for clip in clips for event in clip.events for name in event.classes}
    unknown = sorted(names - index_of.keys())
    if unknown:
        raise InputError(f"AudioSet has no class '{unknown[0]}'")
    return tuple(sorted(index_of[name] for name in names))


def correctly_detected(
    clips: Sequence[LabelledClip], events: Mapping[str, np.ndarray], threshold: float
) -> frozenset[str]:
    """The recordings of which exactly the true classes are detected, among those that are labelled.

    Args:
        events: by recording, the probabilities of AudioSet's classes.
        threshold: the probability from which a class counts as detected.
    """
    names, indices = class_names(), class_indices(clips)
    true = {clip.audio: {name for event in clip.events for name in event.classes} for clip in clips}
    return frozenset(
        path
        for path, probabilities in events.items()
        if {names[index] for index in indices if probabilities[index] >= threshold} == true.get(path)
    )


def activities(
    clips: Sequence[LabelledClip], classes: Sequence[int], aspects: Sequence[str], frames: int, seconds: float
) -> Mapping[str, torch.Tensor]:
    """By recording, which class sounds in which frame, then which class sounds with each aspect.

    Args:
        classes: their indices in AudioSet.

    Returns:
        ((1 + aspects) x classes, frames) each, bool.
    """
    names = class_names()
    column_of = {names[index]: number for number, index in enumerate(classes)}
    activity = {}
    for clip in clips:
        active = np.zeros((1 + len(aspects), len(column_of), frames), dtype=bool)
        for event in clip.events:
            span = slice(int(event.onset / seconds * frames), int(np.ceil(event.offset / seconds * frames)))
            rows = [0, *(number for number, aspect in enumerate(aspects, start=1) if aspect in event.aspects)]
            for name in event.classes:
                active[rows, column_of[name], span] = True
        activity[clip.audio] = torch.from_numpy(active.reshape(-1, frames))
    return activity
