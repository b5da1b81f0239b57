"""A small encoder that learns to hear from a few thousand clips, where HTSAT needs AudioSet's two million.

Residual blocks of convolutions (He et al., Deep Residual Learning, 2016) over the log-mel spectrogram. A clip's
embedding is the mean feature of each part of its time, one behind the other, so that it tells what comes first;
it is normalized over clips, so that what all clips have in common does not drown what tells them apart. Behind it
stands the level of each part in some bands: features that know an event at any level do not tell which clip is louder.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, PreTrainedConfig
from transformers.modeling_outputs import BaseModelOutputWithPooling

_SILENT = 1e-10  # power: the floor of log-mel spectrograms
_LEVEL_MEAN, _LEVEL_DEVIATION = -20.0, 21.0  # dB, over the scenes of pipelines/recipes/tiny.yaml
_PROBABLE = 1e-5  # a clip's probability stays this far from 0 and 1, so that its logarithm is finite


class ConvolutionalEncoderConfig(PreTrainedConfig):
    """The sizes of the encoder.

    Attributes:
        num_mel_bins: of the spectrogram.
        widths: channels of the residual blocks; each but the first halves time and frequency.
        segments: parts of the clip's time that the embedding keeps apart.
        level_bands: groups of mel bands whose levels the embedding tells.
        num_classes: of the event head.
        hidden_size: of the embedding; follows from the others: segments x (the last width + level_bands).
    """

    model_type = "adiff_convolutional"

    num_mel_bins: int = 64
    widths: tuple[int, ...] = (48, 96, 192, 320)
    segments: int = 4
    level_bands: int = 8
    num_classes: int = 527
    hidden_size: int = 0

    @property
    def levels(self) -> int:
        """Values at the end of the embedding that are levels."""
        return self.segments * self.level_bands

    def __post_init__(self, **kwargs: Any) -> None:
        """Sets what follows from the rest."""
        self.hidden_size = self.segments * (self.widths[-1] + self.level_bands)
        super().__post_init__(**kwargs)


AutoConfig.register(ConvolutionalEncoderConfig.model_type, ConvolutionalEncoderConfig)


class ConvolutionalEncoder(nn.Module):
    """Log-mel spectrograms to embeddings and features in time."""

    def __init__(self, config: ConvolutionalEncoderConfig) -> None:
        super().__init__()
        self.segments, self.level_bands = config.segments, config.level_bands
        self.batch_norm = nn.BatchNorm1d(config.num_mel_bins)
        first = config.widths[0]
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(first), nn.ReLU()
        )
        ins = (first, *config.widths[:-1])
        strides = (1, *[2] * (len(config.widths) - 1))
        self.blocks = nn.Sequential(*map(ResidualBlock, ins, config.widths, strides))
        self.embedding_norm = nn.BatchNorm1d(config.segments * config.widths[-1], affine=False)

    def forward(self, input_features: torch.Tensor) -> BaseModelOutputWithPooling:
        """(clips, 1, frames, mels) in dB to features in time and an embedding.

        Returns:
            `last_hidden_state` (clips, width, 1, times), `pooler_output` (clips, size).

        Each mel band is normalized; frequencies are pooled by their mean plus their maximum.
        """
        bands = self.batch_norm(input_features.squeeze(1).transpose(1, 2)).transpose(1, 2)
        inputs = bands.unsqueeze(1).contiguous(memory_format=torch.channels_last)
        features = self.blocks(self.stem(inputs))
        in_time = features.amax(dim=3) + features.mean(dim=3)
        embedding = self.embedding_norm(functional.adaptive_avg_pool1d(in_time, self.segments).flatten(1))
        levels = self._levels(input_features.squeeze(1)).to(embedding.dtype)
        return BaseModelOutputWithPooling(
            last_hidden_state=in_time.unsqueeze(2), pooler_output=torch.cat((embedding, levels), dim=1)
        )

    def _levels(self, decibels: torch.Tensor) -> torch.Tensor:
        """(clips, frames, mels) in dB to (clips, segments x level_bands): mean powers in dB, of mean 0 and deviation 1
        over scenes."""
        power = functional.adaptive_avg_pool2d(10.0 ** (decibels.float() / 10.0), (self.segments, self.level_bands))
        return (10.0 * torch.log10(power.clamp_min(_SILENT)).flatten(1) - _LEVEL_MEAN) / _LEVEL_DEVIATION


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
    """AudioSet's classes at each moment, and in the whole clip.

    A clip's probability is the mean of its moments', each weighed by itself (linear softmax pooling: Wang, Li and
    Metze, ICASSP 2019), so that one sneeze in ten seconds counts.
    """

    def __init__(self, size: int, classes: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(size, classes)

    def moments(self, features: torch.Tensor) -> torch.Tensor:
        """(clips, size, 1, times) to logits (clips, classes, times)."""
        return self.linear(self.dropout(features.squeeze(2).transpose(1, 2))).transpose(1, 2)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(clips, size, 1, times) to probabilities (clips, classes)."""
        return self.pooled(self.moments(features))

    @staticmethod
    def pooled(moments: torch.Tensor) -> torch.Tensor:
        """Logits (clips, classes, times) to probabilities (clips, classes)."""
        each = torch.sigmoid(moments.float())
        total = each.sum(dim=2).clamp_min(_PROBABLE)
        return (each.square().sum(dim=2) / total).clamp(_PROBABLE, 1 - _PROBABLE)
