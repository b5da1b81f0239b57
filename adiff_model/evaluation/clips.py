"""Recordings embedded in a page: a sound and a spectrogram as data URIs, so that the page needs no server."""

import base64
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import get_window

from adiff_data.core.drawing import image
from adiff_data.core.errors import AdiffError
from adiff_data.core.processes import map_in_processes
from adiff_model.audio import read_audio
from adiff_model.mel_scale import mel_filters

SAMPLING_RATE = 16_000  # Hz: speech and most events are clear, and a clip of 10 s takes about 60 kB
MAX_SECONDS = 30.0
_MEL_BANDS, _WINDOW, _MAX_FRAMES = 64, 1024, 300
_DYNAMIC_RANGE = 80.0  # dB
_FLOOR = 1e-10


@dataclass(frozen=True)
class ClipPreview:
    """A recording's sound (Ogg Vorbis) and log-mel spectrogram (JPEG) as data URIs; or, in `fault`, why it has none."""

    sound: str = ""
    picture: str = ""
    fault: str = ""


def preview_clips(
    paths: Iterable[Path], advance: Callable[[int], None] = lambda count: None
) -> dict[Path, ClipPreview]:
    """A preview of each recording's first 30 s, by path."""
    distinct = list(dict.fromkeys(paths))
    previews = {}
    for path, preview in zip(distinct, map_in_processes(_preview, distinct, chunk_size=4), strict=True):
        previews[path] = preview
        advance(1)
    return previews


def data_uri(media_type: str, content: bytes) -> str:
    """Bytes as a data URI."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _preview(path: Path) -> ClipPreview:
    try:
        samples = read_audio(path, SAMPLING_RATE, seconds=MAX_SECONDS)
    except AdiffError as fault:
        return ClipPreview(fault=str(fault))
    return ClipPreview(data_uri("audio/ogg", _as_ogg(samples)), data_uri("image/jpeg", _as_spectrogram(samples)))


def _as_ogg(samples: NDArray[np.float32]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.clip(samples, -1, 1), SAMPLING_RATE, format="OGG", subtype="VORBIS", compression_level=0.7)
    return file.getvalue()


def _as_spectrogram(samples: NDArray[np.float32]) -> bytes:
    hop_length = max(1, len(samples) // _MAX_FRAMES)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, _WINDOW // 2), _WINDOW)[::hop_length]
    power = np.abs(np.fft.rfft(frames * get_window("hann", _WINDOW), axis=1)) ** 2
    mel = mel_filters(SAMPLING_RATE, _WINDOW, _MEL_BANDS, 0.0, SAMPLING_RATE / 2) @ power.T
    decibels = 10.0 * np.log10(np.maximum(mel, _FLOOR))
    decibels = np.maximum(decibels, decibels.max() - _DYNAMIC_RANGE)
    file = io.BytesIO()
    image.imsave(file, decibels, cmap="magma", origin="lower", format="jpeg", pil_kwargs={"quality": 80})
    return file.getvalue()
