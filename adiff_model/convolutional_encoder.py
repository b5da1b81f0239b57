"""A small encoder that learns to hear from a few thousand clips, where HTSAT needs AudioSet's two million.

Residual blocks of convolutions (He et al., Deep Residual Learning, 2016) over the log-mel spectrogram, and an event
head for the classes that its clips had. Embeddings are made of that head's answers: see `event_embedding`.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, PreTrainedConfig
from transformers.modeling_outputs import BaseModelOutputWithPooling

_PROBABLE = 1e-5  # a clip's probability stays this far from 0 and 1, so that its logarithm is finite


class ConvolutionalEncoderConfig(PreTrainedConfig):
    """The sizes of the encoder.

    Attributes:
        num_mel_bins: of the spectrogram.
        widths: channels of the residual blocks; each but the first halves time and frequency.
        segments: parts of the clip's time that the embedding keeps apart.
        brightness_steps, loudness_steps: of half an octave and of 2 LU, in which the embedding tells them.
        num_classes: AudioSet's.
        known_classes: the places of those that the event head knows; none given: all.
        aspects: what the event head tells of each class beside that it sounds, such as `far`.
        hidden_size: of the embedding; follows from the others.
    """

    model_type = "adiff_convolutional"

    num_mel_bins: int = 64
    widths: tuple[int, ...] = (48, 96, 192, 320)
    segments: int = 4
    brightness_steps: int = 14
    loudness_steps: int = 28
    num_classes: int = 527
    known_classes: tuple[int, ...] = ()
    aspects: tuple[str, ...] = ()
    hidden_size: int = 0

    @property
    def measured(self) -> int:
        """Values at the end of the embedding that are measured, not heard: levels, brightness, loudness."""
        return self.segments + self.brightness_steps + self.loudness_steps

    def __post_init__(self, **kwargs: Any) -> None:
        """Sets what follows from the rest."""
        self.known_classes = tuple(self.known_classes) or tuple(range(self.num_classes))
        self.aspects = tuple(self.aspects)
        self.hidden_size = (1 + self.segments + len(self.aspects)) * len(self.known_classes) + self.measured
        super().__post_init__(**kwargs)


AutoConfig.register(ConvolutionalEncoderConfig.model_type, ConvolutionalEncoderConfig)


class ConvolutionalEncoder(nn.Module):
    """Log-mel spectrograms to features in time."""

    def __init__(self, config: ConvolutionalEncoderConfig) -> None:
        super().__init__()
        self.batch_norm = nn.BatchNorm1d(config.num_mel_bins)
        first = config.widths[0]
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(first), nn.ReLU()
        )
        ins = (first, *config.widths[:-1])
        strides = (1, *[2] * (len(config.widths) - 1))
        self.blocks = nn.Sequential(*map(ResidualBlock, ins, config.widths, strides))

    def forward(self, input_features: torch.Tensor) -> BaseModelOutputWithPooling:
        """(clips, 1, frames, mels) in dB to `last_hidden_state` (clips, width, 1, times).

        Each mel band is normalized; frequencies are pooled by their mean plus their maximum.
        """
        bands = self.batch_norm(input_features.squeeze(1).transpose(1, 2)).transpose(1, 2)
        inputs = bands.unsqueeze(1).contiguous(memory_format=torch.channels_last)
        features = self.blocks(self.stem(inputs))
        in_time = features.amax(dim=3) + features.mean(dim=3)
        return BaseModelOutputWithPooling(last_hidden_state=in_time.unsqueeze(2))


class ResidualBlock(nn.Module):
    """Two convolutions, and the input added to them."""

    def __init__(self, ins: int, outs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(ins, outs, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outs)
        self.conv2 = nn.Conv2d(outs, outs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outs)
        self.shortcut = nn.Identity()
        if ins != outs or stride != 1:
            pool = nn.AvgPool2d(stride, ceil_mode=True)
            self.shortcut = nn.Sequential(pool, nn.Conv2d(ins, outs, 1, bias=False), nn.BatchNorm2d(outs))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(clips, ins, frames, mels) to (clips, outs, frames / stride, mels / stride)."""
        first = functional.relu(self.norm1(self.conv1(inputs)))
        return functional.relu(self.norm2(self.conv2(first)) + self.shortcut(inputs))


class MomentEventHead(nn.Module):
    """The known classes at each moment, each with its aspects, and in the whole clip.

    A clip's probability is the mean of its moments', each weighed by itself (linear softmax pooling: Wang, Li and
    Metze, ICASSP 2019), so that one sneeze in ten seconds counts.
    """

    def __init__(self, config: ConvolutionalEncoderConfig, dropout: float = 0.2) -> None:
        super().__init__()
        self.classes, self.aspects, self._all = config.known_classes, config.aspects, config.num_classes
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(config.widths[-1], (1 + len(self.aspects)) * len(self.classes))

    def moments(self, features: torch.Tensor) -> torch.Tensor:
        """(clips, size, 1, times) to logits (clips, told, times).

        What is told: that each known class sounds, then that each sounds and has the first aspect, and so on.
        """
        return self.linear(self.dropout(features.squeeze(2).transpose(1, 2))).transpose(1, 2)

    @staticmethod
    def pooled(moments: torch.Tensor) -> torch.Tensor:
        """Logits (clips, told, times) to probabilities (clips, told)."""
        each = torch.sigmoid(moments.float())
        total = each.sum(dim=2).clamp_min(_PROBABLE)
        return (each.square().sum(dim=2) / total).clamp(_PROBABLE, 1 - _PROBABLE)

    def events(self, probabilities: torch.Tensor) -> torch.Tensor:
        """(clips, told) to (clips, AudioSet's classes): what is not known is not there."""
        found = probabilities.new_zeros(len(probabilities), self._all)
        found[:, list(self.classes)] = probabilities[:, : len(self.classes)]
        return found
