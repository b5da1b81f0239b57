"""The qualities in which two clips are alike, from their facts."""

from hypothesis import given
from hypothesis import strategies as st

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import FACT_NAMES, Facts
from adiff_data.audio.likenesses import in_words, likenesses, nothing_differs


def facts(loudness: float = -23.0, duration: float = 10.0, **given) -> Facts:
    plain = dict.fromkeys(FACT_NAMES) | {"active": 1.0, "longest_silence": 0.0, "onsets": 0.0}
    return Facts(**{**plain, "loudness": loudness, "duration": duration, **given})


def test_what_is_close_is_alike_and_what_is_in_between_is_neither():
    assert "louder" in likenesses(PairFacts(facts(-23.0), facts(-23.5)))
    between = PairFacts(facts(-23.0), facts(-25.5))
    assert "louder" not in likenesses(between)
    assert not between.differences


def test_nothing_differs_only_where_all_that_was_measured_is_alike():
    assert nothing_differs(PairFacts(facts(), facts()))
    assert not nothing_differs(PairFacts(facts(), facts(duration=30.0)))
    unknown = dict.fromkeys(("loudness",), None)
    assert not nothing_differs(PairFacts(facts(**unknown), facts(**unknown)))


def test_a_model_is_told_what_is_the_same():
    assert in_words(PairFacts(facts(), facts())).startswith("about the same in both: loudness")
    assert in_words(PairFacts(facts(-10.0, 1.0), facts(-40.0, 9.0, onsets=5.0))) == ""


@given(st.floats(-60, 0), st.floats(-60, 0), st.floats(0.5, 60), st.floats(0.5, 60))
def test_no_quality_is_both_alike_and_different_and_the_order_does_not_count(loud1, loud2, long1, long2):
    first, second = facts(loud1, long1), facts(loud2, long2)
    straight, crossed = PairFacts(first, second), PairFacts(second, first)
    assert not set(likenesses(straight)) & {difference.quality for difference in straight.differences}
    assert likenesses(straight) == likenesses(crossed)
