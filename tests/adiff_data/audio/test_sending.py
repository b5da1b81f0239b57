"""Recordings as they are sent: which part, at which rate, and whether anything is lost."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from adiff_data.audio.decoding import mixed_down, read_samples
from adiff_data.audio.sending import AudioSender, SendingOptions
from adiff_data.core.errors import InputError
from tests.hearing import recordings_in, split_at_silence, texts_in


def write(path: Path, samples: np.ndarray, rate: int = 16_000, subtype: str = "PCM_16") -> Path:
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


def noise(seconds: float, level: float = 0.1, rate: int = 16_000, channels: int = 1) -> np.ndarray:
    return np.random.default_rng(0).normal(0, level, (round(seconds * rate), channels)).clip(-1, 1)


def sent(first: Path, second: Path, **options):
    with AudioSender(SendingOptions(**options)) as sender:
        return sender.pair(first, second)


def body_of(pair) -> dict:
    return {"messages": [{"content": pair.content("which?")}]}


def test_floats_at_the_own_rate_are_the_samples_of_the_recording(tmp_path):
    stereo = write(tmp_path / "a.wav", noise(1.0, rate=44_100, channels=2), 44_100, "PCM_24")
    mono = write(tmp_path / "b.flac", noise(0.5))
    (first, rate), (second, _) = recordings_in(body_of(sent(stereo, mono, audio_format="float")))
    assert rate == 44_100
    assert np.array_equal(first, mixed_down(read_samples(stereo)[0]))
    assert np.array_equal(second, mixed_down(read_samples(mono)[0]))


def test_sixteen_bits_of_a_mono_recording_come_back_as_they_are(tmp_path):
    recording = write(tmp_path / "a.wav", np.linspace(-1, 1, 5000))
    (heard, _), _ = recordings_in(body_of(sent(recording, recording)))
    assert np.array_equal(heard, read_samples(recording)[0][:, 0])


@pytest.mark.parametrize(("window", "start"), [("start", 0.0), ("middle", 4.0), ("loudest", 7.0)])
@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_of_a_long_recording_a_window_is_sent(tmp_path, window, start, name):
    samples = noise(10.0, 0.01)
    samples[7 * 16_000 : 9 * 16_000] *= 20
    recording = write(tmp_path / name, samples)
    pair = sent(recording, recording, audio_window=window, audio_seconds=2.0)
    assert pair.seconds == 4.0
    assert pair.recorded["audio1"]["start"] == pytest.approx(start, abs=0.1)
    (heard, rate), _ = recordings_in(body_of(pair))
    begin = round(pair.recorded["audio1"]["start"] * rate)
    assert np.array_equal(heard, read_samples(recording)[0][begin : begin + 2 * rate, 0])


@pytest.mark.parametrize(("form", "rate", "heard_rate"), [("wav", 8_000, 8_000), ("mp3", 30_000, 32_000)])
def test_another_rate_is_the_one_that_the_format_has(tmp_path, form, rate, heard_rate):
    recording = write(tmp_path / "a.wav", noise(1.0))
    pair = sent(recording, recording, audio_format=form, audio_rate=rate)
    assert [each for _, each in recordings_in(body_of(pair))] == [heard_rate] * 2
    assert pair.recorded["audio1"]["rate"] == heard_rate


def test_joined_recordings_have_one_rate_and_a_gap(tmp_path):
    low, high = (
        write(tmp_path / "a.wav", noise(1.0), 16_000),
        write(tmp_path / "b.wav", noise(0.5, rate=32_000), 32_000),
    )
    pair = sent(low, high, audio_as="joined", audio_gap=0.75)
    ((samples, rate),) = recordings_in(body_of(pair))
    assert (rate, len(samples)) == (32_000, round(2.25 * 32_000))
    assert [round(len(part) / rate, 1) for part in split_at_silence(samples)] == [1.0, 0.5]
    assert texts_in(body_of(pair)) == [
        "In this recording you hear audio 1, then 0.75 s of silence, then audio 2.",
        "which?",
    ]


def test_a_clip_is_encoded_once_whatever_its_pairs_and_the_folder_stays_small(tmp_path, monkeypatch):
    clips = [write(tmp_path / f"{number}.wav", noise(1.0)) for number in range(4)]
    with AudioSender(SendingOptions()) as sender:
        before = sender.pair(clips[0], clips[1])
        clips[0].unlink()
        assert sender.pair(clips[0], clips[1]) == before
        monkeypatch.setattr("adiff_data.audio.sending._MOST_BYTES", 70_000)
        sender.pair(clips[2], clips[3])
        with pytest.raises(InputError):
            sender.pair(clips[0], clips[1])


def test_the_hash_is_that_of_what_was_sent(tmp_path):
    quiet, loud = write(tmp_path / "a.wav", noise(1.0, 0.01)), write(tmp_path / "b.wav", noise(1.0))
    hashes = {name: sent(quiet, loud).recorded[name]["sha256"] for name in ("audio1", "audio2")}
    swapped = sent(loud, quiet).recorded
    assert hashes["audio1"] == swapped["audio2"]["sha256"] != hashes["audio2"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"no audio", "cannot be read"), (None, "cannot be read"), ("empty", "no sample"), ("nan", "not numbers")],
)
def test_what_cannot_be_sent_is_named(tmp_path, content, reason):
    path, good = tmp_path / "bad.wav", write(tmp_path / "good.wav", noise(0.1))
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        samples = np.zeros(0) if content == "empty" else np.full(100, np.nan)
        path.write_bytes(_wav_of_floats(samples))
    with pytest.raises(InputError, match=f"bad.wav.*{reason}"):
        sent(good, path)


def _wav_of_floats(samples: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, 16_000, format="WAV", subtype="FLOAT")
    return buffer.getvalue()
