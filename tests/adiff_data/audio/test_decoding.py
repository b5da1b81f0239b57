"""Audio files are read in blocks, so that what is there counts and not what a header says."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from adiff_data.audio.acoustics import measure_file
from adiff_data.audio.decoding import (
    count_frames,
    mixed_down,
    read_blocks,
    read_info,
    read_samples,
    read_stretch,
    require_whole,
)
from adiff_data.core.errors import InputError


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


def write_tone(path: Path, seconds: float = 3.0, rate: int = 32_000) -> Path:
    soundfile.write(path, 0.3 * np.sin(np.arange(round(seconds * rate)) * 0.1), rate)
    return path


def cut(path: Path, share: float = 0.5) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])
    return path


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
def test_the_length_is_that_of_what_can_be_read(tmp_path, name):
    path = write_tone(tmp_path / name)
    assert count_frames(path) == len(read_samples(path)[0])
    require_whole(path)


def test_a_length_that_the_file_does_not_reach_is_not_believed(tmp_path):
    path = cut(write_tone(tmp_path / "a.flac"))
    info = read_info(path)
    assert (info.frames, info.stated_frames) == (None, 96_000)
    with pytest.raises(InputError, match=r"a\.flac: (is cut|cannot be read as audio)"):
        require_whole(path)


@pytest.mark.parametrize("extension", ["wav", "aiff", "au", "w64", "rf64", "ogg", "mp3", "flac", "caf"])
def test_half_a_file_is_not_whole_in_any_format(tmp_path, extension):
    with pytest.raises(InputError, match=rf"a\.{extension}: (is cut: |cannot be read as audio)"):
        require_whole(cut(write_tone(tmp_path / f"a.{extension}", seconds=20.0)))


def test_half_a_wav_file_states_its_length_and_is_read_to_where_it_ends(tmp_path):
    path = cut(write_tone(tmp_path / "a.wav"))
    info = read_info(path)
    assert info.frames == count_frames(path) == len(read_samples(path)[0]) < 48_000
    assert info.stated_frames == pytest.approx(96_000, abs=2)
    with pytest.raises(InputError, match=r"is cut: it holds 1\.5 of 3\.0 seconds"):
        require_whole(path)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFF000, 192_000 + 44])
def test_a_wav_file_that_was_streamed_or_whose_header_is_counted_too_is_whole(tmp_path, size):
    path = write_tone(tmp_path / "a.wav")
    content = bytearray(path.read_bytes())
    content[40:44] = size.to_bytes(4, "little")
    path.write_bytes(content)
    require_whole(path)
    assert read_info(path).seems_whole


def test_a_file_that_ends_early_and_in_order_is_told_to_be_cut(tmp_path):
    path = write_tone(tmp_path / "a.flac")
    content = bytearray(path.read_bytes())
    content[22:26] = (2 * 96_000).to_bytes(4, "big")  # the header states twice the length
    path.write_bytes(content)
    assert count_frames(path) == 96_000
    with pytest.raises(InputError, match=r"a\.flac: is cut: it holds 3\.0 of 6\.0 seconds"):
        require_whole(path)


@pytest.mark.parametrize(("start", "frames"), [(0, 10), (5, 300_000), (262_143, 2), (270_000, 900_000), (999_999, 1)])
@pytest.mark.parametrize("known_length", [True, False])
def test_a_stretch_is_that_part_of_the_whole(tmp_path, start, frames, known_length):
    path = write_tone(tmp_path / "a.flac", seconds=10.0)
    whole, _ = read_samples(path if known_length else without_length(path))
    np.testing.assert_array_equal(read_stretch(path, start, frames), whole[start : start + frames])


def test_no_more_is_read_than_was_asked_for(tmp_path):
    samples, rate = read_samples(write_tone(tmp_path / "a.flac"), seconds=0.5)
    assert (len(samples), rate) == (16_000, 32_000)


def test_blocks_begin_where_they_are_told_to(tmp_path):
    path = write_tone(tmp_path / "a.flac", seconds=20.0)
    whole, _ = read_samples(path)
    np.testing.assert_array_equal(np.concatenate(list(read_blocks(path, start=100_000))), whole[100_000:])


@pytest.mark.parametrize("content", [b"", b"no audio at all", b"RIFF\x00\x00\x00\x00WAVE", b"fLaC" + bytes(60)])
def test_what_is_no_audio_is_named_in_one_line(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.wav: cannot be read as audio \("):
        read_samples(path)
    with pytest.raises(InputError, match="an embedded clip: cannot be read as audio") as raised:
        read_samples(io.BytesIO(content))
    assert "BytesIO" not in str(raised.value)


def test_an_mp3_behind_junk_is_read_by_its_path(tmp_path):
    tone = write_tone(tmp_path / "a.mp3")
    tone.write_bytes(b"ID3\x04\x00\x00\x00\x00\x07\x76" + bytes(1014) + tone.read_bytes())
    assert read_samples(tone)[1] == 32_000


@pytest.mark.parametrize(
    ("left", "right", "heard"),
    [
        (1.0, 1.0, 1.0),  # the mean of two like channels
        (1.0, 0.0, 0.5),  # and of one with silence
        (1.0, -1.0, 1.0),  # opposite phases would cancel
        (0.5, -0.49, 0.5),
    ],
)
def test_channels_are_averaged_unless_they_cancel(left, right, heard):
    tone = np.sin(np.arange(32_000) * 0.1)
    mono = mixed_down(np.stack([left * tone, right * tone], axis=1))
    np.testing.assert_allclose(np.abs(mono), np.abs(heard * tone), atol=1e-6)


def test_channels_that_cancel_beside_a_constant_offset_are_heard():
    tone = np.sin(np.arange(32_000) * 0.1)
    mono = mixed_down(np.stack([tone + 0.5, 0.5 - tone], axis=1))
    np.testing.assert_allclose(np.abs(mono - 0.5), np.abs(tone), atol=1e-6)


def test_channels_that_cancel_for_a_part_of_the_length_are_heard_there_too():
    tone = np.sin(np.arange(96_000) * 0.1)
    right = tone.copy()
    right[32_000:64_000] *= -1
    mono = mixed_down(np.stack([tone, right], axis=1))
    np.testing.assert_allclose(mono[:30_000], tone[:30_000], atol=1e-6)
    np.testing.assert_allclose(mono[66_000:], tone[66_000:], atol=1e-6)
    levels = [np.sqrt((mono[start : start + 4000] ** 2).mean()) for start in range(0, 96_000, 4000)]
    assert min(levels) > 0.5 * max(levels)
