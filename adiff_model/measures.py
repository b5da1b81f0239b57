"""What is measured on a recording beside what the encoder hears of it, and how two recordings compare.

Answers compare: one clip is louder, brighter, busier than the other. An encoder that shall know a sound at any level
and pitch forgets both, so an embedding may end with measures: facts that `adiff_data` measures on the recording, in
units of the difference that `adiff_data.audio.differences` claims from. They are read as differences between the two
clips alone, since a language model would guess at sounds by their own values; and apart from what is heard, which they
would drown.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from adiff_data.audio.differences import (
    BRIGHTER_FACTOR,
    BUSIER_A_SECOND,
    BUSIER_FACTOR,
    HIGHER_SEMITONES,
    LONGER_FACTOR,
    LONGER_SECONDS,
    LOUDER_LU,
    MORE_TONAL_FACTOR,
    STEADIER_DB,
)
from adiff_data.audio.facts import Facts

_SIZES = (0.1, 0.5, 1.0, 2.0, 4.0)  # of differences, in thresholds, that are told apart
_CERTAIN_BELOW, _CERTAIN_ABOVE = 0.8, 1.2  # shares of a size between which it is passed in part
_LEAST_FLATNESS = 1e-4  # as in `adiff_data.audio.differences`
_LEAST_ONSETS = 0.25  # a second


def _logarithm(value: float | None, factor: float, least: float = 1e-9) -> float | None:
    return None if value is None else math.log(max(value, least)) / math.log(factor)


def _share(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


MEASURES: Mapping[str, Callable[[Facts], float | None]] = {
    "loudness": lambda facts: _share(facts.loudness, LOUDER_LU),
    "brightness": lambda facts: _logarithm(facts.centroid, BRIGHTER_FACTOR, 1.0),
    "pitch": lambda facts: _logarithm(facts.pitch, 2 ** (HIGHER_SEMITONES / 12)),
    "onsets": lambda facts: _share(facts.onsets, BUSIER_A_SECOND),
    "pace": lambda facts: _logarithm(facts.onsets, BUSIER_FACTOR, _LEAST_ONSETS),
    "duration": lambda facts: _share(facts.duration, LONGER_SECONDS),
    "length": lambda facts: _logarithm(facts.duration, LONGER_FACTOR),
    "unsteadiness": lambda facts: _share(facts.unsteadiness, STEADIER_DB),
    "flatness": lambda facts: _logarithm(facts.flatness, MORE_TONAL_FACTOR, _LEAST_FLATNESS),
    "bandwidth": lambda facts: _logarithm(facts.bandwidth, BRIGHTER_FACTOR, 1.0),
    "prominence": lambda facts: _share(facts.snr, 2 * STEADIER_DB),
    "crest": lambda facts: _share(facts.crest, STEADIER_DB),
    "activity": lambda facts: _share(facts.active, 0.2),
    "silence": lambda facts: _share(facts.longest_silence, LONGER_SECONDS),
}


def measured_values(facts: Facts | None, measures: Sequence[str]) -> np.ndarray:
    """The end of an embedding: the value of each measure, then whether it is known.

    Args:
        facts: None where the recording cannot be measured.

    Returns:
        (2 x measures,), float32; a value that is not known is 0.
    """
    values = [None if facts is None else MEASURES[name](facts) for name in measures]
    known = [value is not None for value in values]
    return np.array([*(value or 0.0 for value in values), *known], dtype=np.float32)


def heard_size(embedding_size: int, num_measures: int) -> int:
    """The number of values of an embedding that the encoder heard."""
    return embedding_size - 2 * num_measures


def comparison_size(num_measures: int) -> int:
    """The number of values that `compare` makes of two embeddings."""
    return (len(_SIZES) + 1) * num_measures


def heard(embeddings: torch.Tensor, num_measures: int) -> torch.Tensor:
    """What the encoder heard: embeddings (clips, size) without the measures at their end."""
    return embeddings[:, : heard_size(embeddings.shape[1], num_measures)]


def compare(first: torch.Tensor, second: torch.Tensor, num_measures: int) -> torch.Tensor:
    """How the clips of pairs differ in what is measured.

    Args:
        first, second: embeddings (pairs, size) that end with measures.
        num_measures: how many they are.

    Returns:
        (pairs, `comparison_size`): for each measure and each of some sizes, 1 where the first clip has more by this
        size, -1 where it has less, so that exchanged clips change the signs; which measures are known of both clips.
    """
    (_, _, known), (_, _, other_known) = _parts(first, num_measures), _parts(second, num_measures)
    difference = measured_difference(first, second, num_measures)
    passed = [_passed(difference / size) - _passed(-difference / size) for size in _SIZES]
    return torch.cat((*passed, known * other_known), dim=1)


def measured_difference(first: torch.Tensor, second: torch.Tensor, num_measures: int) -> torch.Tensor:
    """How much more each measure is of the first clip: embeddings (pairs, size) to (pairs, measures), in
    thresholds; 0 where it is not known of both."""
    (_, values, known), (_, other_values, other_known) = _parts(first, num_measures), _parts(second, num_measures)
    return (values - other_values) * known * other_known


def _parts(embeddings: torch.Tensor, num_measures: int) -> tuple[torch.Tensor, ...]:
    """What was heard, the measures' values, and whether they are known."""
    return embeddings.split((heard_size(embeddings.shape[1], num_measures), num_measures, num_measures), dim=1)


def _passed(shares: torch.Tensor) -> torch.Tensor:
    """1 for a difference that is plainly larger than a size, 0 for one that is smaller, a fraction around it."""
    return ((shares - _CERTAIN_BELOW) / (_CERTAIN_ABOVE - _CERTAIN_BELOW)).clamp(0.0, 1.0)
