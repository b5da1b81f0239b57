"""Audio files are read in blocks, so that what is there counts and not what a header says."""

from pathlib import Path

import numpy as np
import soundfile

from adiff_data.audio.acoustics import measure_file
from adiff_data.audio.decoding import read_samples


def without_length(path: Path) -> Path:
    """Writes 0 as the number of samples into a FLAC file's header, as ffmpeg does when it writes to a pipe."""
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)
    return path


def test_a_flac_without_a_length_in_its_header_is_read_whole(tmp_path):
    tone = 0.3 * np.sin(np.arange(96_000) * 0.1)
    soundfile.write(tmp_path / "a.flac", tone, 32_000)
    samples, rate = read_samples(without_length(tmp_path / "a.flac"))
    assert (samples.shape, rate) == ((96_000, 1), 32_000)
    np.testing.assert_allclose(samples[:, 0], tone, atol=1e-4)
    assert measure_file(tmp_path / "a.flac").duration == 3.0
