"""What turns an embedding or a prompt into vectors that the language model reads: prefix tuning (paper, section 4)."""

import torch
from torch import nn
from torch.nn import functional

from adiff_model.config import AdiffConfig

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
