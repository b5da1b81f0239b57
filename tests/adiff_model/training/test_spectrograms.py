"""Crops of recordings: at random in training, the beginning in evaluation."""

import numpy as np
import soundfile
import torch

from adiff_model.log_mel import log_mel
from adiff_model.training.spectrograms import Spectrograms
from tests.adiff_model.training.conftest import RATE


def test_a_longer_clip_is_cropped_at_random_in_training_alone(processor, tmp_path):
    path = tmp_path / "long.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 4 * RATE), RATE)
    spectrograms = Spectrograms(processor.config)
    fixed = spectrograms.crops([str(path)])
    assert fixed.shape == (1, 1, spectrograms.frames, 16)
    assert torch.equal(fixed, spectrograms.crops([str(path)]))
    random = np.random.default_rng(0)
    crops = {tuple(spectrograms.crops([str(path)], random)[0, 0, 0].tolist()) for _ in range(5)}
    assert len(crops) > 1


def test_a_shorter_clip_is_repeated_as_in_inference(processor, tmp_path):
    path = tmp_path / "short.wav"
    samples = np.random.default_rng(0).normal(0, 0.1, RATE // 3)
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    wanted = log_mel(torch.from_numpy(np.resize(samples, RATE).astype(np.float32))[None], processor.config)
    assert torch.allclose(Spectrograms(processor.config).crops([str(path)]), wanted, atol=0.1)


def test_what_has_no_room_is_read_again(processor, recordings):
    spectrograms = Spectrograms(processor.config, cache_bytes=1)
    paths = list(recordings.values())
    assert torch.equal(spectrograms.crops(paths), spectrograms.crops(paths))
