"""The demo's sound sources: each a function of physical parameters, and how it is spoken of.

A source's parameters are drawn from its ranges by the scene's seed; `low` and `high` words describe the parameter
at the ends of its range, so that a caption says only what was put in.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from adiff_data.demo import signals as s
from adiff_data.demo.signals import Random, Signal


@dataclass(frozen=True)
class Parameter:
    """One physical parameter: its name with the unit, its range, and the words for its two ends."""

    name: str
    low: float
    high: float
    low_word: str = ""
    high_word: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of sound.

    Attributes:
        name: as in `truth.jsonl`.
        render: (random, seconds, parameters) -> signal, of any level; None where only recordings sound so.
        parameters: the first one's words go into the captions.
        clauses: whole clauses with a finite verb; `{how}` takes an adjective or nothing.
        nouns: noun phrases for the same, which fit behind "followed by" or "with".
        continuous: whether it fills its time or comes in single strokes.
    """

    name: str
    render: Callable[[Random, float, dict[str, float]], Signal] | None
    parameters: tuple[Parameter, ...]
    clauses: tuple[str, ...]
    nouns: tuple[str, ...]
    continuous: bool


def speaks_of(name: str, clauses: tuple[str, ...], nouns: tuple[str, ...]) -> Source:
    """A source that is only recorded: its words alone."""
    return Source(name, None, (), clauses, nouns, continuous=False)


def _rain(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    drops = s.repeat_at(
        s.scattered(random, seconds, p["drops_per_second"]),
        lambda _: s.white_noise(random, 0.006) * s.decay(0.006, 0.0015) * random.uniform(0.3, 2.0),
        seconds,
    )
    hiss = s.band(s.white_noise(random, seconds), 900, 12_000) * 0.00025 * p["drops_per_second"]
    return s.band(drops, 700, 13_000) + hiss


def _wind(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    gusts = 0.25 + s.slow_random(random, seconds, p["gusts_per_second"]) ** 2
    low = s.band(s.white_noise(random, seconds), 60, p["howl_hz"])
    howl = s.resonance(s.white_noise(random, seconds), p["howl_hz"], 60) * 2
    return gusts * (low + howl * gusts)


def _sea_waves(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    period = p["wave_period_s"]
    t = s.time_axis(seconds) + random.uniform(0, period)
    surge = np.exp(-3.0 * (t % period) / period) * np.minimum((t % period) / (0.25 * period), 1) ** 2
    wash = s.band(s.white_noise(random, seconds), 300, 7000)
    rumble = s.band(s.white_noise(random, seconds), 40, 350)
    return wash * (0.08 + surge) + 0.8 * rumble * (0.2 + surge)


def _clock(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def tick(number: int) -> Signal:
        pitch = 2600 if number % 2 else 3400
        click = s.resonance(s.white_noise(random, 0.04), pitch, 300)
        return click * s.decay(0.04, 0.006)

    return s.repeat_at(s.beats(random, seconds, 1 / p["ticks_per_second"]), tick, seconds)


def _bell(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    ratios = ((0.5, 0.6), (1.0, 1.0), (1.19, 0.5), (1.5, 0.4), (2.0, 0.6), (2.51, 0.25), (3.01, 0.15))

    def stroke(_: int) -> Signal:
        t = s.time_axis(3.5)
        tones = (a * np.sin(2 * np.pi * p["strike_hz"] * r * t) * np.exp(-t * (0.7 + 0.9 * r)) for r, a in ratios)
        return sum(tones) * np.minimum(t / 0.003, 1)

    return s.repeat_at(s.beats(random, seconds, p["stroke_interval_s"], 0.02), stroke, seconds)


def _siren(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    t = s.time_axis(seconds)
    turn = 0.5 - 0.5 * np.cos(2 * np.pi * t / p["cycle_s"])
    frequency = 600 + 850 * turn
    return s.harmonics(frequency, (1, 0.45, 0.3, 0.12))


def _dog(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def bark(_: int) -> Signal:
        length = random.uniform(0.16, 0.24)
        t = s.time_axis(length)
        pitch = p["pitch_hz"] * (1.25 - 0.7 * t / length) * random.uniform(0.95, 1.05)
        voice = s.harmonics(pitch, (1, 0.9, 0.8, 0.55, 0.4, 0.3, 0.2))
        rough = s.band(s.white_noise(random, length), 500, 4000)[: len(voice)] * 0.8
        return (s.resonance(voice + rough, p["pitch_hz"] * 2.6, 350) * 6 + voice * 0.3) * s.swell(length, 0.2)

    times = s.beats(random, seconds, 1 / p["barks_per_second"], 0.2)
    return s.repeat_at(times, bark, seconds)


def _birdsong(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def chirp(_: int) -> Signal:
        length = random.uniform(0.06, 0.18)
        t = np.linspace(0, 1, round(length * s.SAMPLE_RATE))
        centre = p["pitch_hz"] * random.uniform(0.85, 1.15)
        glide = centre * (1 + random.uniform(-0.25, 0.25) * t + 0.06 * np.sin(2 * np.pi * 3 * t))
        return s.sweep(glide) * s.swell(length, 0.3)[: len(t)]

    return s.repeat_at(s.scattered(random, seconds, p["chirps_per_second"]), chirp, seconds)


def _engine(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    firing = p["rpm"] / 60 * 2  # a four-stroke engine of four cylinders fires twice a turn
    wobble = 1 + 0.02 * (s.slow_random(random, seconds, 3) - 0.5)
    tone = s.harmonics(firing * wobble * np.ones_like(wobble), (1, 0.8, 0.55, 0.5, 0.3, 0.25, 0.15, 0.1))
    rattle = s.band(s.white_noise(random, seconds), 150, 1800) * 0.35
    return tone * (0.85 + 0.3 * s.slow_random(random, seconds, 8)) + rattle * (1 + np.tanh(2 * tone))


def _helicopter(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def blade(_: int) -> Signal:
        thump = s.band(s.white_noise(random, 0.07), 50, 900) * 2
        return thump * s.decay(0.07, 0.018, 0.004)

    blades = s.repeat_at(s.beats(random, seconds, 1 / p["blade_rate_hz"]), blade, seconds)
    turbine = s.band(s.white_noise(random, seconds), 1500, 6000) * 0.06
    return blades + turbine


def _fire(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def crack(_: int) -> Signal:
        length = random.uniform(0.01, 0.04)
        return s.white_noise(random, length) * s.decay(length, length / 4, 0.0005) * random.uniform(0.3, 1.0)

    cracks = s.repeat_at(s.scattered(random, seconds, p["cracks_per_second"]), crack, seconds)
    roar = s.band(s.white_noise(random, seconds), 40, 400) * (0.05 + 0.08 * s.slow_random(random, seconds, 4))
    return s.band(cracks, 800, 14_000) + roar


def _footsteps(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def step(number: int) -> Signal:
        heel = s.band(s.white_noise(random, 0.12), 60, 500) * s.decay(0.12, 0.02)
        scuff = s.band(s.white_noise(random, 0.12), 1500, 7000) * s.decay(0.12, 0.03, 0.02) * 0.25
        return (heel + scuff) * (1.0 if number % 2 else 0.85)

    return s.repeat_at(s.beats(random, seconds, 1 / p["steps_per_second"], 0.04), step, seconds)


def _knocking(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def knock(_: int) -> Signal:
        hit = s.white_noise(random, 0.1) * s.decay(0.1, 0.004, 0.0005)
        return s.resonance(hit, p["door_hz"], 60) * 4 + s.resonance(hit, p["door_hz"] * 2.3, 120)

    times: list[float] = []
    start = 0.05
    while start < seconds - 0.6:
        times += [start + 0.2 * number for number in range(3)]
        start += random.uniform(1.4, 2.2)
    return s.repeat_at([time for time in times if time < seconds - 0.1], knock, seconds)


def _applause(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def clap(_: int) -> Signal:
        centre = random.uniform(900, 2200)
        return s.resonance(s.white_noise(random, 0.03) * s.decay(0.03, 0.005, 0.0005), centre, 900)

    claps = s.repeat_at(s.scattered(random, seconds, 4 * p["people"]), clap, seconds)
    return claps * (0.7 + 0.3 * s.slow_random(random, seconds, 1))


def _thunder(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    def roll(_: int) -> Signal:
        length = min(4.0, seconds)
        rumble = s.band(s.white_noise(random, length), 25, p["brightness_hz"])
        shape = s.decay(length, 1.1, 0.08) * (0.3 + s.slow_random(random, length, 5))
        return rumble * shape

    return s.repeat_at(s.beats(random, seconds, 3.5, 0.15), roll, seconds)


def _crickets(random: Random, seconds: float, p: dict[str, float]) -> Signal:
    t = s.time_axis(seconds)
    pulses = np.maximum(np.sin(2 * np.pi * 28 * t), 0) ** 2
    chirps = np.clip(np.sin(2 * np.pi * p["chirps_per_second"] * t + random.uniform(0, 6)) * 3, 0, 1)
    return np.sin(2 * np.pi * p["pitch_hz"] * t) * pulses * chirps


SOURCES = {
    source.name: source
    for source in (
        Source(
            "rain",
            _rain,
            (Parameter("drops_per_second", 60, 900, "light", "heavy"),),
            ("{how} rain falls", "{how} rain is coming down", "{how} rain patters on the ground"),
            ("{how} rain", "the patter of {how} rain", "{how} rainfall"),
            True,
        ),
        Source(
            "wind",
            _wind,
            (Parameter("howl_hz", 250, 700, "low", "whistling"), Parameter("gusts_per_second", 0.3, 1.2)),
            ("{how} wind blows", "{how} wind gusts", "a {how} wind is howling"),
            ("{how} wind", "gusts of {how} wind", "the howl of a {how} wind"),
            True,
        ),
        Source(
            "sea waves",
            _sea_waves,
            (Parameter("wave_period_s", 2.5, 6.0, "quick", "slow"),),
            ("{how} sea waves roll in", "{how} waves break on a beach", "{how} ocean waves wash ashore"),
            ("{how} sea waves", "{how} waves on a beach", "the wash of {how} ocean waves"),
            True,
        ),
        Source(
            "clock",
            _clock,
            (Parameter("ticks_per_second", 1.0, 4.0, "slow", "fast"),),
            ("a clock ticks at a {how} pace", "a {how} clock is ticking", "a {how} clock ticks away"),
            ("the ticking of a {how} clock", "a {how} clock tick", "{how} clock ticking"),
            True,
        ),
        Source(
            "church bell",
            _bell,
            (Parameter("strike_hz", 220, 700, "deep", "high"), Parameter("stroke_interval_s", 1.6, 2.6)),
            ("a {how} church bell rings", "a {how} church bell tolls", "a {how} bell in a church is ringing"),
            (
                "the tolling of a {how} church bell",
                "a {how} church bell",
                "the strokes of a {how} church bell",
            ),
            True,
        ),
        Source(
            "siren",
            _siren,
            (Parameter("cycle_s", 0.6, 4.0, "quickly wailing", "slowly wailing"),),
            ("a {how} siren sounds", "a {how} siren goes up and down", "a {how} emergency siren is blaring"),
            ("a {how} siren", "the sound of a {how} siren", "a {how} emergency siren"),
            True,
        ),
        Source(
            "dog",
            _dog,
            (Parameter("pitch_hz", 180, 600, "big", "small"), Parameter("barks_per_second", 0.8, 2.0)),
            ("a {how} dog barks", "a {how} dog is barking", "a {how} dog barks again and again"),
            ("the barking of a {how} dog", "a {how} dog barking", "barks of a {how} dog"),
            False,
        ),
        Source(
            "birds",
            _birdsong,
            (Parameter("chirps_per_second", 1.5, 7.0, "a few", "many"), Parameter("pitch_hz", 2500, 5500)),
            ("{how} birds chirp", "{how} birds are singing", "{how} birds tweet"),
            ("the chirping of {how} birds", "{how} birds singing", "the song of {how} birds"),
            True,
        ),
        Source(
            "engine",
            _engine,
            (Parameter("rpm", 600, 3000, "slow", "fast"),),
            ("a {how} engine idles", "a {how} car engine is running", "a {how} motor hums"),
            ("a {how} engine idling", "the hum of a {how} motor", "a {how} car engine"),
            True,
        ),
        Source(
            "helicopter",
            _helicopter,
            (Parameter("blade_rate_hz", 9, 20, "slow", "fast"),),
            (
                "a helicopter with {how} rotor blades flies",
                "a helicopter with a {how} rotor hovers",
                "a helicopter chops the air with {how} blades",
            ),
            (
                "a helicopter with a {how} rotor",
                "the {how} blades of a helicopter",
                "a helicopter with {how} rotor blades",
            ),
            True,
        ),
        Source(
            "fire",
            _fire,
            (Parameter("cracks_per_second", 6, 50, "small", "big"),),
            ("a {how} fire crackles", "a {how} fire is burning", "a {how} campfire pops and crackles"),
            ("the crackling of a {how} fire", "a {how} crackling fire", "a {how} campfire crackling"),
            True,
        ),
        Source(
            "footsteps",
            _footsteps,
            (Parameter("steps_per_second", 1.2, 3.2, "slow", "quick"),),
            ("someone walks with {how} footsteps", "{how} footsteps go by", "a person takes {how} steps"),
            ("{how} footsteps", "a person walking with {how} steps", "the {how} steps of a person"),
            False,
        ),
        Source(
            "knocking",
            _knocking,
            (Parameter("door_hz", 120, 420, "heavy", "thin"),),
            (
                "someone knocks on a {how} door",
                "a {how} door is knocked on",
                "a person is knocking at a {how} door",
            ),
            ("knocking on a {how} door", "knocks at a {how} door", "someone knocking on a {how} wooden door"),
            False,
        ),
        Source(
            "applause",
            _applause,
            (Parameter("people", 6, 80, "small", "large"),),
            ("a {how} audience applauds", "a {how} crowd claps", "a {how} group of people is clapping"),
            ("the applause of a {how} audience", "a {how} crowd clapping", "applause from a {how} crowd"),
            True,
        ),
        Source(
            "thunder",
            _thunder,
            (Parameter("brightness_hz", 120, 500, "dull", "sharp"),),
            ("{how} thunder rumbles", "{how} thunder rolls", "a storm brings {how} thunder"),
            ("{how} thunder", "rolls of {how} thunder", "the rumble of {how} thunder"),
            False,
        ),
        Source(
            "crickets",
            _crickets,
            (
                Parameter("chirps_per_second", 1.0, 3.5, "slowly", "rapidly"),
                Parameter("pitch_hz", 3800, 5200),
            ),
            ("crickets chirp {how}", "crickets are chirping {how}", "crickets call {how} in the grass"),
            ("crickets chirping {how}", "the sound of crickets chirping {how}", "crickets calling {how}"),
            True,
        ),
    )
}
