"""A small encoder that can be trained on a few thousand clips, where HTSAT needs the two million of AudioSet.

Residual blocks of convolutions (He et al., Deep Residual Learning, 2016) over the log-mel spectrogram, and an event
head for the classes of its training clips. Embeddings are computed from the event head's output: see `event_embedding`.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, PreTrainedConfig
from transformers.modeling_outputs import BaseModelOutputWithPooling

from adiff_model.measures import MEASURES

DETECTION_THRESHOLD = 0.6  # a clip's probability from which a class counts as detected, unless a model has its own
_MIN_PROBABILITY = 1e-5  # a clip's probability stays this far from 0 and 1, so that its logarithm is finite


class ConvolutionalEncoderConfig(PreTrainedConfig):
    """The sizes of the encoder.

    Attributes:
        num_mel_bins: the number of mel bands of the spectrogram.
        widths: the channels of the residual blocks; each block but the first halves time and frequency.
        segments: the number of segments of the clip that the embedding distinguishes.
        brightness_steps, loudness_steps: the number of steps, of half an octave and of 2 LU, that encode them; 0 where
            they are among the measures.
        detection_threshold: a clip's probability from which a class counts as detected.
        num_classes: the number of AudioSet's classes.
        known_classes: the indices of the classes that the event head predicts; empty for all.
        aspects: what the event head predicts of each class beside its presence, such as `far`.
        measures: names of `measures.MEASURES`, which are measured on the recording; with them, each clip is projected
            together with its difference from the other one (`measures.compare`).
        hidden_size: the size of the embedding; follows from the others.
    """

    model_type = "adiff_convolutional"

    num_mel_bins: int = 64
    widths: tuple[int, ...] = (48, 96, 192, 320)
    segments: int = 4
    brightness_steps: int = 14
    loudness_steps: int = 28
    detection_threshold: float = DETECTION_THRESHOLD
    num_classes: int = 527
    known_classes: tuple[int, ...] = ()
    aspects: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    hidden_size: int = 0

    @property
    def num_measured(self) -> int:
        """The number of measured values at the embedding's end: levels, brightness, loudness, measures."""
        return self.segments + self.brightness_steps + self.loudness_steps + 2 * len(self.measures)

    def __post_init__(self, **kwargs: Any) -> None:
        """Sets the fields that follow from others.

        Raises:
            ValueError: there is no such measure.
        """
        self.known_classes = tuple(self.known_classes) or tuple(range(self.num_classes))
        self.aspects, self.measures = tuple(self.aspects), tuple(self.measures)
        unknown = [name for name in self.measures if name not in MEASURES]
        if unknown:
            raise ValueError(f"no measure '{unknown[0]}'; measures: {', '.join(MEASURES)}")
        self.hidden_size = (1 + self.segments + len(self.aspects)) * len(self.known_classes) + self.num_measured
        PreTrainedConfig.__post_init__(self, **kwargs)


AutoConfig.register(ConvolutionalEncoderConfig.model_type, ConvolutionalEncoderConfig)


class ConvolutionalEncoder(nn.Module):
    """Log-mel spectrograms to features over time."""

    def __init__(self, config: ConvolutionalEncoderConfig) -> None:
        super().__init__()
        self.batch_norm = nn.BatchNorm1d(config.num_mel_bins)
        width = config.widths[0]
        self.stem = nn.Sequential(
            nn.Conv2d(1, width, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        in_channels = (width, *config.widths[:-1])
        strides = (1, *[2] * (len(config.widths) - 1))
        self.blocks = nn.Sequential(*map(ResidualBlock, in_channels, config.widths, strides))

    def forward(self, input_features: torch.Tensor) -> BaseModelOutputWithPooling:
        """(clips, 1, frames, mels) in dB to `last_hidden_state` (clips, channels, 1, frames / stride).

        Each mel band is normalized; frequencies are pooled by the sum of their mean and maximum.
        """
        bands = self.batch_norm(input_features.squeeze(1).transpose(1, 2)).transpose(1, 2)
        inputs = bands.unsqueeze(1).contiguous(memory_format=torch.channels_last)
        features = self.blocks(self.stem(inputs))
        over_time = features.amax(dim=3) + features.mean(dim=3)
        return BaseModelOutputWithPooling(last_hidden_state=over_time.unsqueeze(2))


class ResidualBlock(nn.Module):
    """Two convolutions with a shortcut around them."""

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.shortcut: nn.Module = nn.Identity()
        if in_channels != out_channels or stride != 1:
            pool = nn.AvgPool2d(stride, ceil_mode=True)
            convolution = nn.Conv2d(in_channels, out_channels, 1, bias=False)
            self.shortcut = nn.Sequential(pool, convolution, nn.BatchNorm2d(out_channels))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(clips, in channels, frames, mels) to (clips, out channels, frames / stride, mels / stride)."""
        first = functional.relu(self.norm1(self.conv1(inputs)))
        return functional.relu(self.norm2(self.conv2(first)) + self.shortcut(inputs))


class FrameEventHead(nn.Module):
    """The presence of the known classes, and their aspects, in each frame and in the whole clip.

    A clip's probability is the mean of its frames' probabilities, weighted by themselves (linear softmax pooling: Wang,
    Li and Metze, ICASSP 2019), so that one sneeze in ten seconds counts.
    """

    def __init__(self, config: ConvolutionalEncoderConfig, dropout: float = 0.2) -> None:
        super().__init__()
        self.classes, self.aspects, self._num_classes = config.known_classes, config.aspects, config.num_classes
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(config.widths[-1], (1 + len(self.aspects)) * len(self.classes))

    def frame_logits(self, features: torch.Tensor) -> torch.Tensor:
        """(clips, channels, 1, frames) to logits (clips, outputs, frames).

        The outputs are the presence of each known class, then the presence of each class with the first aspect, and so
        on.
        """
        return self.linear(self.dropout(features.squeeze(2).transpose(1, 2))).transpose(1, 2)

    @staticmethod
    def pool(frame_logits: torch.Tensor) -> torch.Tensor:
        """Logits (clips, outputs, frames) to the clips' probabilities (clips, outputs)."""
        probabilities = torch.sigmoid(frame_logits.float())
        total = probabilities.sum(dim=2).clamp_min(_MIN_PROBABILITY)
        return (probabilities.square().sum(dim=2) / total).clamp(_MIN_PROBABILITY, 1 - _MIN_PROBABILITY)

    def audioset_probabilities(self, probabilities: torch.Tensor) -> torch.Tensor:
        """(clips, outputs) to (clips, AudioSet's classes); a class that is not known has probability 0."""
        all_classes = probabilities.new_zeros(len(probabilities), self._num_classes)
        all_classes[:, list(self.classes)] = probabilities[:, : len(self.classes)]
        return all_classes
