"""The loudness that is read off a spectrogram, beside pyloudnorm's."""

import numpy as np
import pyloudnorm
import pytest
import torch

from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.loudness import SILENCE, integrated_loudness
from adiff_model.spectrogram import log_mel

CONFIG = AdiffConfig(audio_config=ConvolutionalEncoderConfig(), n_fft=2048, hop_length=1280)
RATE = CONFIG.sampling_rate


def loudness(samples: np.ndarray) -> float:
    spectrogram = log_mel(torch.from_numpy(samples.astype(np.float32))[None], CONFIG)
    return integrated_loudness(spectrogram[:, 0], CONFIG).item()


def clips() -> dict[str, np.ndarray]:
    random, time = np.random.default_rng(0), np.arange(10 * RATE) / RATE
    noise = 0.1 * random.standard_normal(len(time))
    return {
        "noise": noise,
        "low tone": 0.3 * np.sin(2 * np.pi * 150 * time),
        "high tone": 0.02 * np.sin(2 * np.pi * 6000 * time),
        "a second of noise in silence": np.where((time > 4) & (time < 5), noise, 0.0),
        "loud after low": noise * np.where(time < 5, 0.03, 1.0),
    }


@pytest.mark.parametrize("name", clips())
def test_it_is_near_to_that_of_the_standard(name):
    samples = clips()[name]
    assert loudness(samples) == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(samples), abs=1.0)


def test_silence_is_as_low_as_it_goes():
    assert loudness(np.zeros(RATE)) == SILENCE
