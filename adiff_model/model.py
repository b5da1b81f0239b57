"""The network (ADIFF, section 4): HTSAT, a mapper for each clip and the prompt, cross-projection, GPT-2."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional
from transformers import ClapAudioModel, GPT2LMHeadModel, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from adiff_model.config import AdiffConfig, AudioConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoder, ConvolutionalEncoderConfig, MomentEventHead
from adiff_model.event_embedding import event_embedding
from adiff_model.log_mel import log_mel

_CONSTANT_SCALE = 0.1  # a larger constant drowns, at first, what it takes from its inputs


class Attention(nn.Module):
    """Multi-head self-attention without a mask."""

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.queries = nn.Linear(size, size, bias=False)
        self.keys_values = nn.Linear(size, 2 * size, bias=False)
        self.project = nn.Linear(size, size)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(batch, length, size) to the same."""
        queries = self.queries(inputs).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        keys, values = self.keys_values(inputs).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(queries, keys, values)
        return self.project(attended.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A transformer layer that normalizes first."""

    def __init__(self, size: int, heads: int, ratio: float) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(size)
        self.attention = Attention(size, heads)
        self.norm2 = nn.LayerNorm(size)
        self.fc1 = nn.Linear(size, int(size * ratio))
        self.fc2 = nn.Linear(int(size * ratio), size)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(batch, length, size) to the same."""
        attended = inputs + self.attention(self.norm1(inputs))
        return attended + self.fc2(functional.relu(self.fc1(self.norm2(attended))))


def make_layers(config: AdiffConfig, heads: int) -> nn.Sequential:
    """The layers of a mapper, or of the cross-projection."""
    size = config.text_config.hidden_size
    layers = (Layer(size, heads, config.mapper_ratio) for _ in range(config.mapper_layers))
    return nn.Sequential(*layers)


class PromptMapper(nn.Module):
    """Maps the tokens of a prompt to as many vectors: what a learned constant takes from them."""

    def __init__(self, config: AdiffConfig, length: int) -> None:
        super().__init__()
        self.constant = nn.Parameter(_CONSTANT_SCALE * torch.randn(length, config.text_config.hidden_size))
        self.layers = make_layers(config, config.mapper_heads)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(batch, any length, size) to (batch, length of the constant, size)."""
        constant = self.constant.expand(len(inputs), -1, -1)
        return self.layers(torch.cat((inputs, constant), dim=1))[:, inputs.shape[1] :]


class AudioMapper(PromptMapper):
    """Maps a clip's embedding to vectors."""

    def __init__(self, config: AdiffConfig) -> None:
        super().__init__(config, config.prefix_length)
        self.spread = nn.Linear(config.projection_size, config.prefix_length * config.text_config.hidden_size)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(batch, projection size) to (batch, prefix length, size)."""
        return super().forward(self.spread(inputs).unflatten(-1, (len(self.constant), -1)))


class Projection(nn.Module):
    """Brings the encoder's embedding to the projection's size."""

    def __init__(self, size: int, projection_size: int, dropout: float) -> None:
        super().__init__()
        self.linear1 = nn.Linear(size, projection_size, bias=False)
        self.linear2 = nn.Linear(projection_size, projection_size, bias=False)
        self.norm = nn.LayerNorm(projection_size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(batch, size) to (batch, projection size)."""
        first = self.linear1(inputs)
        return self.norm(first + self.dropout(self.linear2(functional.gelu(first))))


@dataclass(frozen=True)
class Heard:
    """What the encoder makes of clips.

    Attributes:
        embedding: (clips, encoder size).
        events: (clips, classes), AudioSet probabilities, 0 to 1.
        moments: (clips, what the event head tells, times), logits.
    """

    embedding: torch.Tensor
    events: torch.Tensor
    moments: torch.Tensor


class EventHead(nn.Module):
    """AudioSet's classes over HTSAT's last feature map."""

    def __init__(self, size: int, classes: int, frequencies: int) -> None:
        super().__init__()
        self.classes: tuple[int, ...] = tuple(range(classes))
        self.aspects: tuple[str, ...] = ()
        self.conv = nn.Conv2d(size, classes, (frequencies, 3), padding=(0, 1))

    def moments(self, features: torch.Tensor) -> torch.Tensor:
        """(clips, size, frequencies, times) to logits (clips, classes, times)."""
        return self.conv(features).flatten(2)

    @staticmethod
    def pooled(moments: torch.Tensor) -> torch.Tensor:
        """Logits (clips, classes, times) to probabilities (clips, classes)."""
        return torch.sigmoid(moments.mean(dim=2))

    @staticmethod
    def events(probabilities: torch.Tensor) -> torch.Tensor:
        """All of AudioSet's classes are known."""
        return probabilities


def _make_encoder(config: AudioConfig) -> tuple[nn.Module, nn.Module]:
    """The encoder and its event head."""
    if isinstance(config, ConvolutionalEncoderConfig):
        return ConvolutionalEncoder(config), MomentEventHead(config)
    stages = len(config.depths)
    frequencies = config.spec_size // config.patch_stride[0] // 2 ** (stages - 1)
    head = EventHead(config.hidden_size, config.num_classes, frequencies * config.num_mel_bins // config.spec_size)
    return ClapAudioModel(config), head


class AdiffModel(PreTrainedModel):
    """Two clips and a prompt in, an explanation of their difference out."""

    config: AdiffConfig
    config_class = AdiffConfig
    base_model_prefix = "adiff"
    main_input_name = "embedding1"
    _tied_weights_keys = {  # noqa: RUF012
        "language_model.lm_head.weight": "language_model.transformer.wte.weight"
    }
    _supports_sdpa = True

    def __init__(self, config: AdiffConfig) -> None:
        super().__init__(config)
        self.encoder, self.event_head = _make_encoder(config.audio_config)
        self.projection = Projection(config.audio_config.hidden_size, config.projection_size, config.projection_dropout)
        self.audio1_mapper = AudioMapper(config)
        self.audio2_mapper = AudioMapper(config)
        self.prompt_mapper = PromptMapper(config, config.prompt_length)
        self.cross_projection = make_layers(config, config.cross_heads) if config.cross_projection else nn.Identity()
        self.language_model = GPT2LMHeadModel(config.text_config)
        self.post_init()

    def hear(self, waveforms: torch.Tensor) -> Heard:
        """Encodes clips of `config.clip_samples` samples each: (clips, samples), -1 to 1."""
        return self.hear_spectrogram(log_mel(waveforms, self.config))

    def hear_spectrogram(self, spectrogram: torch.Tensor) -> Heard:
        """Encodes log-mel spectrograms: (clips, 1, frames, mels), dB."""
        encoded = self.encoder(input_features=spectrogram.to(self.dtype))
        moments = self.event_head.moments(encoded.last_hidden_state)
        probabilities = self.event_head.pooled(moments)
        embedding = encoded.pooler_output
        if embedding is None:
            embedding = event_embedding(moments, probabilities, spectrogram.squeeze(1), self.config)
        return Heard(embedding, self.event_head.events(probabilities), moments)

    def prefix(self, embedding1: torch.Tensor, embedding2: torch.Tensor, prompt_ids: torch.Tensor) -> torch.Tensor:
        """What the language model reads before the answer.

        Args:
            embedding1, embedding2: (pairs, encoder size), of `hear`.
            prompt_ids: (pairs, prompt length).

        Returns:
            (pairs, prefix tokens, size): clip 1, separator, clip 2, prompt, cross-projected.
        """
        tokens = self.language_model.get_input_embeddings()
        clips = [functional.normalize(self.projection(embedding), dim=-1) for embedding in (embedding1, embedding2)]
        separator = tokens.weight[self.config.separator_token].expand(len(prompt_ids), 1, -1)
        distinct, places = torch.unique(prompt_ids, dim=0, return_inverse=True)
        prompts = self.prompt_mapper(tokens(distinct))[places]
        parts = (self.audio1_mapper(clips[0]), separator, self.audio2_mapper(clips[1]), prompts)
        return self.cross_projection(torch.cat(parts, dim=1))

    def forward(
        self,
        embedding1: torch.Tensor,
        embedding2: torch.Tensor,
        prompt_ids: torch.Tensor,
        answer_ids: torch.Tensor,
        labels: torch.Tensor | None = None,
    ) -> CausalLMOutputWithPast:
        """The logits of the answer's tokens, and their cross-entropy.

        Args:
            answer_ids: (pairs, answer length).
            labels: (pairs, answer length), -100 where a token does not count. The first answer token is predicted
                from the last vector of the prefix.

        Returns:
            `logits` (pairs, answer length, vocabulary), those that predict each answer token; `loss` where labels
            are given.
        """
        prefix = self.prefix(embedding1, embedding2, prompt_ids)
        answer = self.language_model.get_input_embeddings()(answer_ids)
        read = torch.cat((prefix, answer[:, :-1]), dim=1)
        hidden = self.language_model.transformer(inputs_embeds=read).last_hidden_state
        logits = self.language_model.lm_head(hidden[:, prefix.shape[1] - 1 :])
        loss = None
        if labels is not None:
            loss = functional.cross_entropy(logits.flatten(0, 1).float(), labels.flatten(), ignore_index=-100)
        return CausalLMOutputWithPast(loss=loss, logits=logits)

    def _init_weights(self, module: nn.Module) -> None:
        """The parts' own initialization stands; transformers' models see to theirs."""
