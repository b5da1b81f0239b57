"""The embedding of a clip for the small encoder: which events sound when, at what level, and how loud the whole is.

HTSAT has heard two million clips, so that its features say the same of a recording it knows and of one that is new.
An encoder that has heard a few thousand is surer of those it knows, and a language model that learns from its features
takes each doubt about a new one for a sound. Hence this embedding is made of the event head's answers alone (as in Koh
et al., Concept Bottleneck Models, ICML 2020), with doubt cut off, and of what is measured: levels, brightness and
loudness, a number each, since levels of several bands would have the language model guess at sounds by itself.
"""

import math

import torch
from torch.nn import functional

from adiff_model.acoustics import integrated_loudness, spectral_centroid
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig

SURE_FROM = 0.6  # a clip's probability
_STEEPNESS = 4.0  # how fast doubt becomes certainty around it
_SILENT = 1e-10  # power: the floor of log-mel spectrograms
_LEVEL_MEAN, _LEVEL_DEVIATION = -20.0, 21.0  # dB, over the scenes of pipelines/recipes/tiny.yaml
_QUIETEST, _LOUDNESS_STEP = -60.0, 2.0  # LUFS, and LU
_DULLEST, _BRIGHTNESS_STEP = 6.5, 0.5  # octaves above 1 Hz: 90 Hz, and half octaves


def event_embedding(
    moments: torch.Tensor, probabilities: torch.Tensor, decibels: torch.Tensor, config: AdiffConfig
) -> torch.Tensor:
    """The embeddings of clips.

    Args:
        moments: (clips, told, times), logits of `MomentEventHead`.
        probabilities: (clips, told), of the whole clips.
        decibels: (clips, frames, mels), of `log_mel`.

    Returns:
        (clips, `config.audio_config.hidden_size`): how sure each class is; how much of each part of the clip each class
        takes; how far it has each aspect; the level of each part, the brightness, the loudness.
    """
    sizes, power = config.audio_config, 10.0 ** (decibels.float() / 10.0)
    limit, known = math.log(SURE_FROM / (1 - SURE_FROM)), len(sizes.known_classes)
    sure = torch.sigmoid(_STEEPNESS * (torch.logit(probabilities[:, :known].float()) - limit))
    sounds, *aspects = torch.sigmoid(moments.float()).split(known, dim=1)
    parts = sure.unsqueeze(2) * functional.adaptive_avg_pool1d(sounds, sizes.segments)
    shares = [sure * _share(aspect, sounds) for aspect in aspects]
    octaves = torch.log2(spectral_centroid(power, config))
    brightness = _steps_passed(octaves, _DULLEST, _BRIGHTNESS_STEP, sizes.brightness_steps)
    loudness = _steps_passed(integrated_loudness(power, config), _QUIETEST, _LOUDNESS_STEP, sizes.loudness_steps)
    heard = (sure, parts.transpose(1, 2).flatten(1), *shares)
    return torch.cat((*heard, _levels(power, sizes.segments), brightness, loudness), dim=1).to(moments.dtype)


def loudness_told(embeddings: torch.Tensor, sizes: ConvolutionalEncoderConfig) -> torch.Tensor:
    """The loudness, LUFS, that embeddings (clips, size) tell: (clips,)."""
    return _QUIETEST + _LOUDNESS_STEP * embeddings[:, -sizes.loudness_steps :].sum(dim=1)


def _share(aspect: torch.Tensor, sounds: torch.Tensor) -> torch.Tensor:
    """How much of the time in which a class sounds it has an aspect: probabilities (clips, classes, times) each, to
    (clips, classes)."""
    return (aspect.sum(dim=2) / sounds.sum(dim=2).clamp_min(1e-5)).clamp(max=1.0)


def _levels(power: torch.Tensor, segments: int) -> torch.Tensor:
    """Power (clips, frames, mels) to (clips, segments): means in dB, of mean 0 and deviation 1 over scenes."""
    means = functional.adaptive_avg_pool1d(power.mean(dim=2), segments)
    return (10.0 * torch.log10(means.clamp_min(_SILENT)) - _LEVEL_MEAN) / _LEVEL_DEVIATION


def _steps_passed(values: torch.Tensor, lowest: float, step: float, count: int) -> torch.Tensor:
    """(clips, count): 1 for each step that a clip's value is above, 0 for those above it, a share of the one between.

    As a single number among the rest, a small difference would be next to none.
    """
    steps = lowest + step * torch.arange(count, device=values.device)
    return ((values.unsqueeze(1) - steps) / step).clamp(0.0, 1.0)
