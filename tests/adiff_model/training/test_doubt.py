"""The augmentation of embeddings: drawn anew in training, none in validation."""

import numpy as np
import pytest
import torch

from adiff_model.training.augmentation import EmbeddingAugmentation

CLIPS = [torch.zeros(200, 50), torch.ones(200, 50)]


def test_noise_has_the_given_deviation_and_no_bias():
    zeros, ones = EmbeddingAugmentation(0.5).apply(CLIPS, np.random.default_rng(0))
    assert zeros.std().item() == pytest.approx(0.5, rel=0.05)
    assert ones.mean().item() == pytest.approx(1.0, abs=0.05)
    assert not torch.equal(zeros, ones - 1)


def test_noise_is_determined_by_its_generator():
    one, other = (EmbeddingAugmentation(0.5).apply(CLIPS, np.random.default_rng(seed))[0] for seed in (1, 2))
    assert torch.equal(one, EmbeddingAugmentation(0.5).apply(CLIPS, np.random.default_rng(1))[0])
    assert not torch.equal(one, other)


@pytest.mark.parametrize(("deviation", "random"), [(0.5, None), (0.0, np.random.default_rng(0))])
def test_validation_has_the_embeddings_as_they_are(deviation, random):
    assert EmbeddingAugmentation(deviation).apply(CLIPS, random) is CLIPS


def test_a_trace_of_another_clip_is_mixed_in_but_not_into_measurements():
    clips = torch.eye(40)
    mixed, _ = EmbeddingAugmentation(mixing=0.5, num_measured=4).apply([clips, clips], np.random.default_rng(0))
    added = mixed - clips
    assert torch.equal(mixed[:, 36:], clips[:, 36:])
    assert (added >= 0).all()
    assert 0.3 < added.max().item() <= 0.5
    assert (added > 0).sum(dim=1).max().item() == 1


def test_half_of_the_pairs_get_the_same_trace_on_both_sides():
    clips = torch.eye(400)
    first, second = EmbeddingAugmentation(mixing=0.5).apply([clips, clips], np.random.default_rng(0))
    equal = (first == second).all(dim=1).float().mean().item()
    assert 0.4 < equal < 0.6
