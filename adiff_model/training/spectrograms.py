"""Log-mel spectrograms of whole recordings, kept in memory, and the crops of them that the encoder hears."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from adiff_model.audio import cut, read_audio
from adiff_model.config import AdiffConfig
from adiff_model.log_mel import log_mel

KEPT_BYTES = 4 * 2**30


class Spectrograms:
    """Reads each recording once, as long as there is room for all.

    Args:
        kept_bytes: of spectrograms (half precision) in memory; the one that was used least recently goes first.
    """

    def __init__(self, config: AdiffConfig, kept_bytes: int = KEPT_BYTES) -> None:
        self._config, self._room = config, kept_bytes
        self._kept: OrderedDict[str, torch.Tensor] = OrderedDict()
        self.frames = config.clip_samples // config.hop_length + 1

    def crops(self, paths: Sequence[str], random: np.random.Generator | None = None) -> torch.Tensor:
        """(clips, 1, frames, mels) in dB: a random crop of each longer clip, or its beginning where none is drawn."""
        return torch.stack([self._crop(self._of(path), random) for path in paths]).unsqueeze(1)

    def _crop(self, whole: torch.Tensor, random: np.random.Generator | None) -> torch.Tensor:
        spare = len(whole) - self.frames
        start = int(random.integers(spare + 1)) if random is not None and spare else 0
        return whole[start : start + self.frames].float()

    def _of(self, path: str) -> torch.Tensor:
        """(frames of the clip, mels), half precision."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        samples = read_audio(Path(path), self._config.sampling_rate)
        if len(samples) < self._config.clip_samples:
            samples = cut(samples, self._config.clip_samples)[0]
        found = log_mel(torch.from_numpy(samples[None]), self._config)[0, 0].half()
        self._kept[path] = found
        self._room -= found.nbytes
        while self._room < 0 and len(self._kept) > 1:
            self._room += self._kept.popitem(last=False)[1].nbytes
        return found
