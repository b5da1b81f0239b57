"""What is done to spectrograms and embeddings in training, so that they are other recordings of the same.

Spectrograms are batches (clips, 1, frames, mels) in dB. Powers of independent sounds add, so mixing and noise need no
waveform. `active` is what sounds in which frame: (clips, told by the event head, frames). Embeddings of clips that were
encoded beforehand get noise and traces of other clips instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from adiff_model.training.task import Batch

_GAIN_DB = (-12.0, 8.0)
_COLOUR_DB = 3.0  # standard deviation of a smooth curve over frequency
_FLOOR_DB = (-100.0, -60.0)
_MIX_DB = (-12.0, 3.0)
_BANDS_UP_OR_DOWN = 2
_TIME_MASK, _BAND_MASK = 0.1, 0.12  # the longest, as a share of the clip's frames and bands
_SILENT = 1e-10


def vary(spectrogram: torch.Tensor, active: torch.Tensor, random: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """Each clip at another level, colour and pitch, over a noise floor, begun elsewhere (turned around its end)."""
    clips, _, frames, mels = spectrogram.shape
    turned, labels = torch.empty_like(spectrogram), torch.empty_like(active)
    for clip in range(clips):
        by, up = int(random.integers(frames)), int(random.integers(-_BANDS_UP_OR_DOWN, _BANDS_UP_OR_DOWN + 1))
        turned[clip] = spectrogram[clip].roll((by, up), (1, 2))
        labels[clip] = active[clip].roll(by, 1)
    gain = _uniform(random, *_GAIN_DB, clips)
    knots = torch.from_numpy(random.normal(0, _COLOUR_DB, (clips, 1, 6))).float()
    colour = functional.interpolate(knots, size=mels, mode="linear").unsqueeze(2)
    floor = _power(_uniform(random, *_FLOOR_DB, clips))
    return _decibels(_power(turned + gain + colour) + floor), labels


def mix(
    spectrogram: torch.Tensor, active: torch.Tensor, probability: float, random: np.random.Generator
) -> tuple[torch.Tensor, ...]:
    """Another clip of the batch laid over each, with the given probability; its events are added."""
    clips = len(spectrogram)
    others = torch.from_numpy(random.permutation(clips))
    chosen = torch.from_numpy(random.random(clips) < probability)
    gain = _uniform(random, *_MIX_DB, clips)
    added = torch.where(chosen[:, None, None, None], _power(spectrogram[others] + gain), torch.zeros(()))
    return _decibels(_power(spectrogram) + added), active | (active[others] & chosen[:, None, None])


def spec_augment(spectrogram: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Two stretches of time and two of frequency at the clip's mean (SpecAugment, without time warping)."""
    masked = spectrogram.clone()
    _, _, frames, mels = spectrogram.shape
    for clip, mean in enumerate(spectrogram.mean(dim=(1, 2, 3))):
        for _ in range(2):
            start, length = int(random.integers(frames)), int(random.integers(frames * _TIME_MASK + 1))
            masked[clip, :, start : start + length] = mean
            start, length = int(random.integers(mels)), int(random.integers(mels * _BAND_MASK + 1))
            masked[clip, :, :, start : start + length] = mean
    return masked


def _uniform(random: np.random.Generator, low: float, high: float, clips: int) -> torch.Tensor:
    return torch.from_numpy(random.uniform(low, high, (clips, 1, 1, 1))).float()


def _power(decibels: torch.Tensor) -> torch.Tensor:
    return 10.0 ** (decibels / 10.0)


def _decibels(power: torch.Tensor) -> torch.Tensor:
    return 10.0 * torch.log10(power.clamp_min(_SILENT))


@dataclass(frozen=True)
class Doubt:
    """What is done to embeddings in training, since a few thousand clips would be learnt by heart.

    Attributes:
        noise: the standard deviation of what is added, each time anew.
        mixing: how much of another clip's embedding is added at most.
        measured: values at the end of an embedding that are not mixed.
    """

    noise: float = 0.0
    mixing: float = 0.0
    measured: int = 0

    def cast(self, embeddings: Sequence[torch.Tensor], random: np.random.Generator | None) -> Batch:
        """Embeddings (clips, size) with doubt cast on them; as they are where nothing is drawn."""
        if random is None or not (self.noise or self.mixing):
            return embeddings
        return [self._on(own, random) for own in embeddings]

    def _on(self, clips: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
        found = clips.clone()
        if self.noise:
            found += self.noise * torch.from_numpy(random.standard_normal(clips.shape, dtype=np.float32))
        if self.mixing:
            heard = clips.shape[1] - self.measured
            others = clips[torch.from_numpy(random.permutation(len(clips)))]
            share = torch.from_numpy(random.uniform(0, self.mixing, (len(clips), 1))).float()
            found[:, :heard] += share * others[:, :heard]
        return found
