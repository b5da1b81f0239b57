"""The rules annotator: faithful, varied, of the published lengths."""

import dataclasses
import itertools
import re
import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.annotation import rules
from adiff_data.annotation.rules.caption_phrases import Kind, phrase_of, shortened, without_place_and_time
from adiff_data.annotation.rules.family_wordings import FAMILY_WORDS
from adiff_data.annotation.tasks import make_annotation
from adiff_data.audio.differences import PairFacts
from adiff_data.checks.checking import check_all
from adiff_data.checks.contradiction import contradiction
from adiff_data.checks.verdicts import Outcome
from adiff_data.claims.comparisons import comparisons
from adiff_data.demo.naming import named_sources
from adiff_data.pairing import make_pairs
from adiff_data.records import Clip, Provenance, make_pair
from adiff_data.sounds.families import FAMILIES, read_caption
from adiff_data.sources import read_clips
from adiff_data.tiers import TIERS
from tests.adiff_data.audio.test_differences import PLAIN

BY_RULES = Provenance(annotator="rules")


def pair(caption1: str, caption2: str, name: str = "b"):
    first = Clip(corpus="clotho", split="s", filepath="a", captions=(caption1,))
    second = Clip(corpus="clotho", split="s", filepath=name, captions=(caption2,))
    return make_pair(first, second, caption1, caption2, strategy="random")


@pytest.mark.parametrize("tier", TIERS)
def test_both_captions_stand_in_the_answer_each_once(tier):
    for number in range(30):
        text = rules.answer(pair("A goat bleats.", "Heavy rain falls on a tin roof.", str(number)), tier)
        assert text.lower().count("a goat bleats") == 1
        assert text.lower().count("heavy rain falls on a tin roof") == 1


@pytest.mark.parametrize("tier", TIERS)
def test_the_same_pair_has_the_same_answer_and_another_another(tier):
    one = pair("A goat bleats", "Rain falls")
    assert rules.answer(one, tier) == rules.answer(one, tier)
    answers = {rules.answer(pair("A goat bleats", "Rain falls", str(number)), tier) for number in range(30)}
    assert len(answers) >= 3


def test_a_caption_that_is_cut_keeps_its_spaces_and_commas():
    one = "Barks of a dog nearby, a person walking with slow steps close by, quick waves and a bell far away at the end"
    other = "A deep church bell rings close by before a motor hums nearby, and waves roll in"
    text = rules.answer(pair(one, other), "fewwords")
    assert not re.search(r" ,|,\S", text)


@pytest.mark.slow
@pytest.mark.parametrize("tier", TIERS)
@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_any_text_is_a_caption(tier, caption1, caption2):
    text = rules.answer(pair(caption1, caption2), tier)
    assert "\n" not in text
    assert len(text.split()) >= 4


@pytest.mark.parametrize(
    ("caption", "order"),
    [
        ("A dog barks, then a bell rings", "sequence"),
        ("A dog barks while a bell rings", "together"),
        ("A large airplane flying in the air with no disturbance", "open"),
        ("A siren sounds, and nothing else is heard", "open"),
        ("A car revs loudly a few times while idling", "open"),
    ],
)
def test_order_is_claimed_only_where_the_words_tell_it(caption, order):
    assert read_caption(caption).order == order


@pytest.mark.parametrize(
    ("caption", "families"),
    [
        ("A woman talks nearby as water pours", ["voices", "water"]),
        ("Constant rattling noise", ["handled objects"]),
        ("A helicopter flies over", ["engines"]),
        ("Church bells toll in the rain", ["signals", "weather"]),
        ("Static hum", ["noise"]),
        ("A quiet moment", []),
        ("A person sneezes", ["bodily sounds"]),
        ("Food sizzles in a pan", ["food"]),
        ("Gunshots fire as a frog croaks", ["blasts", "animals"]),
        ("A fire truck passes", ["engines"]),
        ("The crackling of a small fire", ["fire"]),
        ("A tour of the rainforest", []),
        ("A man waves goodbye", []),
        ("A watermelon falls", []),
        ("Fans cheer", ["voices"]),
        ("Two types of bells", ["signals"]),
        ("A quiet neighborhood", []),
        ("Water is running down a drain", ["water"]),
        ("A machine gun fires", ["blasts"]),
        ("The motor of a string trimmer revs", ["machines"]),
        ("A person walks while an engine hums", ["people in action", "engines", "noise"]),
        ("A man is whistling nearby", ["people in action"]),
        ("A bird whistles", ["animals"]),
        ("A train passes and blows its loud whistle", ["engines", "signals"]),
        ("Followed by whistling", []),
    ],
)
def test_sources_are_known_by_their_words(caption, families):
    assert [family.name for family in read_caption(caption).families] == families


def test_every_family_has_its_words():
    assert FAMILY_WORDS.keys() == {family.name for family in FAMILIES}
    for words in FAMILY_WORDS.values():
        said = " ".join((words.heard, words.setting, words.impression, *words.remarks))
        assert not re.search(r"caption|descri|\d", said)
        assert not named_sources(said), said  # kinds of sound are no events: an answer is held against these


CLAUSES = (
    "A fire crackles nearby",
    "Rain falls on a roof.",
    "Birds chirp while a man speaks",
    "People are talking in a hall",
    "Someone knocks on a door",
    "There is a loud bang",
    "Heavy rain falls.",
    "First a dog barks, then a bell rings",
    "TV noise is heard",
    "I can hear a bell",
    "A recording of a thunderstorm that is off in the distance is getting near",
    "A quickly wailing siren sounds",
    "A crowd of people socialize and converse",
    "A group of men chat casually as they walk",
    "An alarm can barely be heard",
)
NOUN_PHRASES = (
    "Heavy rain falling on a roof",
    "A man speaking while birds chirp",
    "Sound of a very large wave",
    "Water running down a drain",
    "Constant rattling noise",
    "A train horn honking followed by a woman speaking",
    "Someone playing with a soda can in the foreground",
)
LOOSE = (
    "Snoring intermittently",
    "In an office, papers are shuffled",
    "As people talk, traffic goes by",
    "A dog barks. A man speaks",
    "Someone laughs; a door (wooden) slams",
    'Man says "Hello there"',
    "A quadcopter zooms by – twice",
    "Dog barks",
    "Tapping on a glass, someone is asking for silence",
    "Ärger im Café",
    "Use a broom to sweep up broken glass",
    "A song that is upbeat plays and the music is distorted",
    "Some banging before a man is speaking",
    "Wind",
)


@pytest.mark.parametrize(
    ("captions", "kind"), [(CLAUSES, Kind.CLAUSE), (NOUN_PHRASES, Kind.NOUN), (LOOSE[:-1], Kind.LOOSE)]
)
def test_a_caption_is_called_what_it_is_in_grammar(captions, kind):
    assert {caption: phrase_of(caption).kind for caption in captions} == dict.fromkeys(captions, kind)


@pytest.mark.parametrize(
    "caption",
    [
        "A quadcopter zooms by",
        "Birds twitter in a tree",
        "A man walked on snow",
        "Gentle music underscores a chirping bird",
        "A cat and a dog fight",
    ],
)
def test_what_may_have_a_finite_verb_is_no_noun_phrase(caption):
    assert phrase_of(caption).kind is not Kind.NOUN


@pytest.mark.parametrize(
    ("caption", "text"),
    [
        ("A dog barks.", "a dog barks"),
        ("TV plays", "TV plays"),
        ("I hear rain", "I hear rain"),
        ("Morse code is sent", "Morse code is sent"),
        ("English is spoken. A bell rings.", "English is spoken; a bell rings"),
        ("Mr. Smith talks", "Mr. Smith talks"),
        ("All along, rain falls", "rain falls all along"),
        ("A dog barks , loudly ...", "a dog barks, loudly"),
        ("It is raining ,which is followed by thunder", "it is raining, which is followed by thunder"),
        ("Cars pass,, Birds tweet", "cars pass, birds tweet"),
        ("An person walks in in a hall", "a person walks in a hall"),
        ("A individual waits for a hour", "an individual waits for a hour"),
        ("A European train, a one-way street, an hour", "a European train, a one-way street, an hour"),
        ("As a person breathes, Wind is blowing", "as a person breathes, wind is blowing"),
        ("A man calls to Anna, Peter answers", "a man calls to Anna, Peter answers"),
        ("A T. rex roars", "a T. rex roars"),
    ],
)
def test_a_caption_becomes_a_part_of_a_sentence(caption, text):
    assert phrase_of(caption).text == text


def test_a_shortened_caption_leaves_nothing_hanging():
    phrase = phrase_of("A very loud clinking sound is followed by more clinking and then by sizzling")
    assert shortened(phrase, 6).text == "a very loud clinking sound"


@pytest.mark.parametrize(
    ("caption", "events"),
    [
        ("Birds chirp in the background", "birds chirp"),
        ("Squeaky birds chirp and a caw sound is in the background", None),
        ("A busy street is nearby", None),
        ("Fireworks are going off nearby and at a distance", None),
        ("A dog barks in the background of a show", None),
    ],
)
def test_a_place_is_left_out_only_where_the_sentence_holds_without_it(caption, events):
    phrase = phrase_of(caption)
    assert without_place_and_time(phrase).text == (events or phrase.text)


def test_what_both_have_is_called_by_its_name():
    text = rules.answer(pair("A siren sounds nearby", "A siren is blaring as heavy rain falls"), "detail")
    assert re.search(r"\ba siren\b.*\bboth|\bboth\b.*\ba siren", text, re.IGNORECASE), text


def answers_to(captions, times=6):
    """Answers of all tiers to every two of the captions."""
    for tier in TIERS:
        for caption1, caption2 in itertools.permutations(captions, 2):
            for number in range(times):
                yield tier, rules.answer(pair(caption1, caption2, str(number)), tier)


def test_a_clause_is_never_said_to_be_had():
    finite = "a fire crackles|rain falls|birds chirp|people are|someone knocks|there is|heavy rain falls|a dog barks"
    had = rf"\b(?:has|features|contains|captures|hears?|recording of)[ ,]+(?:{finite})"
    for _, text in answers_to(CLAUSES[:8], times=3):
        assert not re.search(had, text), text


@pytest.mark.slow
def test_a_noun_phrase_is_never_a_clause():
    heads = "|".join(phrase_of(caption).text for caption in NOUN_PHRASES)
    for _, text in answers_to(NOUN_PHRASES):
        assert not re.search(rf"in (?:audio \d|the \w+ \w+),? (?:{heads})(?! can be heard)", text), text
        assert not re.search(rf"scene in which (?:{heads})", text), text


@pytest.mark.slow
def test_a_loose_caption_stands_behind_a_colon_or_in_brackets():
    heads = "|".join(re.escape(re.sub(r"[()].*", "", phrase_of(caption).text)) for caption in LOOSE[:-1])
    for _, text in answers_to(LOOSE[:-1], times=2):
        found = list(re.finditer(heads, text))
        assert len(found) >= 2, text
        assert all(re.search(r"[(:] ?$", text[: match.start()]) for match in found), text


EVERY_KIND = (*CLAUSES[:4], *NOUN_PHRASES[:3], *LOOSE[:3])
_UNWANTED = re.compile(
    r" [-–—],|[-–—]{2}|goes (?:like this|another way)|lets one hear|in mind of|to the ear|a matter of|what sounds in"
    r"|another matter|kinds of sources|as signals|,,|\.\.|;\.| ,|\(\s|\{|\}",
    re.IGNORECASE,
)


@pytest.mark.slow
def test_no_dash_commas_and_no_odd_idioms():
    for _, text in answers_to(EVERY_KIND):
        assert not _UNWANTED.search(text), text
        assert text.endswith(".")


def test_a_sentence_does_not_say_twice_that_the_audios_can_be_told_apart():
    for tier, text in answers_to(("A lamp buzzes", "A tap drips", "Rain falls on a roof", "People are talking")):
        assert tier != "sentence" or text.count(" apart") < 2, text


def test_what_both_have_is_not_said_to_be_only_in_one():
    fires = ("A campfire burns", "A fire is burning as a man speaks", "A fire crackles while rain falls", "Flames roar")
    for _, text in answers_to(fires, times=10):
        for only in re.findall(r"only (?:in )?(?:audio \d|the \w+ \w+) (?:has )?([\w ]*)", text):
            assert "fire" not in only, text
        assert not re.search(r"fire (?:can be heard )?only in", text), text


def test_an_audio_alone_is_called_louder():
    facts = PairFacts(PLAIN, dataclasses.replace(PLAIN, loudness=-40.0, onsets=4.0, duration=20.0, flatness=0.5))
    for tier in TIERS:
        for number in range(40):
            text = rules.answer(pair("A goat bleats", "Heavy rain falls on a roof", str(number)), tier, facts)
            row = make_annotation(pair("A goat bleats", "Heavy rain falls on a roof"), tier, text, BY_RULES)
            said = [claim.quality for claim in comparisons(text)]
            assert said, text
            assert len(said) == len(set(said)), text
            assert contradiction(row, facts).outcome is Outcome.PASS, text


@pytest.mark.slow
def test_all_answers_pass_all_checks():
    """But for attribution by embeddings, which is wrong about one right answer in 500 (`checks.attribution`)."""
    rows = []
    for number, (caption1, caption2) in enumerate(itertools.permutations((*CLAUSES, *NOUN_PHRASES, *LOOSE), 2)):
        each = pair(caption1, caption2, str(number))
        rows += [make_annotation(each, tier, rules.answer(each, tier), BY_RULES) for tier in TIERS]
    report = check_all(rows)
    failures = {name: found for name, found in report.failures.items() if found}
    assert len(failures.pop("attribution", ())) <= len(rows) / 500
    assert failures == {}


def test_a_very_long_caption_is_cut_to_its_tier():
    long = "A man talks and walks along a river, while birds sing in the trees and a dog barks " * 8
    for tier in TIERS.values():
        for one, two in itertools.product((long, "Snoring, then " + long, "Wind"), repeat=2):
            if long in one + two:
                assert tier.least <= len(rules.answer(pair(one, two), tier.name).split()) <= tier.most


# How many openings of three words 200 pairs of Clotho had with version 3 of the rules, by tier.
OPENINGS_BEFORE = {"fewwords": 35, "sentence": 8, "detail": 8}


@pytest.mark.slow
@pytest.mark.parametrize(("corpus", "split"), [("clotho", "validation"), ("audiocaps", "val"), ("wavcaps", "train")])
def test_real_captions_give_answers_of_the_published_shape(shared, corpus, split):
    """Lengths near the published means, and no opening as common as theirs (58, 64 and 96 %)."""
    clips = list(read_clips(corpus, shared / "captions" / corpus, split))
    pairs = make_pairs(clips, limit=500)
    for name, tier in TIERS.items():
        answers = [rules.answer(each, name) for each in pairs]
        lengths = [len(text.split()) for text in answers]
        assert statistics.mean(lengths) == pytest.approx(tier.words, rel=0.2)
        assert tier.least <= min(lengths) <= max(lengths) <= tier.most
        openings = Counter(" ".join(text.split()[:3]) for text in answers)
        assert openings.most_common(1)[0][1] < 0.25 * len(answers)
        assert len({" ".join(text.split()[:3]) for text in answers[:200]}) >= OPENINGS_BEFORE[name]
        assert not [text for text in answers if _UNWANTED.search(text)]
