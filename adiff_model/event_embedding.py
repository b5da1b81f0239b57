"""The embedding of the small encoder: which events sound when, the level over time, the brightness and the loudness.

HTSAT was trained on two million clips, so its features describe known and new recordings alike. An encoder trained on a
few thousand is more certain about its training clips, and a language model that learns from its features takes each
uncertain class of a new clip for a sound. So this embedding consists of the event head's output alone (as in Koh et
al., Concept Bottleneck Models, ICML 2020), with uncertain probabilities suppressed, and of measurements: levels,
brightness and loudness, one number each, since the levels of several bands would let the language model guess sounds.
What else is measured comes behind it (`measures`).
"""

import math

import torch
from torch.nn import functional

from adiff_model.acoustics import integrated_loudness, spectral_centroid
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig

_STEEPNESS = 4.0  # of the transition around the threshold
_MIN_POWER = 1e-10  # the floor of log-mel spectrograms
_LEVEL_MEAN, _LEVEL_DEVIATION = -20.0, 21.0  # dB, over the scenes of pipelines/recipes/tiny.yaml
_LOUDNESS_START, _LOUDNESS_STEP = -60.0, 2.0  # LUFS, and LU
_BRIGHTNESS_START, _BRIGHTNESS_STEP = 6.5, 0.5  # octaves above 1 Hz: 90 Hz, and half octaves


def event_embedding(
    frame_logits: torch.Tensor, probabilities: torch.Tensor, decibels: torch.Tensor, config: AdiffConfig
) -> torch.Tensor:
    """The embeddings of clips, without measures.

    Args:
        frame_logits: (clips, outputs, frames), of `FrameEventHead`.
        probabilities: (clips, outputs), of the whole clips.
        decibels: (clips, frames, mels), of `log_mel`.

    Returns:
        (clips, size): the presence of each class; the share of each segment that each class fills; the share of each
        class that has each aspect; the level of each segment, the brightness, the loudness.

    Raises:
        TypeError: the encoder is not the small one.
    """
    sizes, power = config.encoder_config, 10.0 ** (decibels.float() / 10.0)
    if not isinstance(sizes, ConvolutionalEncoderConfig):
        raise TypeError(f"no event embedding for {type(sizes).__name__}")
    num_known = len(sizes.known_classes)
    threshold = math.log(sizes.detection_threshold / (1 - sizes.detection_threshold))
    presence = torch.sigmoid(_STEEPNESS * (torch.logit(probabilities[:, :num_known].float()) - threshold))
    activity, *aspects = torch.sigmoid(frame_logits.float()).split(num_known, dim=1)
    segments = presence.unsqueeze(2) * _segment_means(activity, sizes.segments)
    aspect_shares = [presence * _aspect_share(aspect, activity) for aspect in aspects]
    octaves = torch.log2(spectral_centroid(power, config))
    brightness = _thermometer_code(octaves, _BRIGHTNESS_START, _BRIGHTNESS_STEP, sizes.brightness_steps)
    loudness = _thermometer_code(
        integrated_loudness(power, config), _LOUDNESS_START, _LOUDNESS_STEP, sizes.loudness_steps
    )
    events = (presence, segments.transpose(1, 2).flatten(1), *aspect_shares)
    measurements = (_levels(power, sizes.segments), brightness, loudness)
    return torch.cat((*events, *measurements), dim=1).to(frame_logits.dtype)


def decode_loudness(embeddings: torch.Tensor, sizes: ConvolutionalEncoderConfig) -> torch.Tensor:
    """The loudness that embeddings (clips, size), without measures, encode: (clips,), LUFS."""
    return _LOUDNESS_START + _LOUDNESS_STEP * embeddings[:, -sizes.loudness_steps :].sum(dim=1)


def _aspect_share(aspect: torch.Tensor, activity: torch.Tensor) -> torch.Tensor:
    """The share of a class's time in which it has an aspect: probabilities (clips, classes, frames) each, to
    (clips, classes)."""
    return (aspect.sum(dim=2) / activity.sum(dim=2).clamp_min(1e-5)).clamp(max=1.0)


def _segment_means(values: torch.Tensor, segments: int) -> torch.Tensor:
    """(…, frames) to (…, segments). MPS does it only of as many frames as divide, so the CPU does it there."""
    frames = values.cpu() if values.device.type == "mps" else values
    return functional.adaptive_avg_pool1d(frames, segments).to(values.device)


def _levels(power: torch.Tensor, segments: int) -> torch.Tensor:
    """Power (clips, frames, mels) to (clips, segments): mean levels, standardized over scenes."""
    means = _segment_means(power.mean(dim=2), segments)
    return (10.0 * torch.log10(means.clamp_min(_MIN_POWER)) - _LEVEL_MEAN) / _LEVEL_DEVIATION


def _thermometer_code(values: torch.Tensor, start: float, step: float, count: int) -> torch.Tensor:
    """(clips, count): 1 for each step below a clip's value, 0 for each above it, a fraction for the one that holds it.

    In a single number, a small difference would be lost among the other values.
    """
    steps = start + step * torch.arange(count, device=values.device)
    return ((values.unsqueeze(1) - steps) / step).clamp(0.0, 1.0)
