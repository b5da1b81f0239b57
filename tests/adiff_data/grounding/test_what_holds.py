"""What is let through of an answer, what is not, and why."""

import re

from adiff_data.claims import Mention, Outcome
from adiff_data.grounding import faults_of, ground


def events(text: str) -> list[Mention]:
    return [Mention(match.group(), *match.span()) for match in re.finditer(r"dog|rain|bell", text)]


def test_what_was_measured_otherwise_is_left_out_and_what_holds_stays(pair, known):
    facts = pair(loudness=-11.0, onsets=0.6)
    answer = "Audio 1: a dog barks. Audio 2: rain falls. Audio 1 is louder and busier."
    grounded = ground(answer, known(facts), events, facts)
    assert grounded.text == "Audio 1: a dog barks. Audio 2: rain falls. Audio 1 is louder."
    (left_out,) = grounded.left_out
    assert left_out.words == "busier"
    assert left_out.outcome == Outcome.CONTRADICTED
    assert left_out.reason.startswith("audio 2 is busier by a factor of 3.3")


def test_an_answer_that_holds_is_the_same_to_the_letter(pair, known):
    facts = pair(loudness=-11.0)
    answer = "Audio 1 ,  oddly spaced: a dog barks. Audio 2: rain.  Audio 1 is louder by 12 LU."
    assert ground(answer, known(facts), events, facts).text == answer


def test_what_cannot_be_settled_is_left_out(pair, known):
    answer = "Audio 1: a dog barks. Audio 2: rain falls. Audio 1 is louder."
    small, alike = pair(loudness=-21.0), pair()
    assert [each.outcome for each in ground(answer, known(small), events, small).left_out] == [Outcome.UNDECIDED]
    assert ground(answer, known(alike), events, alike).left_out[0].reason == "both measure alike"
    unmeasured = ground(answer, known(None), events, None)
    assert unmeasured.text == "Audio 1: a dog barks. Audio 2: rain falls."
    assert unmeasured.left_out[0].reason == "it could not be measured on both"


def test_events_that_were_not_detected_or_in_the_other_audio_alone_are_left_out(pair, known):
    answer = "Audio 1: a dog barks, then a bell tolls. Audio 2: rain falls and a dog barks."
    grounded = ground(answer, known(pair()), events, pair())
    assert grounded.text == "Audio 1: a dog barks. Audio 2: rain falls."
    assert [each.reason for each in grounded.left_out] == [
        "bell was not detected in either audio",
        "dog was not detected in audio 2, but in audio 1",
    ]


def test_an_amount_that_was_not_measured_goes_with_its_claim_only_where_that_stands_elsewhere(pair, known):
    facts = pair(loudness=-11.0)
    once = ground("Audio 1 is louder by 5 LU.", known(facts), events, facts)
    assert once.text == "Audio 1 is louder."
    assert (once.left_out[0].words, once.left_out[0].reason) == ("louder by 5 LU", "audio 1 is louder by 12 LU")
    twice = ground("Audio 1 is louder. More exactly, audio 1 is louder by 5 LU.", known(facts), events, facts)
    assert twice.text == "Audio 1 is louder."


def test_that_nothing_differs_holds_where_nothing_was_found_to_differ(pair, known):
    answer = "The two audios sound the same."
    assert ground(answer, known(pair(), "dog", "dog"), events, pair()).text == answer
    louder = pair(loudness=-11.0)
    assert ground(answer, known(louder, "dog", "dog"), events, louder).text == ""


def test_fewer_wrong_claims_count_before_more_true_ones(pair, known):
    truth = known(pair(loudness=-11.0))
    silent, right, wrong = (
        faults_of(answer, truth, events)
        for answer in ("They differ.", "Audio 1 is louder.", "Audio 1 has a dog and is louder and brighter.")
    )
    assert right < silent < wrong
