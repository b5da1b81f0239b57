"""Clips whose events are known: which of AudioSet's classes sound, and when."""

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
        classes: AudioSet's display names for it.
        onset, offset: its beginning and its end, s.
        aspects: what else is known of it, such as `far`.
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


def heard_as_they_are(clips: Sequence[LabelledClip], events: Mapping[str, np.ndarray], least: float) -> frozenset[str]:
    """The recordings of which an event head hears all classes that sound, and no other of those that are labelled.

    Args:
        events: by recording, the probabilities of AudioSet's classes.
        least: from which a class is heard.
    """
    names, places = class_names(), class_places(clips)
    there = {clip.audio: {name for event in clip.events for name in event.classes} for clip in clips}
    return frozenset(
        path
        for path, probabilities in events.items()
        if {names[place] for place in places if probabilities[place] >= least} == there.get(path)
    )


def activities(
    clips: Sequence[LabelledClip], classes: Sequence[int], aspects: Sequence[str], frames: int, seconds: float
) -> Mapping[str, torch.Tensor]:
    """By recording, which class sounds in which frame, then which sounds with each aspect.

    Args:
        classes: places among AudioSet's.

    Returns:
        ((1 + aspects) x classes, frames) each, bool.
    """
    names = class_names()
    place_of = {names[place]: number for number, place in enumerate(classes)}
    found = {}
    for clip in clips:
        active = np.zeros((1 + len(aspects), len(place_of), frames), dtype=bool)
        for event in clip.events:
            span = slice(int(event.onset / seconds * frames), int(np.ceil(event.offset / seconds * frames)))
            told = [0, *(number for number, aspect in enumerate(aspects, start=1) if aspect in event.aspects)]
            for name in event.classes:
                active[told, place_of[name], span] = True
        found[clip.audio] = torch.from_numpy(active.reshape(-1, frames))
    return found
