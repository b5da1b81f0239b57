import pytest

from adiff_data.audio.differences import PairFacts
from adiff_data.checks.measurements import invented_measurements, measurements
from tests.adiff_data.checks.conftest import annotation


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at 440 Hz", [(440, "Hz")]),
        ("a 2 kHz tone", [(2000, "Hz")]),
        ("between 1-2 kHz", [(1000, "Hz"), (2000, "Hz")]),
        ("around 60-80dB", [(60, "dB"), (80, "dB")]),
        ("1,200 hertz", [(1200, "Hz")]),
        ("a five-second pause", [(5, "s")]),
        ("for 3 s and 250 ms", [(3, "s"), (0.25, "s")]),
        ("120 BPM", [(120, "bpm")]),
        ("-23 LUFS", [(23, "dB")]),
        ("two sounds, 3 dogs and one second of them", [(1, "s")]),
        ("audio 1 has a second dog and two seagulls", []),
        ("the first audio in 1990s style", []),
    ],
)
def test_numbers_with_units_are_found(text, found):
    assert [(measurement.value, measurement.unit) for measurement in measurements(text)] == found


def test_an_invented_number_fails_and_is_named():
    finding = invented_measurements(annotation("Audio 1 barks at 70 dB, audio 2 rains."))
    assert finding.outcome == "fail"
    assert "70 dB" in finding.reason


def test_a_number_of_a_caption_passes():
    row = annotation("Audio 1 barks for 10 seconds, audio 2 rains.", caption1="A dog barks for ten seconds.")
    assert invented_measurements(row).outcome == "pass"


def test_a_number_that_was_measured_passes_and_another_does_not(facts):
    measured = PairFacts(facts(pitch=440.0), facts(loudness=-35.0))
    right = annotation("Audio 1 barks at 450 Hz and is louder by 12 LU; audio 2 rains at -35 LUFS.")
    assert invented_measurements(right, measured).outcome == "pass"
    assert invented_measurements(annotation("Audio 1 barks at 600 Hz."), measured).outcome == "fail"
