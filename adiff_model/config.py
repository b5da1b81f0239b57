"""The sizes of an ADIFF model."""

from typing import Any, Literal, cast

from transformers import AutoConfig, ClapAudioConfig, GPT2Config, PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec

from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig

EncoderConfig = ClapAudioConfig | ConvolutionalEncoderConfig


class AdiffConfig(PreTrainedConfig):
    """The sizes of a network; the defaults are those of the published one (`base`, 296 M parameters).

    Attributes:
        audio_config: the encoder's: HTSAT, or a convolutional one (`model_type: adiff_convolutional`).
        text_config: the language model's, GPT-2.
        projection_size: the size of a clip's projected embedding.
        projection_dropout: the projection's dropout in training.
        prefix_length: the number of vectors to which a clip's embedding is mapped; where the encoder has measures, also
            the number of those to which the comparison of the two clips is mapped.
        prompt_length: the number of tokens to which a prompt is cut or padded.
        mapper_layers: the number of transformer layers of each mapper, and of the cross-projection.
        mapper_heads, cross_heads: the number of attention heads of the mappers and of the cross-projection.
        mapper_ratio: the hidden size of their feed-forward layers, as a multiple of the model size.
        cross_projection: False leaves the prefix unchanged: the paper's naive baseline. `segments` applies the same
            layers to each part of the prefix alone: as many parameters, and nothing crosses.
        separator_token, stop_token, pad_token: between the two clips; after an answer; after a short prompt.
        sampling_rate, clip_seconds: of the audio, in Hz and s.
        n_fft, hop_length, fmin, fmax: of the log-mel spectrogram, in samples and Hz.
    """

    model_type = "adiff"
    sub_configs_defaults = {  # noqa: RUF012
        "audio_config": SubConfigSpec(AutoConfig, model_type=ClapAudioConfig.model_type),
        "text_config": SubConfigSpec(GPT2Config),
    }

    audio_config: dict[str, Any] | PreTrainedConfig | None = None
    text_config: dict[str, Any] | PreTrainedConfig | None = None
    projection_size: int = 1024
    projection_dropout: float = 0.5
    prefix_length: int = 40
    prompt_length: int = 40
    mapper_layers: int = 4
    mapper_heads: int = 8
    cross_heads: int = 4
    mapper_ratio: float = 2.0
    cross_projection: bool | Literal["segments"] = True
    separator_token: int = 50256
    stop_token: int = 220
    pad_token: int = 0
    sampling_rate: int = 32000
    clip_seconds: float = 10.0
    n_fft: int = 1024
    hop_length: int = 320
    fmin: float = 50.0
    fmax: float = 14000.0

    @property
    def clip_samples(self) -> int:
        """The number of samples of a clip."""
        return round(self.clip_seconds * self.sampling_rate)

    @property
    def prefix_tokens(self) -> int:
        """The number of vectors before the answer: both clips, a separator, their comparison, the prompt."""
        compared = self.prefix_length if self.measures else 0
        return 2 * self.prefix_length + 1 + compared + self.prompt_length

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of the measures (`measures.MEASURES`) with which a recording's embedding ends."""
        sizes = self.encoder_config
        return sizes.measures if isinstance(sizes, ConvolutionalEncoderConfig) else ()

    @property
    def encoder_config(self) -> EncoderConfig:
        """`audio_config` as an object; a dictionary becomes one when the configuration is made."""
        return cast(EncoderConfig, self.audio_config)

    @property
    def language_config(self) -> GPT2Config:
        """`text_config` as an object."""
        return cast(GPT2Config, self.text_config)
