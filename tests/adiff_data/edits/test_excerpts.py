"""The part of a recording that is edited: read from where it lies, in files of every kind."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from adiff_data.core.errors import InputError
from adiff_data.core.seeded import Seeded
from adiff_data.edits.excerpts import read_excerpt

RATE = 8000


def write_noise(path: Path, seconds: float = 30.0) -> np.ndarray:
    """A recording in which no stretch is like another; what is read back from it."""
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, round(seconds * RATE)), RATE)
    return soundfile.read(path)[0]


def without_length(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)


@pytest.mark.parametrize("known_length", [True, False])
def test_an_excerpt_is_the_same_whether_the_header_gives_the_length_or_not(tmp_path, known_length):
    whole = write_noise(tmp_path / "a.flac")
    if not known_length:
        without_length(tmp_path / "a.flac")
    excerpt = read_excerpt(tmp_path / "a.flac", Seeded(1, "excerpt"))
    start = round(excerpt.start * RATE)
    assert 0 < start < 20 * RATE
    np.testing.assert_array_equal(excerpt.samples, whole[start : start + 10 * RATE])


def test_half_a_file_is_read_as_far_as_it_goes(tmp_path):
    write_noise(tmp_path / "a.wav", seconds=8.0)
    content = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(content[: len(content) // 2])
    excerpt = read_excerpt(tmp_path / "a.wav", Seeded(1, "excerpt"))
    assert len(excerpt.samples) == pytest.approx(4 * RATE, abs=RATE // 100)


def test_channels_in_opposite_phase_are_not_silent(tmp_path):
    noise = np.random.default_rng(0).normal(0, 0.1, 3 * RATE)
    soundfile.write(tmp_path / "a.wav", np.stack([noise, -noise], axis=1), RATE)
    assert np.abs(read_excerpt(tmp_path / "a.wav", Seeded(1, "excerpt")).samples).max() > 0.1


@pytest.mark.parametrize("content", [b"", b"no audio at all"])
def test_what_is_no_audio_is_named(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.wav: cannot be read as audio"):
        read_excerpt(tmp_path / "a.wav", Seeded(1, "excerpt"))
