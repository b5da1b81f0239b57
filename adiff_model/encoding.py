"""Encoding recordings: each once, however many pairs it belongs to, while threads read the next ones."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from adiff_data.audio.decoding import read_info
from adiff_data.audio.facts import VERSION as FACTS_VERSION
from adiff_data.core.errors import AdiffError, InputError
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.threads import work_ahead
from adiff_model.audio import Resampler, Window, iterate_windows, read_windows
from adiff_model.measures import measured_values
from adiff_model.model import AdiffModel

ENCODER_BATCH_SIZE = 16
_WINDOWS_IN_TURN = 4
_MOST_WINDOWS = 64  # that are read at once: of a longer recording, `all` are read and encoded in turn


@dataclass(frozen=True)
class EncodedClip:
    """The encoder's output for a clip.

    Attributes:
        embedding: (encoder size,), the mean over its windows, and the measures of the recording, where there are some.
        event_probabilities: (AudioSet's classes,), the maximum over its windows.
    """

    embedding: np.ndarray
    event_probabilities: np.ndarray


@dataclass(frozen=True)
class Reading:
    """How recordings are read: which window of a long one is used, and which resampler."""

    window: Window = "start"
    resampler: Resampler = "soxr"


@dataclass(frozen=True)
class _Recording:
    """A recording's windows, what is measured of it and the SHA-256 of its file, or why it cannot be read; no windows
    if it is cached, or too long to be read at once."""

    path: str
    digest: str = ""
    windows: np.ndarray | None = None
    measured: np.ndarray | None = None
    is_long: bool = False
    fault: AdiffError | None = None


class _Reader:
    """Reads recordings, in any thread; those in the cache are not decoded."""

    def __init__(self, model: AdiffModel, reading: Reading, cache: "EmbeddingCache | None") -> None:
        self._reading, self._cache, self._measures = reading, cache, model.measures
        self._sampling_rate, self._length = model.config.sampling_rate, model.config.clip_samples

    def read(self, path: str) -> _Recording:
        """A recording, or why it cannot be read."""
        try:
            digest = _file_digest(Path(path)) if self._cache else ""
            if self._cache and self._cache.has(digest):
                return _Recording(path, digest)
            measured = self._measured(Path(path))
            if self._is_long(Path(path)):
                return _Recording(path, digest, measured=measured, is_long=True)
            windows = read_windows(
                Path(path), self._sampling_rate, self._length, self._reading.window, self._reading.resampler
            )
        except AdiffError as fault:
            return _Recording(path, fault=fault)
        return _Recording(path, digest, windows, measured)

    def iterate(self, path: str) -> Iterator[np.ndarray]:
        """The windows of a long recording, some at once."""
        return iterate_windows(Path(path), self._sampling_rate, self._length, _WINDOWS_IN_TURN, self._reading.resampler)

    def _measured(self, path: Path) -> np.ndarray | None:
        """The recording's measures, as `measured_values`; None for an encoder without any."""
        if not self._measures:
            return None
        from adiff_data.audio.acoustics import measure_file  # noqa: PLC0415 - librosa takes seconds

        try:
            facts = measure_file(path)
        except InputError:  # what can be encoded may still be beyond what is measured
            facts = None
        return measured_values(facts, self._measures)

    def _is_long(self, path: Path) -> bool:
        if self._reading.window != "all" or not path.is_file():
            return False
        info = read_info(path)
        return info.frames is None or info.frames / info.rate > _MOST_WINDOWS * self._length / self._sampling_rate


class EmbeddingCache:
    """Encoded clips on disk, by the content of their files, the encoder's weights and how they are read."""

    def __init__(self, folder: Path, model: AdiffModel, reading: Reading) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = f"{_fingerprint(model)}-{reading.window}-{reading.resampler}"

    def has(self, digest: str) -> bool:
        """Whether a clip with this digest is cached."""
        return self._path(digest).exists()

    def get(self, digest: str) -> EncodedClip:
        """The cached clip."""
        with np.load(self._path(digest), allow_pickle=False) as arrays:
            return EncodedClip(arrays["embedding"], arrays["events"])

    def put(self, digest: str, clip: EncodedClip) -> None:
        """Caches a clip; a killed process leaves it complete or absent."""
        path = self._path(digest)
        temporary = path.with_suffix(".part")
        with temporary.open("wb") as file:
            np.savez(file, embedding=clip.embedding, events=clip.event_probabilities)
        temporary.replace(path)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self._key}-{digest}'.encode()).hexdigest()[:40]}.npz"


def encode_clips(
    model: AdiffModel,
    paths: Iterable[str],
    *,
    reading: Reading | None = None,
    cache: Path | None = None,
    reading_threads: int = 1,
    progress: ProgressCallback | None = None,
) -> dict[str, EncodedClip | AdiffError]:
    """Encodes each clip once.

    Args:
        cache: a folder for the encoded clips.
        reading_threads: how many threads read and resample while the model runs; 0 reads in between.
        progress: called with the number of encoded clips.

    Returns:
        by path, the encoded clip, or the error if its file cannot be read.
    """
    reading = reading or Reading()
    distinct = list(dict.fromkeys(paths))
    embedding_cache = EmbeddingCache(cache, model, reading) if cache else None
    reader = _Reader(model, reading, embedding_cache)
    ahead = 0 if reading.window == "all" else ENCODER_BATCH_SIZE  # of a long recording, all windows are hundreds
    encoded: dict[str, EncodedClip | AdiffError] = {}
    counter = ProgressCounter(progress, "encode", len(distinct), unit="clips")
    with work_ahead(reader.read, distinct, threads=reading_threads, ahead=ahead) as recordings:
        for batch in _batches(recordings):
            for path, clip in _encode_batch(model, batch, reader, embedding_cache):
                encoded[path] = clip
                counter.advance()
    return encoded


def _batches(recordings: Iterable[_Recording]) -> Iterator[list[_Recording]]:
    """Yields recordings together, until they have windows enough for the encoder."""
    batch: list[_Recording] = []
    windows = 0
    for recording in recordings:
        batch.append(recording)
        windows += 0 if recording.windows is None else len(recording.windows)
        if max(windows, len(batch)) >= ENCODER_BATCH_SIZE:
            yield batch
            batch, windows = [], 0
    if batch:
        yield batch


@torch.inference_mode()
def _encode_batch(
    model: AdiffModel, batch: list[_Recording], reader: _Reader, cache: EmbeddingCache | None
) -> Iterator[tuple[str, EncodedClip | AdiffError]]:
    new: list[tuple[_Recording, np.ndarray]] = []
    for recording in batch:
        if recording.fault:
            yield recording.path, recording.fault
        elif recording.is_long:
            yield recording.path, _encode_long(model, recording, reader, cache)
        elif recording.windows is not None:
            new.append((recording, recording.windows))
        elif cache:
            yield recording.path, cache.get(recording.digest)
    if not new:
        return
    batched = torch.from_numpy(np.concatenate([windows for _, windows in new]))
    embeddings, probabilities = _encode_windows(model, batched.split(ENCODER_BATCH_SIZE))
    ends = np.cumsum([len(windows) for _, windows in new])
    for (recording, windows), end in zip(new, ends, strict=True):
        span = slice(end - len(windows), end)
        clip = _clip_of(embeddings[span], probabilities[span], recording.measured)
        if cache:
            cache.put(recording.digest, clip)
        yield recording.path, clip


def _encode_long(
    model: AdiffModel, recording: _Recording, reader: _Reader, cache: EmbeddingCache | None
) -> EncodedClip | AdiffError:
    """Encodes a recording of many windows while it is read."""
    try:
        embeddings, probabilities = _encode_windows(model, map(torch.from_numpy, reader.iterate(recording.path)))
    except AdiffError as fault:
        return fault
    clip = _clip_of(embeddings, probabilities, recording.measured)
    if cache:
        cache.put(recording.digest, clip)
    return clip


def _clip_of(embeddings: np.ndarray, probabilities: np.ndarray, measured: np.ndarray | None) -> EncodedClip:
    """A clip of its windows' embeddings (windows, size) and probabilities (windows, classes), and its measures."""
    heard = embeddings.mean(axis=0)
    return EncodedClip(heard if measured is None else np.concatenate([heard, measured]), probabilities.max(axis=0))


def _encode_windows(model: AdiffModel, batches: Iterable[torch.Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """The embedding and the event probabilities of each window, (windows, encoder size) and (windows, classes)."""
    embeddings, probabilities = [], []
    for batch in batches:
        encoded = model.encode_audio(batch.to(model.device))
        embeddings.append(encoded.embeddings.float().cpu().numpy())
        probabilities.append(encoded.event_probabilities.float().cpu().numpy())
    return np.concatenate(embeddings), np.concatenate(probabilities)


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # reading it raises the error


def _fingerprint(model: AdiffModel) -> str:
    """A digest of the encoder's sizes and weights and of the way to measure, which determine the embeddings."""
    digest = hashlib.sha256(model.config.encoder_config.to_json_string().encode())
    if model.measures:
        digest.update(f"facts {FACTS_VERSION}".encode())
    for module in (model.encoder, model.event_head):
        for name, value in module.state_dict().items():
            digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
            digest.update(value.detach().cpu().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()
