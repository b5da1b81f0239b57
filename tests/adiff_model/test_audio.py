"""Any file becomes windows of the encoder's length and sampling rate, or an error of one line that names it."""

import importlib
import re
import sys
from types import ModuleType

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError
from adiff_model.audio import WINDOWS, extract_windows, iterate_windows, read_audio, read_windows

RATE = 32_000


def tone(seconds: float, rate: int) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)


@pytest.mark.parametrize(
    ("name", "rate", "options"),
    [
        ("a.wav", 44_100, {}),
        ("a.wav", 8_000, {"subtype": "PCM_U8"}),
        ("a.wav", 96_000, {"subtype": "FLOAT"}),
        ("a.flac", 48_000, {}),
        ("a.ogg", 22_050, {}),
        ("a.mp3", 44_100, {}),
    ],
)
def test_formats_and_rates(tmp_path, name, rate, options):
    path = tmp_path / name
    soundfile.write(path, tone(2, rate), rate, **options)
    samples = read_audio(path, RATE)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(2 * RATE, rel=0.03)
    middle = samples[RATE // 2 : RATE // 2 + RATE]
    assert np.argmax(np.abs(np.fft.rfft(middle))) == pytest.approx(440, abs=1)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_torchaudio_resamples_as_it_does_alone_and_nearly_as_soxr(tmp_path, rate):
    functional = torchaudio_functional()
    soundfile.write(tmp_path / "a.wav", tone(2, rate), rate, subtype="FLOAT")
    samples = read_audio(tmp_path / "a.wav", RATE, resampler="torchaudio")
    assert (samples.dtype, len(samples)) == (np.float32, 2 * RATE)
    alone = functional.resample(torch.from_numpy(tone(2, rate).astype(np.float32)), rate, RATE).numpy()
    np.testing.assert_array_equal(samples, alone)
    middle = slice(RATE // 2, -RATE // 2)
    np.testing.assert_allclose(samples[middle], read_audio(tmp_path / "a.wav", RATE)[middle], atol=2e-3)


def torchaudio_functional() -> ModuleType:
    try:
        return importlib.import_module("torchaudio.functional")
    except (ImportError, OSError) as fault:
        return pytest.skip(f"torchaudio does not import here ({fault}); the extra torchaudio has versions that do")


def test_an_error_says_how_to_install_torchaudio(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torchaudio.functional", None)
    soundfile.write(tmp_path / "a.wav", tone(1, 8_000), 8_000)
    with pytest.raises(InputError, match=re.escape(install_hint("torchaudio"))):
        read_audio(tmp_path / "a.wav", RATE, resampler="torchaudio")


def test_stereo_is_mixed_down(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.stack([np.full(100, 0.5), np.full(100, -0.25)], axis=1), RATE)
    np.testing.assert_allclose(read_audio(tmp_path / "a.wav", RATE), 0.125, atol=1e-4)


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.full(1, 0.5), np.clip(5 * tone(1, RATE), -1, 1)])
@pytest.mark.parametrize("rate", [8_000, RATE, 48_000])
def test_silence_one_sample_and_clipping_are_audio(tmp_path, samples, rate):
    soundfile.write(tmp_path / "a.wav", samples, rate)
    windows = extract_windows(read_audio(tmp_path / "a.wav", RATE), 10 * RATE)
    assert windows.shape == (1, 10 * RATE)
    assert np.isfinite(windows).all()


def test_files_that_are_no_audio_are_named(tmp_path):
    (tmp_path / "text.wav").write_text("no audio")
    (tmp_path / "empty.wav").write_bytes(b"")
    soundfile.write(tmp_path / "nothing.wav", np.zeros(0), RATE)
    soundfile.write(tmp_path / "nan.wav", np.array([0.0, np.nan]), RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "cut.flac", tone(1, RATE), RATE)
    (tmp_path / "cut.flac").write_bytes((tmp_path / "cut.flac").read_bytes()[:60])
    for name, said in {
        "text.wav": "cannot be read as audio",
        "empty.wav": "cannot be read as audio",
        "nothing.wav": "holds no sample",
        "nan.wav": "not numbers",
        "cut.flac": "cannot be read as audio|holds no sample",
        "gone.wav": "no such file",
        ".": "no such file",
    }.items():
        with pytest.raises(InputError, match=said) as caught:
            read_audio(tmp_path / name, RATE)
        assert "\n" not in str(caught.value)
        assert str(tmp_path) in str(caught.value)


def test_a_shorter_clip_is_repeated():
    np.testing.assert_array_equal(extract_windows(np.array([1.0, 2.0, 3.0]), 7), [[1, 2, 3, 1, 2, 3, 1]])


def test_a_longer_clip_is_cut_at_a_stated_place():
    samples = np.array([0.0, 1.0, 2.0, 9.0, 9.0, 1.0, 0.0, 0.5])
    assert extract_windows(samples, 3, "start").tolist() == [[0, 1, 2]]
    assert extract_windows(samples, 3, "middle").tolist() == [[2, 9, 9]]
    assert extract_windows(samples, 3, "loudest").tolist() == [[2, 9, 9]]
    assert extract_windows(samples, 3, "all").tolist() == [[0, 1, 2], [9, 9, 1], [1, 0, 0.5]]


@given(st.integers(1, 50), st.integers(1, 20), st.sampled_from(WINDOWS))
def test_windows_have_the_length_and_are_the_same_every_time(samples, length, window):
    clip = np.random.default_rng(samples).normal(size=samples)
    windows = extract_windows(clip, length, window)
    assert windows.shape[1] == length
    np.testing.assert_array_equal(windows, extract_windows(clip, length, window))
    if window == "all" and samples > length:
        assert {*windows.ravel()} == {*clip}


@pytest.mark.slow
@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000, 16_000])
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("seconds", [0.4, 1.0, 25.0])
def test_windows_of_a_file_are_those_of_all_its_samples(tmp_path, rate, window, seconds):
    """To the bit, but for the middle of a long file, which is resampled from shortly before it on."""
    samples = np.random.RandomState(1).standard_normal(round(seconds * rate)) * np.linspace(
        0.1, 0.3, round(seconds * rate)
    )
    soundfile.write(tmp_path / "a.wav", samples, rate, subtype="FLOAT")
    whole = extract_windows(read_audio(tmp_path / "a.wav", RATE), RATE, window)
    windows = read_windows(tmp_path / "a.wav", RATE, RATE, window)
    if window == "middle" and seconds > 10 and rate != RATE:
        np.testing.assert_allclose(windows, whole, atol=1e-5)
    else:
        np.testing.assert_array_equal(windows, whole)


def test_a_file_without_a_length_has_a_middle_too(tmp_path):
    samples = 0.1 * np.random.RandomState(1).standard_normal(10 * RATE)
    soundfile.write(tmp_path / "a.flac", samples, RATE)
    content = bytearray((tmp_path / "a.flac").read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    (tmp_path / "b.flac").write_bytes(content)
    first, second = (read_windows(tmp_path / name, RATE, RATE, "middle") for name in ("a.flac", "b.flac"))
    np.testing.assert_array_equal(first, second)


def test_only_the_beginning_is_read_where_no_more_is_asked_for(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(5, RATE), RATE)
    assert len(read_audio(tmp_path / "a.wav", RATE, seconds=2.0)) == 2 * RATE


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.5, 2.0, 2.25, 6.0, 6.1, 8.0, 9.9, 30.0])
@pytest.mark.parametrize("rate", [RATE, 44_100])
def test_windows_that_are_read_in_turn_are_all_of_the_file(tmp_path, seconds, rate):
    samples = np.random.RandomState(0).standard_normal(round(seconds * rate)) * 0.1
    soundfile.write(tmp_path / "a.wav", samples, rate, subtype="FLOAT")
    batches = list(iterate_windows(tmp_path / "a.wav", RATE, 2 * RATE, 3))
    assert all(len(windows) <= 4 for windows in batches)
    whole = read_windows(tmp_path / "a.wav", RATE, 2 * RATE, "all")
    np.testing.assert_array_equal(np.concatenate(batches), whole)
