"""Captions are taken apart into events that can stand alone, or left whole."""

import pytest

from adiff_model.evaluation.metric_trial.events import events_of, in_other_words


@pytest.mark.parametrize(
    ("caption", "events"),
    [
        ("First a big dog barks, and then rain falls.", ["a big dog barks", "rain falls"]),
        ("A siren in the distance and applause at once.", ["a siren in the distance", "applause"]),
        (
            "An engine idles, followed by heavy rain from afar and a crackling fire.",
            ["an engine idles", "heavy rain from afar", "a crackling fire"],
        ),
        ("Birds are singing nearby without a pause.", ["birds are singing nearby"]),
        ("A dog barks and growls while people talk.", ["a dog barks and growls", "people talk"]),
        ("Someone moves a jar around as they try to open it.", ["someone moves a jar around as they try to open it"]),
        ("Rattling loud, again and again.", ["rattling loud, again and again"]),
        ("A man and a woman are talking while birds sing.", ["a man and a woman are talking", "birds sing"]),
        ("In the background, a group of people chatter.", ["in the background, a group of people chatter"]),
        ("", []),
    ],
)
def test_the_events_of_a_caption(caption, events):
    assert [event.text for event in events_of(caption)] == events


def test_a_place_that_a_word_of_degree_leans_on_stays():
    assert events_of("A fountain is gurgling very close by.")[0].without_place().text.endswith("very close by")


def test_where_an_event_is_tells_no_two_events_apart():
    near, far = events_of("A dog barks nearby.")[0], events_of("A dog barks in the distance.")[0]
    assert near.stems == far.stems
    assert near.without_place() == far.without_place()


@pytest.mark.parametrize(
    ("other_caption", "words"),
    [
        ("Rain falls while a dog is barking nearby.", "a dog is barking nearby"),
        ("A big dog barks.", "a big dog barks"),
        ("A big engine idles.", None),  # "big" tells no event
        ("A dog barks.", None),  # no other words
        ("A bell rings.", None),
        ("A man shouts at a dog in the park.", None),  # a word alone is too little
        ("A dog barks at the rain, and a bell rings.", "a dog barks at the rain"),
    ],
)
def test_an_event_is_found_in_another_caption_of_its_clip(other_caption, words):
    dog, rain = events_of("A dog barks, then rain falls.")
    found = in_other_words(dog, [dog, rain], [other_caption])
    assert (found and found.text) == words
