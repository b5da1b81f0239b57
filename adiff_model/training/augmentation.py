"""Augmentation of spectrograms and embeddings in training.

Spectrograms are batches (clips, 1, frames, mels) in dB. Powers of independent sounds add, so mixing and noise need no
waveform. `active` says what sounds in each frame: (clips, outputs of the event head, frames). Embeddings of clips that
are encoded beforehand get noise and traces of other clips instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

_GAIN_RANGE = (-12.0, 8.0)  # dB
_COLOUR_DEVIATION = 3.0  # dB, of a smooth curve over frequency
_NOISE_FLOOR_RANGE = (-100.0, -60.0)  # dB
_MIX_GAIN_RANGE = (-12.0, 3.0)  # dB
_MAX_BAND_SHIFT = 2
_SPEED_RANGE = (0.8, 1.25)  # pitch stays as it is
_MAX_TIME_MASK, _MAX_BAND_MASK = 0.1, 0.12  # as a share of the clip's frames and bands
_MIN_POWER = 1e-10
_EQUAL_TRACES = 0.5  # share of pairs


def vary(
    spectrogram: torch.Tensor, active: torch.Tensor, random: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Changes each clip's level, colour, pitch and speed, adds a noise floor, and rotates it in time."""
    clips, _, frames, mels = spectrogram.shape
    rotated, labels = torch.empty_like(spectrogram), torch.empty_like(active)
    for clip in range(clips):
        shift, bands = int(random.integers(frames)), int(random.integers(-_MAX_BAND_SHIFT, _MAX_BAND_SHIFT + 1))
        played = (torch.arange(frames) * random.uniform(*_SPEED_RANGE)).long().add(shift).remainder(frames)
        rotated[clip] = spectrogram[clip, :, played].roll(bands, 2)
        labels[clip] = active[clip, :, played]
    gain = _uniform(random, *_GAIN_RANGE, clips)
    knots = torch.from_numpy(random.normal(0, _COLOUR_DEVIATION, (clips, 1, 6))).float()
    colour = functional.interpolate(knots, size=mels, mode="linear").unsqueeze(2)
    noise_floor = _power(_uniform(random, *_NOISE_FLOOR_RANGE, clips))
    return _decibels(_power(rotated + gain + colour) + noise_floor), labels


def mix(
    spectrogram: torch.Tensor, active: torch.Tensor, probability: float, random: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Adds another clip of the batch, with its events, to each clip with the given probability."""
    clips = len(spectrogram)
    others = torch.from_numpy(random.permutation(clips))
    chosen = torch.from_numpy(random.random(clips) < probability)
    gain = _uniform(random, *_MIX_GAIN_RANGE, clips)
    added = torch.where(chosen[:, None, None, None], _power(spectrogram[others] + gain), torch.zeros(()))
    return _decibels(_power(spectrogram) + added), active | (active[others] & chosen[:, None, None])


def spec_augment(spectrogram: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Masks two intervals of time and two of frequency with the clip's mean (SpecAugment without time warping)."""
    masked = spectrogram.clone()
    _, _, frames, mels = spectrogram.shape
    for clip, mean in enumerate(spectrogram.mean(dim=(1, 2, 3))):
        for _ in range(2):
            start, length = int(random.integers(frames)), int(random.integers(int(frames * _MAX_TIME_MASK + 1)))
            masked[clip, :, start : start + length] = mean
            start, length = int(random.integers(mels)), int(random.integers(int(mels * _MAX_BAND_MASK + 1)))
            masked[clip, :, :, start : start + length] = mean
    return masked


@dataclass(frozen=True)
class EmbeddingAugmentation:
    """Augmentation of embeddings, since a few thousand clips would be memorized.

    Attributes:
        noise: the standard deviation of noise that is added, drawn anew each time.
        mixing: the maximum weight with which another clip's embedding is added; to half of the pairs the same trace on
            both sides, so that equal clips stay equal.
        num_measured: the number of values at the end of an embedding that are not mixed.
    """

    noise: float = 0.0
    mixing: float = 0.0
    num_measured: int = 0

    def apply(self, embeddings: Sequence[torch.Tensor], random: np.random.Generator | None) -> Sequence[torch.Tensor]:
        """Augmented embeddings of both clips, (pairs, size) each; the same if `random` is None, as in validation."""
        if random is None or not (self.noise or self.mixing):
            return embeddings
        traces = [self._traces(clips, random) for clips in embeddings]
        equal = torch.from_numpy(random.random((len(embeddings[0]), 1)) < _EQUAL_TRACES)
        return [
            clips + torch.where(equal, traces[0], own) + self._noise(clips, random)
            for clips, own in zip(embeddings, traces, strict=True)
        ]

    def _noise(self, clips: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
        if not self.noise:
            return torch.zeros(())
        return self.noise * torch.from_numpy(random.standard_normal(clips.shape, dtype=np.float32))

    def _traces(self, clips: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
        others = clips[torch.from_numpy(random.permutation(len(clips)))]
        weight = torch.from_numpy(random.uniform(0, self.mixing, (len(clips), 1))).float()
        traces = weight * others
        traces[:, clips.shape[1] - self.num_measured :] = 0.0
        return traces


def _uniform(random: np.random.Generator, low: float, high: float, clips: int) -> torch.Tensor:
    return torch.from_numpy(random.uniform(low, high, (clips, 1, 1, 1))).float()


def _power(decibels: torch.Tensor) -> torch.Tensor:
    return torch.pow(10.0, decibels / 10.0)


def _decibels(power: torch.Tensor) -> torch.Tensor:
    return 10.0 * torch.log10(power.clamp_min(_MIN_POWER))
