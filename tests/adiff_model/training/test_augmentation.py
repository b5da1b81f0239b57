"""What is done to spectrograms: shapes and labels hold, powers add."""

import numpy as np
import torch

from adiff_model.training.augmentation import mix, spec_augment, vary

CLIPS, CLASSES, FRAMES, MELS = 4, 3, 40, 16


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    active = torch.zeros(CLIPS, CLASSES, FRAMES, dtype=torch.bool)
    for clip in range(CLIPS):
        active[clip, clip % CLASSES, :10] = True
    return torch.full((CLIPS, 1, FRAMES, MELS), -40.0), active


def test_a_varied_clip_has_its_events_at_another_time_and_speed():
    spectrogram, active = batch()
    active[:, :, :20] = active[:, :, :1]
    varied, labels = vary(spectrogram, active, np.random.default_rng(0))
    assert varied.shape == spectrogram.shape
    for clip in range(CLIPS):
        lengths = labels[clip].sum(dim=1)
        assert 20 / 1.25 - 1 <= lengths[clip % CLASSES] <= 20 * 1.25 + 1
        assert lengths.count_nonzero() == 1
    assert not torch.equal(labels, active)
    assert torch.isfinite(varied).all()


def test_events_and_sound_are_turned_alike():
    active = torch.zeros(1, 1, FRAMES, dtype=torch.bool)
    active[0, 0, 5:12] = True
    spectrogram = torch.where(active[:, :, :, None], 0.0, -90.0).expand(1, 1, FRAMES, MELS).clone()
    varied, labels = vary(spectrogram, active, np.random.default_rng(3))
    loud = varied[0, 0].mean(dim=1) > -30
    assert torch.equal(loud, labels[0, 0])


def test_mixing_adds_powers_and_events():
    spectrogram, active = batch()
    mixed, labels = mix(spectrogram, active, 1.0, np.random.default_rng(0))
    assert (mixed > spectrogram).all()
    assert (mixed < spectrogram + 10 * np.log10(1 + 10**0.31)).all()
    assert (labels | active).equal(labels)
    nothing, same = mix(spectrogram, active, 0.0, np.random.default_rng(0))
    assert torch.allclose(nothing, spectrogram, atol=1e-4)
    assert torch.equal(same, active)


def test_masks_leave_most_of_a_clip():
    spectrogram = torch.randn(CLIPS, 1, FRAMES, MELS)
    masked = spec_augment(spectrogram, np.random.default_rng(0))
    changed = (masked != spectrogram).float().mean()
    assert 0 < changed < 0.5
    assert torch.equal(spec_augment(spectrogram, np.random.default_rng(0)), masked)
