"""Composing scenes: which sources, when, how loud and how far, and the clip that follows from it."""

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.demo import signals
from adiff_data.demo.recorded import SPEEDS, play
from adiff_data.demo.sounds import SOURCES

CLIP_SECONDS = 10.0
MOST_SOUNDS = 3  # in a scene
Arrangement = Literal["single", "sequence", "together"]
Distance = Literal["near", "far"]

_LEVELS_DBFS = {"near": (-26.0, -16.0), "far": (-40.0, -32.0)}
_FLOOR_DBFS = -75.0  # a recording is never digital silence
_EDGE_SECONDS = 0.03


class Event(BaseModel):
    """One sound in a clip: times in seconds, level in dBFS (RMS while it sounds).

    Attributes:
        recording: the file that it is taken from; None where it is synthesized.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    onset: float
    offset: float
    distance: Distance
    level_dbfs: float
    parameters: dict[str, float]
    recording: str | None = None


class Scene(BaseModel):
    """What is put into a clip; `seed` draws the noise of its sounds."""

    model_config = ConfigDict(frozen=True)

    arrangement: Arrangement
    events: tuple[Event, ...]
    seed: int


def compose(
    stream: Seeded, recordings: Mapping[str, Sequence[str]] | None = None, most_sounds: int = MOST_SOUNDS
) -> Scene:
    """Draws a scene of one to `most_sounds` events, in sequence or together, each near or far.

    Args:
        recordings: files by source; a source that has some is taken from one of them.
    """
    recordings = recordings or {}
    count = 1 + stream.below(most_sounds)
    arrangement: Arrangement = "single" if count == 1 else stream.choice(("sequence", "together"))
    names = stream.sample(sorted(SOURCES.keys() | recordings.keys()), count)
    spans = _spans(arrangement, count, stream)
    events = tuple(
        _event(name, span, recordings.get(name, ()), stream) for name, span in zip(names, spans, strict=True)
    )
    return Scene(arrangement=arrangement, events=events, seed=stream.below(2**31))


def render(scene: Scene, recordings: Path | None = None) -> np.ndarray:
    """The clip of a scene: int16 of shape (320000,), mono at 32 kHz.

    Args:
        recordings: the folder of the recordings that its events name.
    """
    random = np.random.RandomState(scene.seed)
    clip = signals.white_noise(random, CLIP_SECONDS) * _amplitude(_FLOOR_DBFS)
    for event in scene.events:
        sound = _render_event(event, random, recordings)
        start = round(event.onset * signals.SAMPLE_RATE)
        clip[start : start + len(sound)] += sound[: len(clip) - start]
    return np.round(_limited(clip) * 32767).astype(np.int16)


def _spans(arrangement: Arrangement, count: int, stream: Seeded) -> list[tuple[float, float]]:
    if arrangement == "single":
        return [(0.0, CLIP_SECONDS)]
    if arrangement == "together":
        return [(0.0, CLIP_SECONDS)] * count
    share = CLIP_SECONDS / count
    inner = [share * number + stream.between(-0.5, 0.5) for number in range(1, count)]
    edges = [0.0, *inner, CLIP_SECONDS]
    return [(round(start, 2), round(end, 2)) for start, end in itertools.pairwise(edges)]


def _event(name: str, span: tuple[float, float], recordings: Sequence[str], stream: Seeded) -> Event:
    distance: Distance = stream.choice(("near", "near", "far"))
    recording = stream.choice(recordings) if recordings else None
    parameters = {"speed": round(stream.between(*SPEEDS), 3)} if recording else _parameters(name, stream)
    level = round(stream.between(*_LEVELS_DBFS[distance]), 1)
    return Event(
        source=name,
        onset=span[0],
        offset=span[1],
        distance=distance,
        level_dbfs=level,
        parameters=parameters,
        recording=recording,
    )


def _parameters(name: str, stream: Seeded) -> dict[str, float]:
    return {
        parameter.name: round(_from_an_end(parameter.low, parameter.high, stream), 3)
        for parameter in SOURCES[name].parameters
    }


def _from_an_end(low: float, high: float, stream: Seeded) -> float:
    """A value from the lowest or the highest third, so that its word holds."""
    third = (high - low) / 3
    start = low if stream.chance(0.5) else high - third
    return stream.between(start, start + third)


def _render_event(event: Event, random: signals.Random, recordings: Path | None) -> np.ndarray:
    seconds = event.offset - event.onset
    if event.recording and recordings:
        sound = play(recordings / event.recording, seconds, event.parameters["speed"], random)
    else:
        synthesize = SOURCES[event.source].render
        if synthesize is None:
            raise InputError(f"'{event.source}' is not synthesized", mend="name the folder of its recordings")
        sound = synthesize(random, seconds, event.parameters)
    if event.distance == "far":
        sound = signals.far_away(sound, random)
    edge = round(_EDGE_SECONDS * signals.SAMPLE_RATE)
    sound[:edge] *= np.linspace(0, 1, edge)
    sound[-edge:] *= np.linspace(1, 0, edge)
    return sound * _amplitude(event.level_dbfs) / _active_rms(sound)


def _limited(clip: np.ndarray) -> np.ndarray:
    """The clip with peaks above 0.8 bent below 1; what is lower is as it was, so that levels hold."""
    over = np.abs(clip) > 0.8
    bent = 0.8 + 0.19 * np.tanh((np.abs(clip[over]) - 0.8) / 0.19)
    clip[over] = np.sign(clip[over]) * bent
    return clip


def _active_rms(sound: np.ndarray) -> float:
    """The RMS of the 50 ms frames within 20 dB of the loudest, as the level of strokes with gaps between them."""
    frame = signals.SAMPLE_RATE // 20
    whole = len(sound) // frame * frame
    power = (sound[:whole].reshape(-1, frame) ** 2).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() / 100].mean()))


def _amplitude(dbfs: float) -> float:
    return 10 ** (dbfs / 20)
