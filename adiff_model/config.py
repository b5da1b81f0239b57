"""The sizes of an ADIFF model."""

from typing import Any

from transformers import AutoConfig, ClapAudioConfig, GPT2Config, PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec

from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig

AudioConfig = ClapAudioConfig | ConvolutionalEncoderConfig


class AdiffConfig(PreTrainedConfig):
    """What determines a network; the defaults are the published one's (`base`, 296 M parameters).

    Attributes:
        audio_config: of the encoder: HTSAT, or a convolutional one (`model_type: adiff_convolutional`).
        text_config: of the language model, GPT-2.
        projection_size: of a clip's embedding once it is projected.
        projection_dropout: of the projection, in training.
        prefix_length: vectors that a clip's embedding is mapped to.
        prompt_length: tokens that a prompt is cut or padded to.
        mapper_layers: of each mapper's transformer, and of the cross-projection.
        mapper_heads, cross_heads: attention heads of the mappers and of the cross-projection.
        mapper_ratio: hidden size of their feed-forward part over the model size.
        cross_projection: False leaves the prefix as it is: the paper's naive baseline.
        separator_token, stop_token, pad_token: between the two clips; behind an answer; behind a prompt.
        sampling_rate, clip_seconds: of the audio, Hz and s.
        n_fft, hop_length, fmin, fmax: of the log-mel spectrogram, samples and Hz.
    """

    model_type = "adiff"
    sub_configs_defaults = {  # noqa: RUF012
        "audio_config": SubConfigSpec(AutoConfig, model_type=ClapAudioConfig.model_type),
        "text_config": GPT2Config,
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
    cross_projection: bool = True
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
        """Samples of the audio that the encoder hears."""
        return round(self.clip_seconds * self.sampling_rate)

    @property
    def prefix_tokens(self) -> int:
        """Vectors before the answer: both clips, a separator, the prompt."""
        return 2 * self.prefix_length + 1 + self.prompt_length
