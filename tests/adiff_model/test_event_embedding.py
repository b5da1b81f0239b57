"""What the small encoder's embedding contains: events, when they sound, levels, loudness."""

import pytest
import torch

from adiff_model.acoustics import integrated_loudness
from adiff_model.config import AdiffConfig
from adiff_model.convolutional_encoder import ConvolutionalEncoderConfig
from adiff_model.event_embedding import decode_loudness, event_embedding

SIZES = ConvolutionalEncoderConfig(num_mel_bins=16, segments=4, known_classes=(3, 8, 500), aspects=("far",))
CONFIG = AdiffConfig(audio_config=SIZES)
QUIET = torch.full((1, 64, 16), -60.0)


def parts_of_embedding(frame_logits: torch.Tensor, decibels: torch.Tensor = QUIET) -> dict[str, torch.Tensor]:
    """The parts of one clip's embedding, by name."""
    probabilities = torch.sigmoid(frame_logits).amax(dim=2)
    [embedding] = event_embedding(frame_logits, probabilities, decibels, CONFIG)
    assert len(embedding) == SIZES.hidden_size
    sizes = (3, 12, 3, 4, SIZES.brightness_steps, SIZES.loudness_steps)
    presence, segments, far, levels, brightness, _ = embedding.split(sizes)
    segments = segments.unflatten(0, (4, 3))
    return {"presence": presence, "segments": segments, "far": far, "levels": levels, "brightness": brightness}


def test_an_event_is_in_the_segments_in_which_it_sounds():
    frame_logits = torch.full((1, 6, 8), -9.0)
    frame_logits[0, 1, 4:] = 9.0
    parts = parts_of_embedding(frame_logits)
    assert parts["presence"].tolist() == pytest.approx([0.0, 1.0, 0.0], abs=0.01)
    assert parts["segments"][:, 1].tolist() == pytest.approx([0.0, 0.0, 1.0, 1.0], abs=0.01)
    assert parts["segments"][:, [0, 2]].max() < 0.01


def test_an_aspect_is_a_share_of_the_time_in_which_the_event_sounds():
    frame_logits = torch.full((1, 6, 8), -9.0)
    frame_logits[0, :2, 4:] = 9.0
    frame_logits[0, 3, 4:] = 9.0  # the first sounds far away
    frame_logits[0, 4, 4:6] = 9.0  # the second for half of its time
    assert parts_of_embedding(frame_logits)["far"].tolist() == pytest.approx([1.0, 0.5, 0.0], abs=0.01)


@pytest.mark.parametrize(("probability", "least", "most"), [(0.3, 0.0, 0.01), (0.6, 0.49, 0.51), (0.9, 0.99, 1.0)])
def test_uncertain_probabilities_are_suppressed(probability, least, most):
    frame_logits = torch.full((1, 6, 8), torch.logit(torch.tensor(probability)).item())
    assert least <= parts_of_embedding(frame_logits)["presence"][0] <= most


def test_each_segment_has_its_level():
    decibels = QUIET.clone()
    decibels[:, :16] = -39.0
    levels = parts_of_embedding(torch.zeros(1, 6, 8), decibels)["levels"]
    assert (levels[0] - levels[1]).item() == pytest.approx(1.0, abs=0.01)
    assert torch.allclose(levels[1:], levels[1].expand(3))


def test_a_brighter_clip_fills_more_steps():
    low, high = QUIET.clone(), QUIET.clone()
    low[:, :, 3], high[:, :, 12] = 0.0, 0.0
    dull, bright = (parts_of_embedding(torch.zeros(1, 6, 8), clip)["brightness"] for clip in (low, high))
    assert 0 < dull.sum() < bright.sum() < SIZES.brightness_steps


@pytest.mark.parametrize("decibels", [-20.0, -7.3, 5.0])
def test_the_loudness_can_be_decoded(decibels):
    spectrogram = QUIET + 60.0 + decibels
    embedding = event_embedding(torch.zeros(1, 6, 8), torch.full((1, 6), 0.5), spectrogram, CONFIG)
    expected = integrated_loudness(10.0 ** (spectrogram / 10.0), CONFIG).item()
    assert decode_loudness(embedding, SIZES).item() == pytest.approx(expected, abs=0.01)
