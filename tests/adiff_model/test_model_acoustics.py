"""What is read off a spectrogram, beside what pyloudnorm and `adiff_data` measure on the samples."""

import numpy as np
import pyloudnorm
import pytest
import torch

from adiff_data.audio.acoustics import measure
from adiff_model.acoustics import SILENCE, integrated_loudness, spectral_centroid
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.log_mel import log_mel

CONFIG = AdiffConfig(audio_config=ConvolutionalEncoderConfig(), n_fft=2048, hop_length=1280)
RATE = CONFIG.sampling_rate


def spectrogram(samples: np.ndarray) -> torch.Tensor:
    decibels = log_mel(torch.from_numpy(samples.astype(np.float32))[None], CONFIG)[:, 0]
    return 10.0 ** (decibels / 10.0)


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
def test_the_loudness_is_near_to_that_of_the_standard(name):
    samples = clips()[name]
    wanted = pyloudnorm.Meter(RATE).integrated_loudness(samples)
    assert integrated_loudness(spectrogram(samples), CONFIG).item() == pytest.approx(wanted, abs=1.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", clips())
def test_the_centroid_is_near_to_that_of_the_facts(name):
    samples = clips()[name]
    found = spectral_centroid(spectrogram(samples), CONFIG).item()
    assert found == pytest.approx(measure(samples, RATE).centroid, rel=0.15)


def test_silence_is_as_low_as_it_goes():
    assert integrated_loudness(spectrogram(np.zeros(RATE)), CONFIG).item() == SILENCE
