"""Recordings embedded in a page: a sound and a spectrogram as data URIs, so that the page needs no server."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from adiff_data.audio.spectrogram import spectrogram_jpeg
from adiff_data.core.errors import AdiffError
from adiff_data.core.pages.one_file import data_uri
from adiff_data.engines.local import LOCAL
from adiff_model.audio import read_audio

SAMPLING_RATE = 16_000  # Hz: speech and most events are clear, and a clip of 10 s takes about 60 kB
MAX_SECONDS = 30.0


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
    for path, preview in zip(distinct, LOCAL.map(_preview, distinct, chunk_size=4), strict=True):
        previews[path] = preview
        advance(1)
    return previews


def draw_spectrogram(path: Path) -> str:
    """The log-mel spectrogram of a recording's first 30 s, as a data URI (JPEG).

    Raises:
        InputError: it cannot be read.
    """
    samples = read_audio(path, SAMPLING_RATE, seconds=MAX_SECONDS)
    return data_uri("image/jpeg", spectrogram_jpeg(samples, SAMPLING_RATE))


def _preview(path: Path) -> ClipPreview:
    try:
        samples = read_audio(path, SAMPLING_RATE, seconds=MAX_SECONDS)
    except AdiffError as fault:
        return ClipPreview(fault=str(fault))
    return ClipPreview(
        data_uri("audio/ogg", _as_ogg(samples)), data_uri("image/jpeg", spectrogram_jpeg(samples, SAMPLING_RATE))
    )


def _as_ogg(samples: NDArray[np.float32]) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.clip(samples, -1, 1), SAMPLING_RATE, format="OGG", subtype="VORBIS", compression_level=0.7)
    return file.getvalue()
