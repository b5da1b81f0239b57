"""The raw material of the demo's sounds: noise, tones, envelopes. Arrays of float64 at `SAMPLE_RATE`.

`numpy.random.RandomState` is used on purpose: its stream is frozen, that of `Generator` may change with numpy.
"""

from collections.abc import Callable, Sequence

import numpy as np
import scipy  # which imports scipy.signal, which takes a second, with its first use

SAMPLE_RATE = 32_000

Signal = np.ndarray
Random = np.random.RandomState


def silence(seconds: float) -> Signal:
    """Zeros of the given length."""
    return np.zeros(round(seconds * SAMPLE_RATE))


def time_axis(seconds: float) -> Signal:
    """The time of each sample, in seconds."""
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def white_noise(random: Random, seconds: float) -> Signal:
    """Gaussian noise with as much power at every frequency."""
    return random.standard_normal(round(seconds * SAMPLE_RATE))


def band(signal: Signal, low_hz: float, high_hz: float, order: int = 2) -> Signal:
    """The part of `signal` between two frequencies (Butterworth)."""
    nyquist = SAMPLE_RATE / 2
    if low_hz <= 0:
        sections = scipy.signal.butter(order, min(high_hz / nyquist, 0.99), btype="low", output="sos")
    elif high_hz >= nyquist * 0.99:
        sections = scipy.signal.butter(order, low_hz / nyquist, btype="high", output="sos")
    else:
        sections = scipy.signal.butter(order, (low_hz / nyquist, high_hz / nyquist), btype="band", output="sos")
    return scipy.signal.sosfilt(sections, signal)


def sweep(frequency_hz: Signal) -> Signal:
    """A sine whose frequency at each sample is given, in hertz."""
    return np.sin(2 * np.pi * np.cumsum(frequency_hz) / SAMPLE_RATE)


def harmonics(frequency_hz: Signal, amplitudes: Sequence[float]) -> Signal:
    """A tone of a gliding fundamental and its overtones, with the given amplitudes."""
    phase = 2 * np.pi * np.cumsum(frequency_hz) / SAMPLE_RATE
    overtones = (amplitude * np.sin(number * phase) for number, amplitude in enumerate(amplitudes, start=1))
    return sum(overtones, np.zeros_like(phase))


def decay(seconds: float, time_constant: float, attack: float = 0.002) -> Signal:
    """An envelope that rises within `attack` seconds and falls by 1/e every `time_constant` seconds."""
    t = time_axis(seconds)
    return np.minimum(t / attack, 1.0) * np.exp(-t / time_constant)


def swell(seconds: float, edge: float = 0.15) -> Signal:
    """An envelope that rises and falls smoothly, over the given share of the length at each end."""
    t = np.linspace(0, 1, round(seconds * SAMPLE_RATE))
    return np.clip(np.minimum(t, 1 - t) / edge, 0, 1) ** 1.5


def slow_random(random: Random, seconds: float, rate_hz: float) -> Signal:
    """A smooth random curve between 0 and 1 that changes about `rate_hz` times a second."""
    knots = max(2, round(seconds * rate_hz) + 2)
    values = random.uniform(0, 1, knots)
    positions = np.linspace(0, knots - 1, round(seconds * SAMPLE_RATE))
    return np.interp(positions, np.arange(knots), values)


def repeat_at(times: Sequence[float], make: Callable[[int], Signal], seconds: float) -> Signal:
    """The sounds `make(0)`, `make(1)` … laid over silence at the given times, in seconds."""
    signal = silence(seconds)
    for number, time in enumerate(times):
        start = round(time * SAMPLE_RATE)
        piece = make(number)[: len(signal) - start]
        signal[start : start + len(piece)] += piece
    return signal


def beats(random: Random, seconds: float, interval: float, jitter: float = 0.0) -> list[float]:
    """Times `interval` seconds apart, each off by a random share (up to `jitter`) of the interval."""
    times = np.arange(0.02, seconds - 0.05, interval)
    return list(np.clip(times + random.uniform(-jitter, jitter, len(times)) * interval, 0, seconds - 0.05))


def scattered(random: Random, seconds: float, rate_hz: float) -> list[float]:
    """Times at random, `rate_hz` of them a second on average."""
    return sorted(random.uniform(0, seconds, max(1, round(rate_hz * seconds))))


def far_away(signal: Signal, random: Random) -> Signal:
    """`signal` as from afar: the treble absorbed by the air, the edges blurred by many echoes."""
    dull = band(signal, 0, 2500, order=1)
    echoes = white_noise(random, 0.5) * np.exp(-time_axis(0.5) / 0.1)
    echoes /= np.sqrt((echoes**2).sum())
    return dull + 0.7 * scipy.signal.fftconvolve(dull, echoes)[: len(dull)]


def resonance(signal: Signal, frequency_hz: float, bandwidth_hz: float) -> Signal:
    """`signal` through a two-pole resonator."""
    radius = np.exp(-np.pi * bandwidth_hz / SAMPLE_RATE)
    angle = 2 * np.pi * frequency_hz / SAMPLE_RATE
    return scipy.signal.lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], signal)
