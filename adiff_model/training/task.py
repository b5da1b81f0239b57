"""What a step of a training consists of, whatever it is that is learnt."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import nn

Batch = Sequence[torch.Tensor]


class TrainingTask(Protocol):
    """A loss and the batches that it is taken of.

    Attributes:
        loss: called with a batch; holds all that is trained.
    """

    loss: nn.Module

    def batch(self, count: int, *place: int) -> Batch:
        """A batch of training, drawn by its place (step, micro-batch, process) alone."""

    def validation(self, count: int, most: int) -> Sequence[Batch]:
        """At most `most` batches, the same every time."""

    def samples(self, count: int) -> list[dict[str, str]]:
        """What the model says by now of a few examples of validation."""
