"""Recordings as a page can hold them: a sound and a picture in data URIs, so that no server is asked for anything."""

import base64
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import soundfile

from adiff_data.audio.measuring import use_one_thread
from adiff_data.core.errors import AdiffError
from adiff_data.core.processes import worker_processes
from adiff_model.audio import read_audio

matplotlib.use("Agg")
from matplotlib import image

RATE = 16_000  # Hz: speech and most events are plain, and a clip of 10 s has some 60 kB
MOST_SECONDS = 30.0
_BANDS, _WINDOW, _COLUMNS = 64, 1024, 300
_RANGE_DB = 80.0


@dataclass(frozen=True)
class ClipView:
    """A recording's sound (Ogg Vorbis) and log-mel spectrogram (JPEG), both as data URIs; or why there are none."""

    sound: str = ""
    picture: str = ""
    fault: str = ""


def view_clips(paths: Iterable[Path], advance: Callable[[int], None] = lambda count: None) -> dict[Path, ClipView]:
    """Each recording's view, its first 30 s."""
    wanted = list(dict.fromkeys(paths))
    found = {}
    with worker_processes(use_one_thread) as pool:
        for path, view in zip(wanted, pool.map(_view, wanted, chunksize=4), strict=True):
            found[path] = view
            advance(1)
    return found


def data_uri(kind: str, content: bytes) -> str:
    """Bytes of a media type as a URI."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _view(path: Path) -> ClipView:
    try:
        samples = read_audio(path, RATE)[: round(MOST_SECONDS * RATE)]
    except AdiffError as fault:
        return ClipView(fault=str(fault))
    return ClipView(data_uri("audio/ogg", _as_ogg(samples)), data_uri("image/jpeg", _as_picture(samples)))


def _as_ogg(samples: np.ndarray) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.clip(samples, -1, 1), RATE, format="OGG", subtype="VORBIS", compression_level=0.7)
    return file.getvalue()


def _as_picture(samples: np.ndarray) -> bytes:
    import librosa  # noqa: PLC0415 - it takes a second, in this process alone

    hop = max(1, len(samples) // _COLUMNS)
    power = librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=_WINDOW, hop_length=hop, n_mels=_BANDS)
    decibels = librosa.power_to_db(power, ref=np.max, top_db=_RANGE_DB)
    file = io.BytesIO()
    image.imsave(file, decibels, cmap="magma", origin="lower", format="jpeg", pil_kwargs={"quality": 80})
    return file.getvalue()
