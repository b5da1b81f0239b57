"""Clips whose events are known: which of AudioSet's classes sound, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from adiff_data.errors import InputError
from adiff_model.events import class_names


@dataclass(frozen=True)
class LabelledEvent:
    """One event: AudioSet's display names for it, its beginning and its end, s."""

    classes: tuple[str, ...]
    onset: float
    offset: float


@dataclass(frozen=True)
class LabelledClip:
    """A recording and its events."""

    audio: str
    events: tuple[LabelledEvent, ...]


def class_places(clips: Sequence[LabelledClip]) -> tuple[int, ...]:
    """The places of all classes that are labelled, in AudioSet's order.

    Raises:
        InputError: AudioSet has no class of such a name.
    """
    place_of = {name: place for place, name in enumerate(class_names())}
    names = {name for clip in clips for event in clip.events for name in event.classes}
    unknown = sorted(names - place_of.keys())
    if unknown:
        raise InputError(f"AudioSet has no class '{unknown[0]}'")
    return tuple(sorted(place_of[name] for name in names))


def activities(clips: Sequence[LabelledClip], frames: int, seconds: float) -> Mapping[str, torch.Tensor]:
    """By recording, which class sounds in which frame: (classes, frames), bool."""
    place_of = {name: place for place, name in enumerate(class_names())}
    found = {}
    for clip in clips:
        active = np.zeros((len(place_of), frames), dtype=bool)
        for event in clip.events:
            span = slice(int(event.onset / seconds * frames), int(np.ceil(event.offset / seconds * frames)))
            active[[place_of[name] for name in event.classes], span] = True
        found[clip.audio] = torch.from_numpy(active)
    return found
