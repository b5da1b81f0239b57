"""The recordings of a request, as files that the model's reader takes; what is no sound, or too much, is refused."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from adiff_data.audio.decoding import AudioInfo, mixed_down, read_blocks, read_info
from adiff_data.core.errors import InputError
from adiff_model.serving.questions import SentAudio
from adiff_model.serving.refusals import Refusal

# What a file's header may say: from it follows how much memory a second of sound takes.
_RATES = (1_000, 192_000)  # Hz
_MOST_CHANNELS = 8
_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"fLaC", b"OggS", b"ID3")
_MOST_JOINED_SECONDS = 120.0  # which are read at once
_SILENT = 1e-3  # -60 dBFS: what MP3 makes of silence stays below
_SHORTER = 0.9  # the share of a gap that must be left of it, since codecs smear the sound beside it


@dataclass(frozen=True)
class Recording:
    """A recording in a file.

    Attributes:
        digest: the SHA-256 of its content.
    """

    digest: str
    path: Path


def keep_recordings(
    audio: Sequence[SentAudio], gap: float, folder: Path, longest: float
) -> tuple[Recording, Recording]:
    """Writes the recordings of a question into a folder of its own.

    Args:
        audio: two recordings, or one in which both stand, with `gap` seconds of silence between them.
        longest: of a recording, seconds.

    Raises:
        Refusal: one is no audio, is too long, or has another rate or number of channels than sound has; or two that
            are joined cannot be told apart.
    """
    if len(audio) == 1:
        return _split(keep_recording(audio[0].content, folder / "joined", _MOST_JOINED_SECONDS, "the recording"), gap)
    first, second = (
        keep_recording(each.content, folder / f"audio{number}", longest, f"audio {number}")
        for number, each in enumerate(audio, start=1)
    )
    return first, second


def keep_recording(content: bytes, path: Path, longest: float, name: str) -> Recording:
    """Writes a recording into a file.

    Args:
        longest: seconds.
        name: what errors call it.

    Raises:
        Refusal: as `keep_recordings`.
    """
    if not _is_known(content):
        raise Refusal(400, f"{name} is no WAV, MP3, FLAC or Ogg file", "invalid_audio", "messages")
    path.write_bytes(content)
    try:
        info = read_info(path)
        _require_moderate(info, name)
        seconds = _seconds(path, info, longest)
    except InputError as fault:
        raise Refusal(400, f"{name} {fault.message}", "invalid_audio", "messages") from None
    if seconds > longest:
        raise Refusal(400, f"{name} is longer than {longest:g} seconds", "audio_too_long", "messages")
    return Recording(hashlib.sha256(content).hexdigest(), path)


def _is_known(content: bytes) -> bool:
    """Whether a file begins as one of the known kinds: an MP3 file's first frame, with eleven bits that are set."""
    is_frame = len(content) > 2 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0
    return is_frame or content.startswith(_MAGIC)


def _require_moderate(info: AudioInfo, name: str) -> None:
    least, most = _RATES
    if not least <= info.rate <= most:
        message = f"{name} has a sampling rate of {info.rate} Hz, not of {least} to {most}"
        raise Refusal(400, message, "invalid_audio", "messages")
    if info.channels > _MOST_CHANNELS:
        message = f"{name} has {info.channels} channels, more than {_MOST_CHANNELS}"
        raise Refusal(400, message, "invalid_audio", "messages")


def _seconds(path: Path, info: AudioInfo, longest: float) -> float:
    """The length of a file: found by decoding it, no further than `longest`, where its header does not tell."""
    frames = info.frames or 0
    if info.frames is None:
        for block in read_blocks(path):
            frames += len(block)
            if frames > longest * info.rate:
                break
    return frames / info.rate


def _split(joined: Recording, gap: float) -> tuple[Recording, Recording]:
    """The recordings before and after the only gap of a joined one."""
    rate = read_info(joined.path).rate
    try:
        samples = np.concatenate([mixed_down(block) for block in read_blocks(joined.path)])
    except InputError as fault:
        raise Refusal(400, f"the recording {fault.message}", "invalid_audio", "messages") from None
    gaps = _gaps(samples, rate, gap)
    if len(gaps) != 1:
        found = f"{len(gaps)} stretches" if gaps else "no stretch"
        message = f"the one recording has {found} of at least {gap:g} seconds of silence with sound on both sides"
        raise Refusal(400, f"{message}, not one; send two input_audio parts", "no_single_gap", "messages")
    start, end = gaps[0]
    first, second = (
        _written(part, rate, joined.path.with_name(f"audio{number}.wav"))
        for number, part in enumerate((samples[:start], samples[end:]), start=1)
    )
    return first, second


def _gaps(samples: np.ndarray, rate: int, least: float) -> Sequence[tuple[int, int]]:
    """Where silence of at least `least` seconds begins and ends, (start, end) in samples, within the sound."""
    loud = np.flatnonzero(np.abs(samples) >= _SILENT)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) >= least * _SHORTER * rate)
    return [(int(loud[place]) + 1, int(loud[place + 1])) for place in breaks]


def _written(samples: np.ndarray, rate: int, path: Path) -> Recording:
    soundfile.write(path, samples, rate, subtype="FLOAT")
    return Recording(hashlib.sha256(path.read_bytes()).hexdigest(), path)
