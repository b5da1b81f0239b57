"""The interface of a training task, whatever it is that the model learns."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import nn

Batch = Sequence[torch.Tensor]


class TrainingTask(Protocol):
    """A loss and its batches.

    Attributes:
        loss: called with a batch; contains all modules that are trained.
    """

    loss: nn.Module

    def batch(self, batch_size: int, *position: int) -> Batch:
        """A training batch, determined by its position (step, micro-batch, process)."""

    def validation(self, batch_size: int, max_batches: int) -> Sequence[Batch]:
        """At most `max_batches` validation batches, the same every time."""

    def samples(self, count: int) -> list[dict[str, str]]:
        """The model's current output for a few validation examples."""
