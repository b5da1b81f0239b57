"""Clips through the encoder: each once, however many pairs it stands in; read by other processes meanwhile."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from adiff_data.core.errors import AdiffError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_model.audio import Resampler, Window, cut, read_audio
from adiff_model.config import AdiffConfig
from adiff_model.model import AdiffModel

_FEW = 8  # reading fewer clips is done before a process has started
BATCH = 16


@dataclass(frozen=True)
class EncodedClip:
    """What is known of a clip once it was heard.

    Attributes:
        embedding: (encoder size,), the mean over its windows.
        events: (classes,), the highest probability over its windows.
    """

    embedding: np.ndarray
    events: np.ndarray


@dataclass(frozen=True)
class Reading:
    """How clips are read: which window of a long one, by which resampler."""

    window: Window = "start"
    resampler: Resampler = "soxr"


@dataclass(frozen=True)
class _Read:
    """A clip that was read: its windows and the SHA-256 of its file, or why it could not be."""

    path: str
    digest: str = ""
    windows: np.ndarray | None = None
    fault: AdiffError | None = None


class _Clips(Dataset):
    """Reads clips, in whichever process asks; what is in the cache is not decoded."""

    def __init__(
        self, paths: Sequence[str], config: AdiffConfig, reading: Reading, cached: "EmbeddingCache | None"
    ) -> None:
        self._paths, self._reading, self._cached = paths, reading, cached
        self._rate, self._length = config.sampling_rate, config.clip_samples

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int) -> _Read:
        path = self._paths[place]
        try:
            digest = _digest(Path(path)) if self._cached else ""
            if self._cached and self._cached.has(digest):
                return _Read(path, digest)
            samples = read_audio(Path(path), self._rate, self._reading.resampler)
        except AdiffError as fault:
            return _Read(path, fault=fault)
        return _Read(path, digest, cut(samples, self._length, self._reading.window))


class EmbeddingCache:
    """Encoded clips on disk, by the content of their files, the model's weights and how they were read."""

    def __init__(self, folder: Path, model: AdiffModel, reading: Reading) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = f"{_fingerprint(model)}-{reading.window}-{reading.resampler}"

    def has(self, digest: str) -> bool:
        """Whether a clip of this content is there."""
        return self._path(digest).exists()

    def get(self, digest: str) -> EncodedClip:
        """The clip that is there."""
        with np.load(self._path(digest), allow_pickle=False) as kept:
            return EncodedClip(kept["embedding"], kept["events"])

    def put(self, digest: str, clip: EncodedClip) -> None:
        """Keeps a clip; a kill leaves it whole or not there."""
        path = self._path(digest)
        temporary = path.with_suffix(".part")
        with temporary.open("wb") as file:
            np.savez(file, embedding=clip.embedding, events=clip.events)
        temporary.replace(path)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self._key}-{digest}'.encode()).hexdigest()[:40]}.npz"


def encode_clips(
    model: AdiffModel,
    paths: Iterable[str],
    *,
    reading: Reading | None = None,
    cache: Path | None = None,
    workers: int = 1,
    progress: ProgressCallback | None = None,
) -> dict[str, EncodedClip | AdiffError]:
    """Encodes each clip once.

    Args:
        cache: a folder to keep what was encoded in.
        workers: processes that read and resample while the model runs.
        progress: told how many clips are encoded.

    Returns:
        By path, the encoded clip, or the fault of a file that could not be read.
    """
    reading = reading or Reading()
    distinct = list(dict.fromkeys(paths))
    kept = EmbeddingCache(cache, model, reading) if cache else None
    clips = _Clips(distinct, model.config, reading, kept)
    loader = DataLoader(
        clips, batch_size=BATCH, num_workers=workers if len(distinct) > _FEW else 0, collate_fn=lambda batch: batch
    )
    found: dict[str, EncodedClip | AdiffError] = {}
    counter = ProgressCounter(progress, "encode", len(distinct), unit="clips")
    for batch in loader:
        for path, clip in _encode_batch(model, batch, kept):
            found[path] = clip
            counter.advance()
    return found


@torch.inference_mode()
def _encode_batch(
    model: AdiffModel, batch: list[_Read], kept: EmbeddingCache | None
) -> Iterator[tuple[str, EncodedClip | AdiffError]]:
    new = [clip for clip in batch if clip.windows is not None]
    for clip in batch:
        if clip.fault:
            yield clip.path, clip.fault
        elif clip.windows is None and kept:
            yield clip.path, kept.get(clip.digest)
    if not new:
        return
    windows = torch.from_numpy(np.concatenate([clip.windows for clip in new]))
    heard = [model.hear(part.to(model.device)) for part in windows.split(BATCH)]
    embeddings = torch.cat([part.embedding for part in heard]).float().cpu().numpy()
    events = torch.cat([part.events for part in heard]).float().cpu().numpy()
    ends = np.cumsum([len(clip.windows) for clip in new])
    for clip, end in zip(new, ends, strict=True):
        own = slice(end - len(clip.windows), end)
        encoded = EncodedClip(embeddings[own].mean(axis=0), events[own].max(axis=0))
        if kept:
            kept.put(clip.digest, encoded)
        yield clip.path, encoded


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # that it cannot be read is told by who reads it


def _fingerprint(model: AdiffModel) -> str:
    """Of the encoder's weights, and of its sizes: an embedding follows from these too."""
    digest = hashlib.sha256(model.config.audio_config.to_json_string().encode())
    for part in (model.encoder, model.event_head):
        for name, value in part.state_dict().items():
            digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
            digest.update(value.detach().cpu().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()
