"""Log-mel spectrograms of whole recordings, cached in memory, and their crops for the encoder."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch

from adiff_data.core.threads import work_ahead
from adiff_model.audio import extract_windows, read_audio
from adiff_model.config import AdiffConfig
from adiff_model.log_mel import log_mel

CACHE_BYTES = 4 * 2**30
_READERS = 8


class Spectrograms:
    """Reads each recording once, as long as the cache has room for all of them.

    Args:
        cache_bytes: the size of the cache; the least recently used spectrograms (half precision) are dropped first.
    """

    def __init__(self, config: AdiffConfig, cache_bytes: int = CACHE_BYTES) -> None:
        self._config, self._free_bytes = config, cache_bytes
        self._cache: OrderedDict[str, torch.Tensor] = OrderedDict()
        self.frames = config.clip_samples // config.hop_length + 1

    def crops(self, paths: Sequence[str], random: np.random.Generator | None = None) -> torch.Tensor:
        """(clips, 1, frames, mels) in dB: a random crop of each longer clip, or its beginning if `random` is None."""
        wholes = self._wholes(dict.fromkeys(paths))
        return torch.stack([self._crop(wholes[path], random) for path in paths]).unsqueeze(1)

    def _crop(self, whole: torch.Tensor, random: np.random.Generator | None) -> torch.Tensor:
        spare = len(whole) - self.frames
        start = int(random.integers(spare + 1)) if random is not None and spare else 0
        return whole[start : start + self.frames].float()

    def _wholes(self, paths: Iterable[str]) -> dict[str, torch.Tensor]:
        """By path, (frames of the clip, mels), half precision; what is not in the cache is read by several threads."""
        cached = {path: self._cache[path] for path in paths if path in self._cache}
        new = [path for path in paths if path not in cached]
        with work_ahead(self._read, new, threads=min(_READERS, len(new)), ahead=len(new)) as spectrograms:
            read = dict(zip(new, spectrograms, strict=True))
        for path in cached:
            self._cache.move_to_end(path)
        self._cache |= read
        self._free_bytes -= sum(spectrogram.nbytes for spectrogram in read.values())
        while self._free_bytes < 0 and len(self._cache) > 1:
            self._free_bytes += self._cache.popitem(last=False)[1].nbytes
        return cached | read

    def _read(self, path: str) -> torch.Tensor:
        samples = read_audio(Path(path), self._config.sampling_rate)
        if len(samples) < self._config.clip_samples:
            samples = extract_windows(samples, self._config.clip_samples)[0]
        return log_mel(torch.from_numpy(samples[None]), self._config)[0, 0].half()
