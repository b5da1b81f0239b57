"""The embedding of a clip for the small encoder: which events sound when, at what level, and how loud the whole is.

HTSAT has heard two million clips, so that its features say the same of a recording it knows and of one that is new.
An encoder that has heard a few thousand is surer of those it knows, and a language model that learns from its features
takes each doubt about a new one for a sound. Hence this embedding is made of the event head's answers alone (as in Koh
et al., Concept Bottleneck Models, ICML 2020), with doubt cut off, and of levels, which are measured.
"""

import math

import torch
from torch.nn import functional

from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.loudness import integrated_loudness

_SURE_FROM, _STEEPNESS = 0.8, 4.0  # a clip's probability, and how fast doubt becomes certainty around it
_SILENT = 1e-10  # power: the floor of log-mel spectrograms
_LEVEL_MEAN, _LEVEL_DEVIATION = -20.0, 21.0  # dB, over the scenes of pipelines/recipes/tiny.yaml
_QUIETEST, _STEP = -60.0, 2.0  # LUFS, and LU


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
        takes; how far it has each aspect; the levels of each part in some bands; the loudness.
    """
    sizes, decibels = config.audio_config, decibels.float()
    limit, known = math.log(_SURE_FROM / (1 - _SURE_FROM)), len(sizes.known_classes)
    sure = torch.sigmoid(_STEEPNESS * (torch.logit(probabilities[:, :known].float()) - limit))
    sounds, *aspects = torch.sigmoid(moments.float()).split(known, dim=1)
    parts = sure.unsqueeze(2) * functional.adaptive_avg_pool1d(sounds, sizes.segments)
    shares = [sure * _share(aspect, sounds) for aspect in aspects]
    loudness = _steps_below(integrated_loudness(decibels, config), sizes.loudness_steps)
    heard = (sure, parts.transpose(1, 2).flatten(1), *shares)
    return torch.cat((*heard, _levels(decibels, sizes), loudness), dim=1).to(moments.dtype)


def loudness_told(embeddings: torch.Tensor, sizes: ConvolutionalEncoderConfig) -> torch.Tensor:
    """The loudness, LUFS, that embeddings (clips, size) tell: (clips,)."""
    return _QUIETEST + _STEP * embeddings[:, -sizes.loudness_steps :].sum(dim=1)


def _share(aspect: torch.Tensor, sounds: torch.Tensor) -> torch.Tensor:
    """How much of the time in which a class sounds it has an aspect: probabilities (clips, classes, times) each, to
    (clips, classes)."""
    return (aspect.sum(dim=2) / sounds.sum(dim=2).clamp_min(1e-5)).clamp(max=1.0)


def _levels(decibels: torch.Tensor, sizes: ConvolutionalEncoderConfig) -> torch.Tensor:
    """(clips, segments x level_bands): mean powers in dB, of mean 0 and deviation 1 over scenes."""
    power = functional.adaptive_avg_pool2d(10.0 ** (decibels / 10.0), (sizes.segments, sizes.level_bands))
    return (10.0 * torch.log10(power.clamp_min(_SILENT)).flatten(1) - _LEVEL_MEAN) / _LEVEL_DEVIATION


def _steps_below(loudness: torch.Tensor, count: int) -> torch.Tensor:
    """(clips, count): 1 for each step of loudness that is passed, 0 for those above, a share for the one between.

    As a single number among the rest, a difference of 1 LU would be next to none.
    """
    steps = _QUIETEST + _STEP * torch.arange(count, device=loudness.device)
    return ((loudness.unsqueeze(1) - steps) / _STEP).clamp(0.0, 1.0)
