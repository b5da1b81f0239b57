"""Faster decoding on CPUs: products of few rows that read each weight once, a key-value cache that grows without being
copied, and 8-bit weights.

Measured with `benchmarks/generate.py` on two cores: MKL takes 1.4 times as long for the product of one row and GPT-2's
(768, 3072) matrix as for that of the matrix and two columns, and twice as long for the vocabulary's. Concatenation, by
which transformers' cache grows, copies the cache for every token. 8-bit weights are a quarter of the bytes to read.
"""

import warnings
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import Cache, GPT2LMHeadModel
from transformers.cache_utils import DynamicLayer
from transformers.pytorch_utils import Conv1D

_MAX_FEW_ROWS = 64
_CACHE_BLOCK = 128  # tokens by which the cache grows


class FewRowsLinear(nn.Module):
    """A linear layer that computes the product with a few rows as that of the weight and a few columns.

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
        if len(rows) > _MAX_FEW_ROWS:
            return functional.linear(inputs, self.weight, self.bias)
        columns = rows.repeat(2, 1) if len(rows) == 1 else rows
        product = (self.weight @ columns.T).T[: len(rows)].contiguous()  # torch's fast attention needs it
        if self.bias is not None:
            product = product + self.bias
        return product.reshape(*inputs.shape[:-1], -1)


class GrowingLayer(DynamicLayer):
    """One layer's keys and values, in buffers that grow by many tokens at a time."""

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        """Takes the shapes from the first tokens."""
        super().lazy_initialization(key_states, value_states)
        self._length = 0
        self._buffers = [_buffer_like(key_states, 0), _buffer_like(value_states, 0)]

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Appends keys and values; returns all of them: (rows, heads, tokens, size) each."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        start, self._length = self._length, self._length + key_states.shape[-2]
        if self._length > self._buffers[0].shape[-2]:
            self._buffers = [self._enlarged(buffer, start) for buffer in self._buffers]
        for buffer, states in zip(self._buffers, (key_states, value_states), strict=True):
            buffer[:, :, start : self._length] = states
        self.keys, self.values = (buffer[:, :, : self._length] for buffer in self._buffers)
        return self.keys, self.values

    def _enlarged(self, buffer: torch.Tensor, filled: int) -> torch.Tensor:
        larger = _buffer_like(buffer, self._length + _CACHE_BLOCK)
        larger[:, :, :filled] = buffer[:, :, :filled]
        return larger


def growing_cache() -> Cache:
    """A cache for greedy decoding and sampling (beam search needs that of transformers, which can be reordered)."""
    return Cache(layer_class_to_replicate=GrowingLayer)


def use_few_rows_products(language_model: GPT2LMHeadModel) -> None:
    """Replaces GPT-2's linear layers by `FewRowsLinear`: the same weights, for inference only."""
    for module in list(language_model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv1D):
                setattr(module, name, FewRowsLinear(child.weight.data.T.contiguous(), child.bias.data))
    language_model.lm_head = FewRowsLinear(language_model.lm_head.weight.data, None)


def _buffer_like(states: torch.Tensor, tokens: int) -> torch.Tensor:
    rows, heads, _, size = states.shape
    return states.new_empty(rows, heads, tokens, size)


def quantize(language_model: GPT2LMHeadModel) -> GPT2LMHeadModel:
    """Dynamic quantization: the weights of all linear layers in int8, activations quantized on the fly."""
    for module in list(language_model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv1D):
                setattr(module, name, _linear(child))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its move to torchao
        return torch.ao.quantization.quantize_dynamic(language_model, {nn.Linear}, dtype=torch.qint8)


def _linear(layer: Conv1D) -> nn.Linear:
    """GPT-2's `Conv1D` is a linear layer with its weight transposed."""
    linear = nn.Linear(*layer.weight.shape)
    linear.weight.data = layer.weight.data.T.contiguous()
    linear.bias.data = layer.bias.data
    return linear
