"""What the small encoder's embedding tells: events, when they sound, levels, loudness."""

import pytest
import torch

from adiff_model.acoustics import integrated_loudness
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.event_embedding import event_embedding, loudness_told

SIZES = ConvolutionalEncoderConfig(num_mel_bins=16, segments=4, known_classes=(3, 8, 500), aspects=("far",))
CONFIG = AdiffConfig(audio_config=SIZES)
QUIET = torch.full((1, 64, 16), -60.0)


def embedded(moments: torch.Tensor, decibels: torch.Tensor = QUIET) -> dict[str, torch.Tensor]:
    """By what its values tell, the embedding of one clip."""
    probabilities = torch.sigmoid(moments).amax(dim=2)
    [found] = event_embedding(moments, probabilities, decibels, CONFIG)
    assert len(found) == SIZES.hidden_size
    sure, parts, far, levels, bright, _ = found.split((3, 12, 3, 4, SIZES.brightness_steps, SIZES.loudness_steps))
    return {"sure": sure, "parts": parts.unflatten(0, (4, 3)), "far": far, "levels": levels, "bright": bright}


def test_an_event_stands_in_the_parts_of_the_clip_in_which_it_sounds():
    moments = torch.full((1, 6, 8), -9.0)
    moments[0, 1, 4:] = 9.0
    told = embedded(moments)
    assert told["sure"].tolist() == pytest.approx([0.0, 1.0, 0.0], abs=0.01)
    assert told["parts"][:, 1].tolist() == pytest.approx([0.0, 0.0, 1.0, 1.0], abs=0.01)
    assert told["parts"][:, [0, 2]].max() < 0.01


def test_an_aspect_is_that_of_the_time_in_which_the_event_sounds():
    moments = torch.full((1, 6, 8), -9.0)
    moments[0, :2, 4:] = 9.0
    moments[0, 3, 4:] = 9.0  # the first sounds far away
    moments[0, 4, 4:6] = 9.0  # the second for half of its time
    assert embedded(moments)["far"].tolist() == pytest.approx([1.0, 0.5, 0.0], abs=0.01)


@pytest.mark.parametrize(("probability", "least", "most"), [(0.3, 0.0, 0.01), (0.6, 0.49, 0.51), (0.9, 0.99, 1.0)])
def test_a_doubt_is_cut_off(probability, least, most):
    moments = torch.full((1, 6, 8), torch.logit(torch.tensor(probability)).item())
    assert least <= embedded(moments)["sure"][0] <= most


def test_levels_are_those_of_each_part():
    decibels = QUIET.clone()
    decibels[:, :16] = -39.0
    levels = embedded(torch.zeros(1, 6, 8), decibels)["levels"]
    assert (levels[0] - levels[1]).item() == pytest.approx(1.0, abs=0.01)
    assert torch.allclose(levels[1:], levels[1].expand(3))


def test_a_brighter_clip_passes_more_steps():
    low, high = QUIET.clone(), QUIET.clone()
    low[:, :, 3], high[:, :, 12] = 0.0, 0.0
    dull, bright = (embedded(torch.zeros(1, 6, 8), clip)["bright"] for clip in (low, high))
    assert 0 < dull.sum() < bright.sum() < SIZES.brightness_steps


@pytest.mark.parametrize("decibels", [-20.0, -7.3, 5.0])
def test_the_loudness_can_be_read_again(decibels):
    spectrogram = QUIET + 60.0 + decibels
    embedding = event_embedding(torch.zeros(1, 6, 8), torch.full((1, 6), 0.5), spectrogram, CONFIG)
    wanted = integrated_loudness(10.0 ** (spectrogram / 10.0), CONFIG).item()
    assert loudness_told(embedding, SIZES).item() == pytest.approx(wanted, abs=0.01)
