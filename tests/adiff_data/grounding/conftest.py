"""Two audios of which something was measured and detected."""

from collections.abc import Callable

import pytest

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import Facts
from adiff_data.claims import ClipTruth, PairTruth, with_measurements

PLAIN = {
    "duration": 10.0,
    "loudness": -23.0,
    "loudness_range": 5.0,
    "peak": -3.0,
    "crest": 12.0,
    "active": 1.0,
    "longest_silence": 0.0,
    "centroid": 1500.0,
    "bandwidth": 900.0,
    "rolloff": 3000.0,
    "flatness": 0.1,
    "pitch": 200.0,
    "pitch_low": 150.0,
    "pitch_high": 250.0,
    "onsets": 2.0,
    "regularity": None,
    "unsteadiness": 3.0,
    "snr": 20.0,
}


@pytest.fixture
def pair() -> Callable[..., PairFacts]:
    """The facts of two audios that measure alike, but for what is given of the first."""
    return lambda **first: PairFacts(Facts(**{**PLAIN, **first}), Facts(**PLAIN))


@pytest.fixture
def known() -> Callable[..., PairTruth]:
    """What facts tell, of audios in which a dog, or rain, was detected and nothing else."""

    def make(facts: PairFacts | None, first: str = "dog", second: str = "rain") -> PairTruth:
        clips = (
            ClipTruth(frozenset({event}), complete=False, lacks=frozenset({"dog", "rain", "bell"} - {event}))
            for event in (first, second)
        )
        return with_measurements(PairTruth(*clips), facts, alike=first == second)

    return make
