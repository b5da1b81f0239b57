"""Facts of clips whose truth is known, within stated tolerances."""

import math

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from adiff_data.audio.acoustics import RATE, measure, measure_file
from adiff_data.core.errors import InputError

TIME = np.arange(10 * RATE) / RATE


def noise(seed: int = 0, seconds: float = 10.0) -> np.ndarray:
    return np.random.RandomState(seed).standard_normal(round(seconds * RATE))


def clicks(rate: float, jitter: float = 0.0) -> np.ndarray:
    stream = np.random.RandomState(1)
    sound = np.zeros(10 * RATE)
    for time in np.arange(0.1, 9.9, 1 / rate):
        start = round((time + stream.uniform(-jitter, jitter)) * RATE)
        sound[start : start + 640] += stream.standard_normal(640) * np.exp(-np.arange(640) / 100)
    return 0.3 * sound


@pytest.mark.slow
def test_a_full_scale_tone_has_the_loudness_of_the_standard():
    """BS.1770: a 997 Hz sine at 0 dBFS on one channel reads -3.01 LUFS. Tolerance 0.1 LU."""
    assert measure(np.sin(2 * np.pi * 997 * TIME), RATE).loudness == pytest.approx(-3.01, abs=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("gain_db", [0, -12, -30])
def test_loudness_follows_the_gain(gain_db):
    loud, quiet = measure(0.2 * noise(), RATE), measure(0.2 * noise() * 10 ** (gain_db / 20), RATE)
    assert quiet.loudness - loud.loudness == pytest.approx(gain_db, abs=0.11)
    assert quiet.peak - loud.peak == pytest.approx(gain_db, abs=0.11)


def test_loudness_range_of_two_levels():
    """Half the time 20 dB quieter: LRA is 20 LU (EBU Tech 3342, case 1, is 10 dB). Tolerance 1 LU."""
    sound = 0.2 * noise(seconds=20)
    sound[: 10 * RATE] *= 0.1
    assert measure(sound, RATE).loudness_range == pytest.approx(20, abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("frequency", [82.4, 220, 440, 987.8, 1760, 3000, 5200])
def test_a_tone_has_its_pitch(frequency):
    """Tolerance: a fifth of a semitone (1.2 %)."""
    facts = measure(0.3 * np.sin(2 * np.pi * frequency * TIME), RATE)
    assert facts.pitch == pytest.approx(frequency, rel=0.012)
    assert facts.centroid == pytest.approx(frequency, rel=0.02)
    assert facts.flatness < 0.001


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_the_sample_rate_does_not_matter(rate):
    time = np.arange(4 * rate) / rate
    facts = measure(0.3 * np.sin(2 * np.pi * 440 * time), rate)
    assert facts.pitch == pytest.approx(440, rel=0.01)
    assert facts.duration == 4


@pytest.mark.slow
def test_overtones_do_not_raise_the_pitch_and_a_missing_fundamental_does_not_lower_it():
    rich = sum(np.sin(2 * np.pi * 110 * number * TIME) / number for number in range(1, 9))
    missing = sum(np.sin(2 * np.pi * 200 * number * TIME) for number in range(3, 8))
    assert measure(0.2 * rich, RATE).pitch == pytest.approx(110, rel=0.01)
    assert measure(0.1 * missing, RATE).pitch == pytest.approx(200, rel=0.01)


def test_a_glide_has_its_range():
    frequency = np.linspace(300, 600, len(TIME))
    facts = measure(0.3 * np.sin(2 * np.pi * np.cumsum(frequency) / RATE), RATE)
    assert facts.pitch_low == pytest.approx(330, rel=0.03)
    assert facts.pitch_high == pytest.approx(570, rel=0.03)


def test_noise_has_no_pitch_and_no_onsets_and_is_flat():
    facts = measure(0.1 * noise(), RATE)
    assert facts.pitch is None
    assert facts.onsets <= 0.2
    assert facts.flatness > 0.95
    assert facts.centroid == pytest.approx(RATE / 4, rel=0.02)
    assert facts.rolloff == pytest.approx(0.85 * RATE / 2, rel=0.02)
    assert facts.active == 1


@pytest.mark.parametrize("rate", [1, 2, 4, 8])
def test_clicks_are_counted(rate):
    """Tolerance 10 %, for the edges."""
    facts = measure(clicks(rate) + 1e-4 * noise(), RATE)
    assert facts.onsets == pytest.approx(rate, rel=0.1, abs=0.11)
    assert facts.regularity > 0.9


def test_uneven_clicks_are_less_regular():
    assert measure(clicks(2, jitter=0.2), RATE).regularity < 0.85


def test_silence_between_sounds_is_measured():
    sound = 0.1 * noise()
    sound[3 * RATE : 7 * RATE] = 0
    facts = measure(sound, RATE)
    assert facts.longest_silence == pytest.approx(4, abs=0.1)
    assert facts.active == pytest.approx(0.6, abs=0.02)


def test_a_sound_over_its_background_has_its_ratio():
    """A burst 40 dB above the noise, for a tenth of the time. Tolerance 2 dB."""
    sound = 0.001 * noise()
    sound[: 2 * RATE] += 0.1 * noise(2, 2)
    assert measure(sound, RATE).snr == pytest.approx(40, abs=2)


def test_unsteadiness_is_the_level_that_changes():
    assert measure(0.1 * noise(), RATE).unsteadiness < 0.5
    swaying = 0.1 * noise() * (1.05 + np.sin(2 * np.pi * 0.5 * TIME))
    assert measure(swaying, RATE).unsteadiness > 4


def test_silence_has_no_level_and_no_pitch():
    facts = measure(np.zeros(5 * RATE), RATE)
    assert (facts.loudness, facts.peak, facts.pitch, facts.centroid, facts.active) == (None, None, None, None, 0)
    assert facts.longest_silence == 5


def test_stereo_is_mixed_down():
    tone = 0.3 * np.sin(2 * np.pi * 440 * TIME)
    assert measure(np.stack([tone, tone], axis=1), RATE) == measure(tone, RATE)


@pytest.mark.slow
@given(
    arrays(np.float32, st.integers(1, 6000), elements=st.floats(width=32, allow_nan=True, allow_infinity=True)),
    st.sampled_from([8000, 32_000, 44_100]),
)
@settings(max_examples=60, deadline=None)
def test_any_samples_give_facts_without_nan(samples, rate):
    facts = measure(samples, rate)
    assert all(value is None or math.isfinite(value) for value in facts.as_dict().values())


@pytest.mark.parametrize("content", [b"", b"just some text", b"RIFF\x00\x00\x00\x00WAVEfmt "])
def test_a_file_that_is_no_audio_is_named(tmp_path, content):
    path = tmp_path / "fake.wav"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"fake\.wav: cannot be read as audio"):
        measure_file(path)


def test_a_file_without_samples_is_named(tmp_path):
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    with pytest.raises(InputError, match=r"empty\.wav: no samples"):
        measure_file(tmp_path / "empty.wav")


@pytest.mark.parametrize(("name", "subtype"), [("a.wav", "PCM_U8"), ("a.flac", "PCM_16"), ("a.ogg", "VORBIS")])
def test_formats_agree(tmp_path, name, subtype):
    soundfile.write(tmp_path / name, 0.5 * np.sin(2 * np.pi * 440 * TIME), RATE, subtype=subtype)
    facts = measure_file(tmp_path / name)
    assert facts.loudness == pytest.approx(-9.8, abs=0.3)
    assert facts.pitch == pytest.approx(440, rel=0.01)


def test_a_constant_offset_changes_nothing_that_is_heard():
    noise = 0.02 * np.random.RandomState(0).standard_normal(3 * 32_000)
    without, shifted = measure(noise, 32_000), measure(noise + 0.05, 32_000)
    assert shifted.centroid == pytest.approx(without.centroid, rel=0.01)
    assert shifted.loudness == pytest.approx(without.loudness, abs=0.1)


def test_silence_with_an_offset_is_silence():
    facts = measure(np.full(3 * 32_000, 0.02), 32_000)
    assert (facts.loudness, facts.active, facts.longest_silence) == (None, 0.0, 3.0)


def test_channels_in_opposite_phase_are_not_silent():
    tone = 0.3 * np.sin(np.arange(3 * 32_000) * 0.1)
    assert measure(np.stack([tone, -tone], axis=1), 32_000) == measure(tone, 32_000)


@pytest.mark.parametrize(
    ("broken", "reason"), [(np.nan, "not numbers"), (np.inf, "not numbers"), (1000.0, "far beyond full scale")]
)
def test_samples_that_no_recording_has_are_refused(tmp_path, broken, reason):
    samples = np.zeros(32_000)
    samples[100] = broken
    soundfile.write(tmp_path / "a.wav", samples, 32_000, subtype="FLOAT")
    with pytest.raises(InputError, match=rf"a\.wav: holds samples .*{reason}"):
        measure_file(tmp_path / "a.wav")


@pytest.mark.slow
def test_of_a_long_recording_the_first_minute_is_measured_and_all_of_its_length(tmp_path):
    quiet = 0.01 * np.random.RandomState(0).standard_normal(61 * 8000)
    soundfile.write(tmp_path / "long.flac", np.concatenate([quiet, 20 * quiet]), 8000)
    soundfile.write(tmp_path / "short.flac", quiet, 8000)
    long, short = measure_file(tmp_path / "long.flac"), measure_file(tmp_path / "short.flac")
    assert (long.duration, short.duration) == (122.0, 61.0)
    assert long.loudness == short.loudness
