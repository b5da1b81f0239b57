"""Answers whose claims are known, since they were put together from them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.claims import (
    ClipTruth,
    Kind,
    Outcome,
    PairTruth,
    caption_words,
    count_claims,
    judge_claim,
    split_claims,
    truth_of_captions,
)
from adiff_data.demo.naming import mentions

DOG_THEN_RAIN = ClipTruth(
    frozenset({"dog", "rain"}), complete=True, onsets={"dog": 0, "rain": 5}, arrangement="sequence"
)
SIREN = ClipTruth(frozenset({"siren"}), complete=True, onsets={"siren": 0}, arrangement="single")
TRUTH = PairTruth(DOG_THEN_RAIN, SIREN, {"louder": 2}, same=False)

EVENTS = {"dog": "a dog barks", "rain": "rain falls", "siren": "a siren wails", "thunder": "thunder rolls"}
TWO_SIDES = [
    "Audio 1: {0}. Audio 2: {1}.",
    "In the first clip {0}, while in the second clip {1}.",
    "{0} in audio 1, whereas {1} in audio 2.",
    "Audio 2 tells that {1}; audio 1 tells that {0}.",
    "The first recording is one where {0}. The second is one where {1}.",
    "Unlike audio 2, where {1}, audio 1 is one where {0}.",
    "Of the two, the former is where {0} and the latter is where {1}.",
    "Clip one: {0}. Clip two: {1}.",
    "While audio 2 is where {1}, audio 1 is where {0}.",
    "In audio 1, {0}, but in audio 2, {1}.",
]


def claims_of(answer: str) -> set[tuple[Kind, int, str]]:
    return {(claim.kind, claim.audio, claim.subject) for claim in split_claims(answer, mentions)}


@pytest.mark.parametrize("wording", TWO_SIDES)
@pytest.mark.parametrize("pair", list(itertools.permutations(EVENTS, 2)))
def test_each_event_is_a_claim_about_its_audio(wording, pair):
    answer = wording.format(*(EVENTS[event] for event in pair))
    assert claims_of(answer) == {(Kind.EVENT, 1, pair[0]), (Kind.EVENT, 2, pair[1])}


@pytest.mark.parametrize(
    "answer",
    [
        "There is no rain in audio 1, and a dog barks in audio 2.",
        "Audio 1 lacks rain. In audio 2 a dog barks.",
        "Audio 1 is without any sound of rain; audio 2 has a dog.",
        "In audio 1 rain is absent. Audio 2 has a dog.",
        "In audio 1 rain is not heard, while audio 2 has a dog.",
        "Audio 1 does not have rain, but audio 2 has a dog.",
    ],
)
def test_what_is_denied_is_a_claim_of_absence(answer):
    assert claims_of(answer) == {(Kind.ABSENT, 1, "rain"), (Kind.EVENT, 2, "dog")}


def test_what_only_one_audio_has_is_absent_from_the_other():
    assert claims_of("Only audio 2 has rain.") == {(Kind.EVENT, 2, "rain"), (Kind.ABSENT, 1, "rain")}
    assert claims_of("A dog is heard not only in audio 1.") == {(Kind.EVENT, 1, "dog")}


@pytest.mark.parametrize(
    "answer",
    ["Both audios have rain.", "In both clips rain falls.", "They share the sound of rain.", "Each of them has rain."],
)
def test_what_both_have_is_one_claim_about_both(answer):
    assert claims_of(answer) == {(Kind.EVENT, 0, "rain")}


def test_what_neither_has_is_absent_from_both():
    assert claims_of("In neither of the recordings is there rain.") == {(Kind.ABSENT, 0, "rain")}


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        ("a dog barks, then rain falls", "dog", "rain"),
        ("a dog barks, followed by rain", "dog", "rain"),
        ("rain falls after a dog barks", "dog", "rain"),
        ("a dog barks before rain falls", "dog", "rain"),
    ],
)
def test_the_order_of_two_events_is_a_claim(said, first, second):
    claims = split_claims(f"In audio 1 {said}. Audio 2 is a siren.", mentions)
    assert [(claim.audio, claim.subject, claim.second) for claim in claims if claim.kind == Kind.ORDER] == [
        (1, first, second)
    ]


@pytest.mark.parametrize(
    ("answer", "quality"),
    [
        ("They are equally loud.", "louder"),
        ("Both have the same pitch.", "higher-pitched"),
        ("There is no difference in length.", "longer"),
        ("The brightness is the same.", "brighter"),
        ("One is as long as the other.", "longer"),
    ],
)
def test_what_is_equal_is_a_claim(answer, quality):
    assert claims_of(answer) == {(Kind.EQUAL, 0, quality)}


@pytest.mark.parametrize(
    ("answer", "is_claimed"),
    [
        ("The two audios sound the same.", True),
        ("Nothing differs between them.", True),
        ("They cannot be told apart.", True),
        ("Neither the sources nor the settings are the same.", False),
        ("In part, both audios sound alike, since each of them has weather.", False),
        ("They are not identical.", False),
        ("They sound the same in level.", False),
    ],
)
def test_that_nothing_differs_is_a_claim(answer, is_claimed):
    assert ((Kind.SAME, 0, "everything") in claims_of(answer)) == is_claimed


@pytest.mark.parametrize(
    ("answer", "outcomes"),
    [
        ("Audio 1 has a dog, audio 2 a siren.", ["true", "true"]),
        ("Audio 1 has a siren, audio 2 thunder.", ["contradicted", "invented"]),
        ("In audio 1 a dog barks, then rain falls.", ["true", "true", "true"]),
        ("In audio 1 rain falls, then a dog barks.", ["true", "contradicted", "true"]),
        ("Audio 2 is louder and brighter.", ["true", "undecided"]),
        ("Audio 1 is louder.", ["contradicted"]),
        ("Both have rain.", ["contradicted"]),
        ("Both have thunder.", ["invented"]),
        ("There is no thunder in audio 1, and no siren in audio 2.", ["true", "contradicted"]),
        ("They sound the same.", ["contradicted"]),
        ("They are equally loud.", ["contradicted"]),
    ],
)
def test_claims_are_held_against_what_is_known(answer, outcomes):
    assert [judge_claim(claim, TRUTH).value for claim in split_claims(answer, mentions)] == outcomes


def test_a_comparison_of_equal_audios_is_invented():
    same = PairTruth(SIREN, SIREN, same=True)
    [claim] = split_claims("Audio 2 is louder.", mentions)
    assert judge_claim(claim, same) == Outcome.INVENTED
    [claim] = split_claims("They sound the same.", mentions)
    assert judge_claim(claim, same) == Outcome.TRUE


def test_captions_decide_what_they_tell_and_nothing_else():
    truth = truth_of_captions("A dog barks at a car", "Rain on a roof", caption_words)
    claims = split_claims("Audio 1 has a barking dog; audio 2 has a car, rain and a violin.", caption_words)
    judged = {claim.subject: judge_claim(claim, truth).value for claim in claims}
    assert judged == {"bark": "true", "dog": "true", "car": "contradicted", "rain": "true", "violin": "undecided"}


def test_counts_tell_how_much_is_so_and_how_much_was_said():
    answer = "Audio 1 has a dog and a siren. Audio 2 has a siren and is louder. It is a siren."
    counts = count_claims(split_claims(answer, mentions), TRUTH)
    assert counts.precision() == 4 / 5, counts
    assert counts.precision(Kind.COMPARISON) == 1
    assert counts.recall(Kind.EVENT) == 2 / 3
    assert counts.recall(Kind.COMPARISON) == 1
    assert counts.share(Outcome.CONTRADICTED) == 1 / 5
    assert (counts + counts).precision() == 4 / 5
    assert count_claims([], TRUTH).precision() is None


PIECES = [
    *EVENTS.values(),
    "audio 1",
    "the second clip",
    "while",
    "both",
    "is louder",
    "not",
    ".",
    ",",
    "only",
    "then",
    "\n",
    "“",
]


@given(st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_a_claim_stands_where_it_says(answer):
    for claim in split_claims(answer, mentions):
        assert 0 <= claim.start < claim.end <= len(answer)
        if claim.kind in (Kind.EVENT, Kind.ABSENT):
            assert claim.subject in {mention.source for mention in mentions(answer[claim.start : claim.end])}


@pytest.mark.parametrize(
    ("answer", "kind", "audio"),
    [
        ("The level of audio 2 is barely higher than that of audio 1.", Kind.COMPARISON, 2),
        ("The pitch of the first clip is clearly lower than that of the second clip.", Kind.COMPARISON, 2),
        ("Audio 1 has a dog, which is missing in audio 2.", Kind.ABSENT, 2),
        ("Audio 2 has a dog more, which audio 1 lacks.", Kind.ABSENT, 1),
        ("A dog can be heard in audio 1, but not in audio 2.", Kind.ABSENT, 2),
        ("Audio 1 sounds exactly like audio 2.", Kind.SAME, 0),
        ("Nothing that can be heard tells audio 1 and audio 2 apart.", Kind.SAME, 0),
    ],
)
def test_what_edits_are_said_to_differ_in_is_a_claim(answer, kind, audio):
    assert (kind, audio) in {(claim.kind, claim.audio) for claim in split_claims(answer, caption_words)}


@pytest.mark.parametrize(
    "answer",
    [
        "Audio 1 is louder; the rest of the recording is the same.",
        "Audio 1 has a dog. Otherwise both are the same.",
        "Audio 1 ends earlier, though the shorter one is the same recording.",
        "Audio 1 is duller; the sounds themselves are the same.",
    ],
)
def test_what_is_the_same_beside_a_difference_is_no_claim_that_nothing_differs(answer):
    assert Kind.SAME not in {claim.kind for claim in split_claims(answer, caption_words)}


def test_neither_denies_each_comparison_behind_it():
    claims = split_claims("Neither is louder, higher, brighter or longer than audio 2.", caption_words)
    assert Kind.COMPARISON not in {claim.kind for claim in claims}


@pytest.mark.parametrize(
    ("caption1", "caption2", "answer", "outcomes"),
    [
        ("A dog barks without a pause", "Rain falls", "Audio 1 has a dog that barks without a pause.", {Outcome.TRUE}),
        ("A dog barks, no birds", "Rain falls", "Audio 1 has a dog, but no birds; audio 2 has rain.", {Outcome.TRUE}),
        ("A dog barks, no birds", "Birds chirp", "Audio 1 has birds.", {Outcome.CONTRADICTED}),
        ("A dog barks, no birds", "Rain falls", "Audio 1 has birds.", {Outcome.INVENTED}),
    ],
)
def test_what_a_caption_denies_is_no_event_of_it(caption1, caption2, answer, outcomes):
    truth = truth_of_captions(caption1, caption2, caption_words)
    assert {judge_claim(claim, truth) for claim in split_claims(answer, caption_words)} == outcomes


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("somebody sneezes; whoever hears one of them, as somebody does", ["sneez"]),
        ("the two run in step; a chainsaw runs", ["chainsaw", "run"]),
        ("both play the same sounds; a child plays the piano", ["child", "play", "piano"]),
        ("the scene takes a turn and comes to an end", ["turn"]),
        ("audio 1 is louder, brighter and busier, with a dog", ["dog"]),
    ],
)
def test_words_that_name_no_sound_are_no_events(text, events):
    assert [mention.source for mention in caption_words(text)] == events


def test_a_quoted_caption_is_about_one_audio():
    answer = "Audio 2 has “A fast engine idles while birds are singing”, which is missing in audio 1."
    claims = {(claim.kind, claim.audio, claim.subject) for claim in split_claims(answer, caption_words)}
    assert {(Kind.EVENT, 2, "engin"), (Kind.EVENT, 2, "bird"), (Kind.ABSENT, 1, "sing")} <= claims
    assert (Kind.EVENT, 1, "bird") not in claims
