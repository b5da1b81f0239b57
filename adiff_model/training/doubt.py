"""Doubt cast on the embeddings of clips that are embedded beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from adiff_model.training.task import Batch


@dataclass(frozen=True)
class Doubt:
    """What is done to embeddings in training, since a few thousand clips would be learnt by heart.

    Attributes:
        noise: the standard deviation of what is added, each time anew.
        mixing: how much of another clip's embedding is added at most.
        measured: values at the end of an embedding that are not mixed.
    """

    noise: float = 0.0
    mixing: float = 0.0
    measured: int = 0

    def cast(self, embeddings: Sequence[torch.Tensor], random: np.random.Generator | None) -> Batch:
        """Embeddings (clips, size) with doubt cast on them; as they are where nothing is drawn."""
        if random is None or not (self.noise or self.mixing):
            return embeddings
        return [self._on(own, random) for own in embeddings]

    def _on(self, clips: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
        found = clips.clone()
        if self.noise:
            found += self.noise * torch.from_numpy(random.standard_normal(clips.shape, dtype=np.float32))
        if self.mixing:
            heard = clips.shape[1] - self.measured
            others = clips[torch.from_numpy(random.permutation(len(clips)))]
            share = torch.from_numpy(random.uniform(0, self.mixing, (len(clips), 1))).float()
            found[:, :heard] += share * others[:, :heard]
        return found
