"""The language model in 8 bits, for CPUs: a token costs the reading of all weights, which are then a quarter."""

import warnings

import torch
from torch import nn
from transformers import GPT2LMHeadModel
from transformers.pytorch_utils import Conv1D


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
