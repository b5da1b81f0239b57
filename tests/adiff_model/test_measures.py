"""What is measured on recordings, and how two of them compare."""

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.audio.acoustics import measure
from adiff_data.audio.differences import differences
from adiff_model.encoding import encode_clips
from adiff_model.measures import MEASURES, compare, comparison_size, heard, measured_difference, measured_values
from tests.adiff_model.conftest import small_convolutional

RATE = 32_000
NAMES = ("loudness", "brightness", "pitch", "duration")
HEARD = 3  # values of the encoder


def tone(frequency: float, gain_db: float = 0.0, seconds: float = 2.0) -> np.ndarray:
    time = np.arange(round(RATE * seconds)) / RATE
    return (0.1 * 10 ** (gain_db / 20) * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def embedding(samples: np.ndarray, value: float = 0.5) -> torch.Tensor:
    """As of one clip, whose encoder heard the same in all."""
    measured = measured_values(measure(samples, RATE), NAMES)
    return torch.from_numpy(np.concatenate([np.full(HEARD, value, np.float32), measured]))[None]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "less", "quality"),
    [
        (tone(440, 6), tone(440), "loudness"),
        (tone(1200), tone(440), "brightness"),
        (tone(600), tone(440), "pitch"),
        (tone(440, seconds=3), tone(440), "duration"),
    ],
)
def test_a_difference_of_a_threshold_is_one(more, less, quality):
    difference = measured_difference(embedding(more), embedding(less), len(NAMES))[0, NAMES.index(quality)]
    assert difference >= 1
    assert differences(measure(more, RATE), measure(less, RATE))


def test_what_cannot_be_measured_of_both_does_not_differ():
    noise = np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)  # has no pitch
    difference = measured_difference(embedding(noise), embedding(tone(440)), len(NAMES))[0]
    assert difference[NAMES.index("pitch")] == 0
    assert difference[NAMES.index("brightness")] > 1


def test_a_recording_that_cannot_be_measured_has_no_measures():
    assert measured_values(None, NAMES).tolist() == [0.0] * 8


@given(st.lists(st.floats(-30, 30), min_size=8, max_size=8))
def test_the_comparison_mirrors_when_the_clips_are_exchanged(values):
    clips = torch.tensor(values, dtype=torch.float32).reshape(2, 1, 4)
    first, second = (torch.cat((clip, torch.ones(1, 2)), dim=1) for clip in clips)
    forth, back = compare(first, second, 2), compare(second, first, 2)
    assert forth.shape[1] == comparison_size(2)
    assert torch.allclose(forth[:, :-2], -back[:, :-2])
    assert torch.equal(forth[:, -2:], back[:, -2:])


def test_equal_clips_differ_in_nothing():
    clip = embedding(tone(440))
    compared = compare(clip, clip.clone(), len(NAMES))
    assert compared[0, : -len(NAMES)].abs().max() == 0
    assert heard(clip, len(NAMES)).shape[1] == HEARD


@pytest.mark.slow
def test_a_clip_is_measured_as_a_whole_however_it_is_read(tmp_path):
    path = tmp_path / "long.flac"
    soundfile.write(path, np.concatenate([tone(440, seconds=10), tone(440, 20, seconds=10)]), RATE)
    model = small_convolutional(measures=tuple(MEASURES))
    [encoded] = encode_clips(model, [str(path)]).values()
    expected = measured_values(measure(soundfile.read(path)[0], RATE), tuple(MEASURES))
    assert encoded.embedding[-len(expected) :].tolist() == pytest.approx(expected.tolist(), abs=0.05)
    assert len(encoded.embedding) == model.config.encoder_config.hidden_size


def test_an_unknown_measure_is_refused():
    with pytest.raises(ValueError, match="no measure 'warmth'; measures: loudness,"):
        small_convolutional(measures=("warmth",))
