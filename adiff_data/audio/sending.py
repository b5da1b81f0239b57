"""Recordings made ready for a model that hears: which part of each is sent, at which rate, encoded how, and labelled.

The parts are those of OpenAI's chat completions, `input_audio` among them. A clip is encoded once, however many pairs
it is in: what was encoded waits in a temporary folder of limited size. Audio is always mono.

Nothing is lost with `float` at the recording's own rate, or with `wav` at the own rate of a mono recording of 16 bits:
who decodes it has the samples of the recording, mixed down as everywhere in this project.
"""

import base64
import hashlib
import io
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
import soundfile
import soxr
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from adiff_data.audio.decoding import count_frames, mixed_down, read_blocks, read_info, read_stretch
from adiff_data.core.errors import InputError

AudioAs = Literal["parts", "joined"]
AudioFormat = Literal["wav", "float", "mp3"]
AudioWindow = Literal["start", "middle", "loudest"]
Part = dict[str, Any]

_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)  # Hz; MPEG has no others
_HOP = 0.1  # s between the places where a loudest window may begin
_MOST_BYTES = 2 << 30  # of encoded clips that wait in the folder
_FULL_SCALE = 1 << 15  # of 16 bits


class SendingOptions(BaseModel):
    """How recordings are sent. The descriptions are the command's help texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    audio_as: AudioAs = Field(
        default="parts", description="Send two labelled recordings, or both joined into one with a gap between them."
    )
    audio_format: AudioFormat = Field(
        default="wav", description="Send WAV of 16 bits, WAV of floats, which loses nothing, or MP3."
    )
    audio_rate: PositiveInt | None = Field(
        default=None, description="Samples a second to send. Default: the recording's own."
    )
    audio_seconds: PositiveFloat = Field(default=30.0, description="The most seconds of a recording to send.")
    audio_window: AudioWindow = Field(default="start", description="Which part of a longer recording to send.")
    audio_gap: PositiveFloat = Field(default=1.0, description="With joined: seconds of silence between the two.")


@dataclass(frozen=True)
class Excerpt:
    """The part of a recording that is sent.

    Attributes:
        samples: mono, float32, full scale ±1.
        rate: samples a second.
        start: where it begins in the recording, in seconds.
    """

    samples: np.ndarray
    rate: int
    start: float


@dataclass(frozen=True)
class SentClip:
    """A clip as it is sent, or as it goes into what is.

    Attributes:
        content: the encoded file.
        rate: samples a second.
        start, seconds: which part of the recording it is.
        sha256: of the content.
    """

    content: bytes
    rate: int
    start: float
    seconds: float
    sha256: str

    @property
    def recorded(self) -> dict[str, Any]:
        """What a provenance keeps of it."""
        return {"rate": self.rate, "start": self.start, "seconds": self.seconds, "sha256": self.sha256}


@dataclass(frozen=True)
class SentPair:
    """Two recordings as a message has them.

    Attributes:
        parts: the content parts, labels among them, before which or after which the request stands.
        seconds: of audio in all.
        recorded: which parts of the recordings were heard, at which rate, and the content's SHA-256.
    """

    parts: tuple[Part, ...]
    seconds: float
    recorded: dict[str, Any]

    def content(self, text: str) -> list[Part]:
        """The content of a message: the recordings, then the request."""
        return [*self.parts, text_part(text)]


class AudioSender:
    """Makes pairs of recordings ready to be sent; a context manager that holds the folder of encoded clips."""

    def __init__(self, options: SendingOptions) -> None:
        self.options = options
        self._clips: OrderedDict[Path, tuple[Path, int, SentClip]] = OrderedDict()  # the one used last at the end
        self._bytes = self._count = 0

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="adiff-sent-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def pair(self, first: Path, second: Path) -> SentPair:
        """Two recordings, audio 1 first.

        Raises:
            InputError: one cannot be read.
        """
        options, clips = self.options, (self._clip(first), self._clip(second))
        recorded: dict[str, Any] = {"as": options.audio_as, "format": options.audio_format}
        recorded |= {"window": options.audio_window, "audio1": clips[0].recorded, "audio2": clips[1].recorded}
        if options.audio_as == "parts":
            parts = [part for number, clip in enumerate(clips, 1) for part in self._labelled(number, clip.content)]
            return SentPair(tuple(parts), clips[0].seconds + clips[1].seconds, recorded)
        joined = self._joined(clips)
        label = f"In this recording you hear audio 1, then {options.audio_gap:g} s of silence, then audio 2."
        recorded |= {"gap": options.audio_gap, "sha256": joined.sha256}
        return SentPair((text_part(label), self._audio_part(joined.content)), joined.seconds, recorded)

    def _labelled(self, number: int, content: bytes) -> tuple[Part, Part]:
        return text_part(f"Audio {number}:"), self._audio_part(content)

    def _audio_part(self, content: bytes) -> Part:
        form = "mp3" if self.options.audio_format == "mp3" else "wav"
        return {"type": "input_audio", "input_audio": {"data": base64.b64encode(content).decode(), "format": form}}

    def _clip(self, path: Path) -> SentClip:
        """A clip, encoded unless it waits in the folder; those that wait longest make room."""
        if path in self._clips:
            self._clips.move_to_end(path)
            file, _, clip = self._clips[path]
            return _with_content(clip, file.read_bytes())
        clip = self._encoded(path)
        file = Path(self._folder.name) / str(self._count)
        self._count += 1
        file.write_bytes(clip.content)
        self._clips[path] = file, len(clip.content), _with_content(clip, b"")
        self._bytes += len(clip.content)
        while self._bytes > _MOST_BYTES and len(self._clips) > 1:
            _, (file, size, _) = self._clips.popitem(last=False)
            file.unlink()
            self._bytes -= size
        return clip

    def _encoded(self, path: Path) -> SentClip:
        options = self.options
        excerpt = read_excerpt(path, options.audio_seconds, options.audio_window)
        form: AudioFormat = "float" if options.audio_as == "joined" else options.audio_format
        return encode(_at_rate(excerpt, _rate(options.audio_rate or excerpt.rate, form)), form)

    def _joined(self, clips: tuple[SentClip, SentClip]) -> SentClip:
        form = self.options.audio_format
        rate = _rate(max(clip.rate for clip in clips), form)
        first, second = (_at_rate(_decoded(clip), rate).samples for clip in clips)
        gap = np.zeros(round(self.options.audio_gap * rate), np.float32)
        return encode(Excerpt(np.concatenate([first, gap, second]), rate, 0.0), form)


def sent_seconds(first: Path, second: Path, options: SendingOptions) -> float:
    """How many seconds of audio two recordings are as they are sent; from their headers, where those are true.

    Raises:
        InputError: one cannot be read.
    """
    gap = options.audio_gap if options.audio_as == "joined" else 0.0
    return gap + sum(min(options.audio_seconds, count_frames(path) / read_info(path).rate) for path in (first, second))


def text_part(text: str) -> Part:
    """A content part of text."""
    return {"type": "text", "text": text}


def read_excerpt(path: Path, seconds: float, window: AudioWindow) -> Excerpt:
    """The part of a recording that is sent: all of it, or of a longer one the `start`, `middle` or `loudest` window.

    Raises:
        InputError: it is no audio, holds no sample, or one that is not a number.
    """
    rate = read_info(path).rate
    length = max(1, round(seconds * rate))
    if window == "start":
        start, samples = 0, _beginning(path, length)
    else:
        start = _middle(path, length) if window == "middle" else _loudest(path, length, max(1, round(_HOP * rate)))
        samples = mixed_down(read_stretch(path, start, length))
    if not len(samples):
        raise InputError("holds no sample", file=path)
    if not np.isfinite(samples).all():
        raise InputError("holds samples that are not numbers", file=path)
    return Excerpt(samples, rate, start / rate)


def encode(excerpt: Excerpt, form: AudioFormat) -> SentClip:
    """An excerpt as a file."""
    buffer = io.BytesIO()
    samples, rate = excerpt.samples, excerpt.rate
    if form == "mp3":
        soundfile.write(buffer, samples, rate, format="MP3")
    elif form == "float":
        soundfile.write(buffer, samples, rate, format="WAV", subtype="FLOAT")
    else:  # by hand: libsndfile's own scale would not give samples of 16 bits back
        whole = np.clip(np.rint(samples * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)
        soundfile.write(buffer, whole, rate, format="WAV", subtype="PCM_16")
    content = buffer.getvalue()
    seconds = round(len(samples) / rate, 3)
    return SentClip(content, rate, round(excerpt.start, 3), seconds, hashlib.sha256(content).hexdigest())


def as_mp3(path: Path, seconds: float) -> bytes:
    """The beginning of a recording as MP3, at its own rate or the next one that there is; mono.

    Raises:
        InputError: as `read_excerpt`.
    """
    excerpt = read_excerpt(path, seconds, "start")
    return encode(_at_rate(excerpt, _rate(excerpt.rate, "mp3")), "mp3").content


def _beginning(path: Path, length: int) -> np.ndarray:
    """The first samples, mixed down block by block, as the model's own front end does."""
    kept, count = [np.zeros(0, np.float32)], 0
    for block in _mono_blocks(path):
        kept.append(block)
        count += len(block)
        if count >= length:
            break
    return np.concatenate(kept)[:length]


def _middle(path: Path, length: int) -> int:
    return max(0, count_frames(path) - length) // 2


def _loudest(path: Path, length: int, hop: int) -> int:
    """Where the window with most energy begins, to a tenth of a second; no more than a sum a hop is kept."""
    sums, rest, frames = [], np.zeros(0, np.float64), 0
    for block in _mono_blocks(path):
        frames += len(block)
        rest = np.concatenate([rest, np.square(block, dtype=np.float64)])
        whole = len(rest) // hop
        sums.append(rest[: whole * hop].reshape(whole, hop).sum(axis=1))
        rest = rest[whole * hop :]
    energy = np.concatenate([[0.0], np.cumsum(np.concatenate(sums))]) if sums else np.zeros(1)
    hops = length // hop
    if frames <= length or hops >= len(energy):
        return 0
    return min(int(np.argmax(energy[hops:] - energy[:-hops])) * hop, frames - length)


def _mono_blocks(path: Path) -> Iterator[np.ndarray]:
    return (mixed_down(block) for block in read_blocks(path))


def _rate(wanted: int, form: AudioFormat) -> int:
    if form != "mp3":
        return wanted
    return next((rate for rate in _MP3_RATES if rate >= wanted), _MP3_RATES[-1])


def _at_rate(excerpt: Excerpt, rate: int) -> Excerpt:
    if rate == excerpt.rate:
        return excerpt
    return Excerpt(soxr.resample(excerpt.samples, excerpt.rate, rate), rate, excerpt.start)


def _decoded(clip: SentClip) -> Excerpt:
    samples, rate = soundfile.read(io.BytesIO(clip.content), dtype="float32")
    return Excerpt(samples, rate, clip.start)


def _with_content(clip: SentClip, content: bytes) -> SentClip:
    return SentClip(content, clip.rate, clip.start, clip.seconds, clip.sha256)
