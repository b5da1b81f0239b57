"""Each edit changes what it is about, by sign and size, as the measurements find it."""

import math

import numpy as np
import pytest

from adiff_data.audio.acoustics import measure
from adiff_data.edits import sound

RATE = 32_000


def tone_with_noise(frequency: float = 440.0, seconds: float = 4.0) -> np.ndarray:
    """A tone with overtones that comes every half second, over faint noise."""
    time = np.arange(round(seconds * RATE)) / RATE
    beats = np.exp(-((time % 0.5) / 0.12))
    overtones = sum(np.sin(2 * np.pi * frequency * number * time) / number for number in range(1, 6))
    return 0.1 * beats * overtones + 0.001 * np.random.RandomState(1).standard_normal(len(time))


@pytest.mark.slow
@pytest.mark.parametrize("gain", [-12.0, -3.0, 1.5, 6.0])
def test_a_gain_is_the_difference_in_loudness(gain):
    samples = tone_with_noise()
    before, after = measure(samples, RATE), measure(sound.amplified(samples, gain), RATE)
    assert after.loudness - before.loudness == pytest.approx(gain, abs=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("semitones", [-8.0, -2.0, 1.0, 4.0])
def test_a_transposition_is_the_difference_in_pitch(semitones):
    samples = tone_with_noise()
    before = measure(sound.stretched(samples, RATE), RATE)
    after = measure(sound.stretched(samples, RATE, semitones=semitones), RATE)
    assert 12 * math.log2(after.pitch / before.pitch) == pytest.approx(semitones, abs=0.4)
    assert after.duration == before.duration


@pytest.mark.slow
@pytest.mark.parametrize("tempo", [1 / 2.25, 1 / 1.5, 1.22, 2.25])
def test_a_tempo_changes_the_onsets_a_second_and_not_the_pitch(tempo):
    samples = tone_with_noise(seconds=8.0)
    before, after = measure(samples, RATE), measure(sound.stretched(samples, RATE, tempo=tempo), RATE)
    assert after.duration == pytest.approx(8.0 / tempo, rel=0.01)
    assert after.onsets / before.onsets == pytest.approx(tempo, rel=0.15)
    assert after.pitch == pytest.approx(before.pitch, rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("factor", [1 / 2.25, 1 / 1.22, 1.5, 2.25])
def test_a_tilt_moves_the_centre_of_the_spectrum_and_not_the_level(factor):
    samples = tone_with_noise() + 0.02 * np.random.RandomState(2).standard_normal(4 * RATE)
    edited = sound.brightened(samples, RATE, factor)
    before, after = measure(samples, RATE), measure(edited, RATE)
    assert after.centroid / before.centroid == pytest.approx(factor, rel=0.15)
    assert sound.level(edited) == pytest.approx(sound.level(samples), abs=0.1)


def test_what_has_no_treble_cannot_be_made_five_times_as_bright():
    time = np.arange(2 * RATE) / RATE
    assert sound.brightened(np.sin(2 * np.pi * 12_000 * time), RATE, 5.0) is None


def test_what_is_farther_away_is_softer_and_has_more_of_the_room():
    click = np.zeros(2 * RATE)
    click[100] = 1.0
    near, far = sound.heard_from(click, RATE, 1.0), sound.heard_from(click, RATE, 8.0)
    assert sound.level(far) < sound.level(near) - 6
    early = slice(0, 100 + RATE // 50)
    assert (far[early] ** 2).sum() / (far**2).sum() < 0.7 * (near[early] ** 2).sum() / (near**2).sum()


def test_noise_stands_as_far_below_the_recording_as_it_should():
    samples = tone_with_noise()
    noise = sound.amplified(sound.noise_like(samples, np.random.RandomState(3)), -12.0)
    assert sound.level(samples) - sound.level(noise) == pytest.approx(12.0, abs=0.01)


def test_an_event_leaves_all_samples_outside_of_it_as_they_were():
    samples, event = tone_with_noise(), sound.loudest_stretch(tone_with_noise(900.0), RATE, 0.7)
    mixed = sound.laid_over(samples, event, 5000)
    changed = np.flatnonzero(mixed != samples)
    assert changed.min() >= 5000
    assert changed.max() < 5000 + len(event)


def test_the_loudest_stretch_has_soft_edges_and_is_where_the_sound_is():
    samples = np.zeros(4 * RATE)
    samples[2 * RATE : 3 * RATE] = 0.5
    stretch = sound.loudest_stretch(samples, RATE, 0.5)
    assert stretch[0] == pytest.approx(0, abs=1e-9)
    assert stretch[len(stretch) // 2] == 0.5
    assert abs(stretch[-1]) < 0.01


@pytest.mark.parametrize("compression", [0.2, 0.8])
def test_a_reencoded_recording_has_other_samples_and_the_same_sound(compression):
    samples = tone_with_noise()
    decoded = sound.reencoded(samples, RATE, compression)
    assert decoded.shape == samples.shape
    assert not np.array_equal(decoded, samples)
    before, after = measure(samples, RATE), measure(decoded, RATE)
    assert after.loudness == pytest.approx(before.loudness, abs=0.3)
    assert after.pitch == pytest.approx(before.pitch, rel=0.01)
