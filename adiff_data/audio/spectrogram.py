"""A recording's log-mel spectrogram as a picture."""

import io

import numpy as np
from numpy.typing import NDArray
from scipy.signal import get_window

from adiff_data.audio.mel_scale import mel_filters
from adiff_data.core.drawing import image

_MEL_BANDS, _WINDOW, _MAX_FRAMES = 64, 1024, 300
_DYNAMIC_RANGE = 80.0  # dB
_FLOOR = 1e-10


def spectrogram_jpeg(samples: NDArray[np.float32], rate: int) -> bytes:
    """The picture as a JPEG: 64 mel bands up to half the rate, at most some 300 frames, the loudest 80 dB.

    Args:
        samples: mono, (time,), -1 to 1.
        rate: Hz.
    """
    hop_length = max(1, len(samples) // _MAX_FRAMES)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, _WINDOW // 2), _WINDOW)[::hop_length]
    power = np.abs(np.fft.rfft(frames * get_window("hann", _WINDOW), axis=1)) ** 2
    mel = mel_filters(rate, _WINDOW, _MEL_BANDS, 0.0, rate / 2) @ power.T
    decibels = 10.0 * np.log10(np.maximum(mel, _FLOOR))
    decibels = np.maximum(decibels, decibels.max() - _DYNAMIC_RANGE)
    file = io.BytesIO()
    image.imsave(file, decibels, cmap="magma", origin="lower", format="jpeg", pil_kwargs={"quality": 80})
    return file.getvalue()
