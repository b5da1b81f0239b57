"""What makes a token cheap on a CPU.

Products with few rows read each weight once, and the key-value cache grows without being copied. Measured with
`benchmarks/generate.py` on two cores: MKL takes 1.4 times as long for the product of one row with GPT-2's (768, 3072)
matrix as for that of the matrix with two columns, and twice as long for the vocabulary's; concatenation, which is how
transformers' cache grows, copies it for every token. Weights of 8 bits are a quarter of what a token has to read.
"""

import warnings
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import Cache, GPT2LMHeadModel
from transformers.cache_utils import DynamicLayer
from transformers.pytorch_utils import Conv1D

_FEW_ROWS = 64
_BLOCK = 128


class FewRowsLinear(nn.Module):
    """A linear layer whose product with a few rows is that of the weight with a few columns.

    Args:
        weight: (out, in).
        bias: (out,), or None.
    """

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.bias = nn.Parameter(bias, requires_grad=False) if bias is not None else None

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(…, in) to (…, out)."""
        rows = inputs.reshape(-1, inputs.shape[-1])
        if len(rows) > _FEW_ROWS:
            return functional.linear(inputs, self.weight, self.bias)
        columns = rows.repeat(2, 1) if len(rows) == 1 else rows
        product = (self.weight @ columns.T).T[: len(rows)].contiguous()  # torch's fast attention wants it so
        if self.bias is not None:
            product = product + self.bias
        return product.reshape(*inputs.shape[:-1], -1)


class GrowingLayer(DynamicLayer):
    """One layer's keys and values, in room that is made for many tokens at once."""

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        """Takes the sizes from the first tokens."""
        super().lazy_initialization(key_states, value_states)
        self._length = 0
        self._room = (_room_like(key_states, 0), _room_like(value_states, 0))

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """All keys and values with the new ones behind them: (rows, heads, tokens, size) each."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        start, self._length = self._length, self._length + key_states.shape[-2]
        if self._length > self._room[0].shape[-2]:
            self._room = tuple(self._moved(room, start) for room in self._room)
        for room, states in zip(self._room, (key_states, value_states), strict=True):
            room[:, :, start : self._length] = states
        self.keys, self.values = (room[:, :, : self._length] for room in self._room)
        return self.keys, self.values

    def _moved(self, room: torch.Tensor, filled: int) -> torch.Tensor:
        larger = _room_like(room, self._length + _BLOCK)
        larger[:, :, :filled] = room[:, :, :filled]
        return larger


def growing_cache() -> Cache:
    """A cache for greedy decoding and sampling (beams need transformers' own, which can be reordered)."""
    return Cache(layer_class_to_replicate=GrowingLayer)


def use_few_rows_products(language_model: GPT2LMHeadModel) -> None:
    """Puts `FewRowsLinear` in the place of GPT-2's linear layers: the same weights, for inference alone."""
    for module in list(language_model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv1D):
                setattr(module, name, FewRowsLinear(child.weight.data.T.contiguous(), child.bias.data))
    language_model.lm_head = FewRowsLinear(language_model.lm_head.weight.data, None)


def _room_like(states: torch.Tensor, tokens: int) -> torch.Tensor:
    rows, heads, _, size = states.shape
    return states.new_empty(rows, heads, tokens, size)


def quantize(language_model: GPT2LMHeadModel) -> GPT2LMHeadModel:
    """Weights of every linear layer in int8, activations quantized as they come (dynamic quantization)."""
    for module in list(language_model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv1D):
                setattr(module, name, _linear(child))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is to move to torchao
        return torch.ao.quantization.quantize_dynamic(language_model, {nn.Linear}, dtype=torch.qint8)


def _linear(layer: Conv1D) -> nn.Linear:
    """GPT-2's `Conv1D` is a linear layer with its weight transposed."""
    linear = nn.Linear(*layer.weight.shape)
    linear.weight.data = layer.weight.data.T.contiguous()
    linear.bias.data = layer.bias.data
    return linear
