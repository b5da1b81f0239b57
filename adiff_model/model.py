"""The network (ADIFF, section 4): HTSAT, a mapper for each clip and the prompt, cross-projection, GPT-2."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional
from transformers import ClapAudioModel, GPT2LMHeadModel, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from adiff_model.config import AdiffConfig, EncoderConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoder, ConvolutionalEncoderConfig, FrameEventHead
from adiff_model.event_embedding import event_embedding
from adiff_model.log_mel import log_mel
from adiff_model.measures import compare, comparison_size, heard, heard_size

_CONSTANT_SCALE = 0.1  # at first, a larger constant would drown its inputs


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
    """A pre-norm transformer layer."""

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
    size = config.language_config.hidden_size
    layers = (Layer(size, heads, config.mapper_ratio) for _ in range(config.mapper_layers))
    return nn.Sequential(*layers)


class PromptMapper(nn.Module):
    """Maps the tokens of a prompt to as many vectors: the outputs at the positions of a learned constant."""

    def __init__(self, config: AdiffConfig, length: int) -> None:
        super().__init__()
        self.constant = nn.Parameter(_CONSTANT_SCALE * torch.randn(length, config.language_config.hidden_size))
        self.layers = make_layers(config, config.mapper_heads)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(batch, input length, size) to (batch, length of the constant, size)."""
        constant = self.constant.expand(len(inputs), -1, -1)
        return self.layers(torch.cat((inputs, constant), dim=1))[:, inputs.shape[1] :]


class AudioMapper(PromptMapper):
    """Maps a clip's embedding to vectors."""

    def __init__(self, config: AdiffConfig) -> None:
        super().__init__(config, config.prefix_length)
        self.spread = nn.Linear(config.projection_size, config.prefix_length * config.language_config.hidden_size)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(batch, projection size) to (batch, prefix length, size)."""
        return super().forward(self.spread(inputs).unflatten(-1, (len(self.constant), -1)))


class ComparisonMapper(nn.Module):
    """Maps how two clips differ in what is measured to vectors, apart from what is heard in each."""

    def __init__(self, config: AdiffConfig, size: int) -> None:
        super().__init__()
        self._length = config.prefix_length
        self.spread = nn.Linear(size, config.prefix_length * config.language_config.hidden_size)

    def forward(self, comparison: torch.Tensor) -> torch.Tensor:
        """(pairs, size of the comparison) to (pairs, prefix length, size)."""
        return self.spread(comparison).unflatten(-1, (self._length, -1))


class Projection(nn.Module):
    """Projects the encoder's embedding to the size of the mappers' input."""

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


Encoder = ClapAudioModel | ConvolutionalEncoder


@dataclass(frozen=True)
class AudioEncoding:
    """The encoder's output for a batch of clips.

    Attributes:
        embeddings: (clips, encoder size), without measures.
        event_probabilities: (clips, AudioSet's classes), 0 to 1.
        frame_logits: (clips, outputs of the event head, frames).
    """

    embeddings: torch.Tensor
    event_probabilities: torch.Tensor
    frame_logits: torch.Tensor


class EventHead(nn.Module):
    """The presence of AudioSet's classes, predicted from HTSAT's last feature map."""

    def __init__(self, channels: int, num_classes: int, frequencies: int) -> None:
        super().__init__()
        self.classes: tuple[int, ...] = tuple(range(num_classes))
        self.aspects: tuple[str, ...] = ()
        self.conv = nn.Conv2d(channels, num_classes, (frequencies, 3), padding=(0, 1))

    def frame_logits(self, features: torch.Tensor) -> torch.Tensor:
        """(clips, channels, frequencies, frames) to logits (clips, classes, frames)."""
        return self.conv(features).flatten(2)

    @staticmethod
    def pool(frame_logits: torch.Tensor) -> torch.Tensor:
        """Logits (clips, classes, frames) to the clips' probabilities (clips, classes)."""
        return torch.sigmoid(frame_logits.mean(dim=2))

    @staticmethod
    def audioset_probabilities(probabilities: torch.Tensor) -> torch.Tensor:
        """The same: this head predicts all of AudioSet's classes."""
        return probabilities


def _make_encoder(config: EncoderConfig) -> tuple[Encoder, EventHead | FrameEventHead]:
    """The encoder and its event head."""
    if isinstance(config, ConvolutionalEncoderConfig):
        return ConvolutionalEncoder(config), FrameEventHead(config)
    stride = config.patch_stride
    frequencies = (
        config.spec_size // (stride if isinstance(stride, int) else stride[0]) // 2 ** (len(config.depths) - 1)
    )
    head = EventHead(config.hidden_size, config.num_classes, frequencies * config.num_mel_bins // config.spec_size)
    return ClapAudioModel(config), head


class AdiffModel(PreTrainedModel):
    """Explains the difference between two clips, as a prompt asks."""

    config: AdiffConfig
    encoder: Encoder
    event_head: EventHead | FrameEventHead
    config_class = AdiffConfig
    base_model_prefix = "adiff"
    main_input_name = "embedding1"
    _tied_weights_keys = {  # noqa: RUF012
        "language_model.lm_head.weight": "language_model.transformer.wte.weight"
    }
    _supports_sdpa = True

    def __init__(self, config: AdiffConfig) -> None:
        super().__init__(config)
        self.encoder, self.event_head = _make_encoder(config.encoder_config)
        size, num_measures = config.encoder_config.hidden_size, len(config.measures)
        self.projection = Projection(heard_size(size, num_measures), config.projection_size, config.projection_dropout)
        self.audio1_mapper = AudioMapper(config)
        self.audio2_mapper = AudioMapper(config)
        self.prompt_mapper = PromptMapper(config, config.prompt_length)
        self.comparison_mapper: nn.Module = (
            ComparisonMapper(config, comparison_size(num_measures)) if num_measures else nn.Identity()
        )
        self.cross_projection = make_layers(config, config.cross_heads) if config.cross_projection else nn.Identity()
        self.language_model = GPT2LMHeadModel(config.language_config)
        self.post_init()

    @property
    def measures(self) -> tuple[str, ...]:
        """As in `AdiffConfig.measures`."""
        return self.config.measures

    @property
    def token_embedding(self) -> nn.Embedding:
        """The language model's embedding of tokens."""
        return self.language_model.transformer.wte

    def encode_audio(self, waveforms: torch.Tensor) -> AudioEncoding:
        """Encodes clips of `config.clip_samples` samples each: (clips, samples), -1 to 1."""
        return self.encode_spectrogram(log_mel(waveforms, self.config))

    def encode_spectrogram(self, spectrogram: torch.Tensor) -> AudioEncoding:
        """Encodes log-mel spectrograms: (clips, 1, frames, mels), dB."""
        encoded = self.encoder(input_features=spectrogram.to(self.dtype))
        frame_logits = self.event_head.frame_logits(encoded.last_hidden_state)
        probabilities = self.event_head.pool(frame_logits)
        embeddings = encoded.pooler_output
        if embeddings is None:
            embeddings = event_embedding(frame_logits, probabilities, spectrogram.squeeze(1), self.config)
        return AudioEncoding(embeddings, self.event_head.audioset_probabilities(probabilities), frame_logits)

    def prefix(self, embedding1: torch.Tensor, embedding2: torch.Tensor, prompt_ids: torch.Tensor) -> torch.Tensor:
        """The vectors that the language model reads before the answer.

        Args:
            embedding1, embedding2: (pairs, encoder size), of `encode_audio`, with measures where the encoder has some.
            prompt_ids: (pairs, prompt length).

        Returns:
            (pairs, prefix tokens, size): clip 1, separator, clip 2, with measures their comparison, prompt;
            cross-projected.
        """
        tokens, num_measures = self.token_embedding, len(self.measures)
        embeddings = (heard(embedding, num_measures).to(self.dtype) for embedding in (embedding1, embedding2))
        clips = [functional.normalize(clip, dim=-1) for clip in map(self.projection, embeddings)]
        separator = tokens.weight[self.config.separator_token].expand(len(prompt_ids), 1, -1)
        distinct_prompts, indices = torch.unique(prompt_ids.cpu(), dim=0, return_inverse=True)  # MPS has none of rows
        prompts = self.prompt_mapper(tokens(distinct_prompts.to(prompt_ids.device)))[indices.to(prompt_ids.device)]
        parts = [self.audio1_mapper(clips[0]), separator, self.audio2_mapper(clips[1]), prompts]
        if num_measures:
            comparison = compare(embedding1, embedding2, num_measures).to(self.dtype)
            parts.insert(3, self.comparison_mapper(comparison))
        if self.config.cross_projection == "segments":
            return torch.cat([self.cross_projection(part) for part in parts], dim=1)
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
            labels: (pairs, answer length), -100 for tokens that do not count. The first answer token is predicted
                from the last vector of the prefix.

        Returns:
            `logits` (pairs, answer length, vocabulary), those that predict each answer token; `loss` if labels are
            given.
        """
        prefix = self.prefix(embedding1, embedding2, prompt_ids)
        inputs = torch.cat((prefix, self.token_embedding(answer_ids[:, :-1])), dim=1)
        hidden = self.language_model.transformer(inputs_embeds=inputs).last_hidden_state
        logits = self.language_model.lm_head(hidden[:, prefix.shape[1] - 1 :])
        loss = None
        if labels is not None:
            loss = functional.cross_entropy(logits.flatten(0, 1).float(), labels.flatten(), ignore_index=-100)
        return CausalLMOutputWithPast(loss=loss, logits=logits)

    def _init_weights(self, module: nn.Module) -> None:
        """Keeps the default initialization of the modules; transformers' models initialize themselves."""
