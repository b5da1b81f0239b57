"""Noise on embeddings: drawn anew in training, none in validation."""

import numpy as np
import pytest
import torch

from adiff_model.training.explain_task import noisy

CLIPS = [torch.zeros(200, 50), torch.ones(200, 50)]


def test_it_has_the_deviation_that_was_asked_for_and_no_bias():
    zeros, ones = noisy(CLIPS, 0.5, np.random.default_rng(0))
    assert zeros.std().item() == pytest.approx(0.5, rel=0.05)
    assert ones.mean().item() == pytest.approx(1.0, abs=0.05)
    assert not torch.equal(zeros, ones - 1)


def test_the_same_draw_gives_the_same_noise_and_another_another():
    one, other = (noisy(CLIPS, 0.5, np.random.default_rng(seed))[0] for seed in (1, 2))
    assert torch.equal(one, noisy(CLIPS, 0.5, np.random.default_rng(1))[0])
    assert not torch.equal(one, other)


@pytest.mark.parametrize(("deviation", "random"), [(0.5, None), (0.0, np.random.default_rng(0))])
def test_validation_hears_the_clips_as_they_are(deviation, random):
    assert noisy(CLIPS, deviation, random) is CLIPS
