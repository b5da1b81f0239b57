"""The wrapper, as the published README calls it, and the detected events."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from adiff_data.core.errors import InputError
from adiff_model import ADIFF
from adiff_model.events import class_names, top_events, undetected_classes
from adiff_model.generation import Decoding

PROMPTS = [
    "explain the difference between the two audio in detail",
    "explain the difference between the two audio in one extended sentence",
    "explain the difference between the two audio in few words",
    "caption the first audio",
    "caption the second audio",
    "caption both the audios",
]


@pytest.fixture(scope="module")
def adiff(converted) -> ADIFF:
    return ADIFF(config="base", model_path=converted)


@pytest.mark.slow
def test_the_published_call(adiff, tones):
    one, other = tones("one.wav", 300), tones("other.wav", 900)
    answers = adiff.generate(examples=[[one, other, prompt] for prompt in PROMPTS], max_len=12, temperature=1.0)
    assert len(answers) == 6
    assert all(isinstance(answer, str) for answer in answers)
    assert adiff.generate([[one, other, PROMPTS[0]]], 12) == answers[:1]
    assert adiff.generate([[other, one, PROMPTS[0]]], 12) != answers[:1]


@pytest.mark.slow
def test_a_published_checkpoint_gives_what_its_folder_gives(adiff, published, tones):
    example = [tones("one.wav", 300), tones("other.wav", 900), PROMPTS[0]]
    direct = ADIFF(config="base", model_path=published, config_path="base.yaml", use_cuda=False)
    assert direct.generate([example], 12) == adiff.generate([example], 12)


@pytest.mark.slow
def test_one_bad_file_costs_one_row(adiff, tones, caplog, tmp_path):
    one = tones("one.wav", 300)
    (tmp_path / "text.wav").write_text("no audio")
    examples = [[one, one, "a"], [one, str(tmp_path / "text.wav"), "a"], [one, str(tmp_path / "gone.wav"), "a"]]
    explained = adiff.explain(examples)
    assert explained[0].fault is None
    assert "text.wav: cannot be read" in str(explained[1].fault)
    assert "gone.wav: no such file" in str(explained[2].fault)
    assert adiff.generate(examples, 5)[1:] == ["", ""]
    assert "text.wav" in caplog.text


PAIR = ["a.wav", "b.wav", "a prompt"]


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        (PAIR, "examples is one example, not a list of examples"),
        (tuple(PAIR), "examples is one example, not a list of examples"),
        ([Path("a.wav"), Path("b.wav"), "a prompt"], "examples is one example"),
        ("a.wav", "examples is a str, not a list"),
        (Path("a.wav"), "examples is a PosixPath, not a list"),
        (None, "examples is a NoneType, not a list"),
        ([PAIR, PAIR[:2]], "example 2 has 2 parts, not two paths and a prompt"),
        ([[*PAIR, "another"]], "example 1 has 4 parts"),
        ([PAIR, "ab."], "example 2 is a str, not two paths and a prompt"),
        ([{"audio1": "a.wav"}], "example 1 is a dict"),
        ([[0, "b.wav", "a prompt"]], "example 1: audio 1 is an int, not a path"),
        ([["a.wav", None, "a prompt"]], "example 1: audio 2 is a NoneType, not a path"),
        ([["a.wav", "b.wav", None]], "example 1: the prompt is a NoneType, not a text"),
        ([["a.wav", "b.wav", Path("c.wav")]], "example 1: the prompt is a PosixPath, not a text"),
    ],
)
def test_what_is_no_list_of_examples_is_refused(adiff, examples, message):
    for call in (adiff.generate, adiff.explain):
        with pytest.raises(InputError, match=message):
            call(examples)


def test_examples_may_be_tuples_paths_and_any_iterable(adiff, tones):
    one, other = tones("one.wav", 300), tones("other.wav", 900)
    expected = adiff.generate([[one, other, "a"]], 5)
    assert adiff.generate(((Path(one), Path(other), "a") for _ in range(1)), 5) == expected
    assert adiff.generate([]) == []


def test_what_is_cut_is_said_with_numbers(adiff, tones, caplog):
    one = tones("one.wav", 300)
    adiff.generate([[one, one, "a short prompt"]], 5)
    assert caplog.text == ""
    long = "explain the difference and " * 20 + "all"
    tokens = len(adiff.processor.tokenizer.encode(long))
    adiff.generate([[one, one, long]] * 2, 5)
    [said] = caplog.messages
    assert "the prompt 'explain the difference" in said
    assert said.endswith(f"is too long: the model reads 40 of its {tokens} tokens")
    caplog.clear()
    adiff.generate([], 5000)
    assert caplog.messages == ["answers end after 903 tokens, for which the model has room, not 5000"]


@pytest.mark.parametrize("beams", [1, 2])
def test_an_answer_warns_of_nothing(adiff, tones, beams):
    """Newer transformers call the cache by another name, and warn of the old one."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        adiff.explain([[tones("one.wav", 300), tones("other.wav", 900), "a"]], Decoding(max_len=3, beams=beams))


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(InputError, match="no checkpoint is named"):
        ADIFF(config="base")
    with pytest.raises(InputError, match="no such checkpoint"):
        ADIFF(model_path=tmp_path / "nothing")


@pytest.mark.slow
def test_events_have_audiosets_names(adiff, tones):
    (explained,) = adiff.explain([[tones("one.wav", 300), tones("other.wav", 900), "a"]])
    assert len(class_names()) == 527
    assert (class_names()[0], class_names()[74]) == ("Speech", "Dog")
    assert {event.name for event in explained.events1} <= set(class_names())
    probabilities = [event.probability for event in explained.events1]
    assert probabilities == sorted(probabilities, reverse=True)


def probabilities(**detected: float) -> np.ndarray:
    return np.array([detected.get(name.lower(), 0.0) for name in class_names()])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Audio 1 has a dog barking, audio 2 rain.", ("Bark", "Rain")),
        ("Two dogs are heard.", ()),
        ("It is loud inside, an echo and sound effects.", ()),
        ("A baby cries, a man sobs and one is crying.", ("Crying, sobbing", "Baby cry, infant cry")),
        ("A baby cry and a siren.", ("Baby cry, infant cry", "Siren")),
        ("The terrain is steep.", ()),
    ],
)
def test_a_class_that_is_named_and_not_detected_is_returned(text, named):
    clips = [probabilities(dog=0.8), probabilities(speech=0.9)]
    assert undetected_classes(text, clips, range(len(class_names()))) == named


def test_only_classes_that_the_event_head_knows_are_judged():
    known = [class_names().index(name) for name in ("Dog", "Rain", "Crying, sobbing")]
    clips = [probabilities(dog=0.8), probabilities()]
    assert undetected_classes("A dog barks in the rain, near water.", clips, known) == ("Rain",)
    assert undetected_classes("Someone is crying.", clips, known) == ("Crying, sobbing",)
    assert undetected_classes("Rain and water.", clips, []) == ()


@pytest.mark.slow
def test_the_bundled_model_does_not_judge_what_it_does_not_know(tones):
    """Its event head knows 25 classes: a text that names others is no sign of an invented sound."""
    adiff = ADIFF(config="tiny")
    examples = [[tones("one.wav", 300), tones("other.wav", 900), "explain the difference in detail"]]
    (explained,) = adiff.explain(examples)
    known = {class_names()[index] for index in adiff.model.event_head.classes}
    assert set(explained.unheard) <= known


def test_the_most_probable_events_come_first():
    events = top_events(probabilities(dog=0.8, rain=0.3), 2)
    assert [(event.name, event.probability) for event in events] == [("Dog", 0.8), ("Rain", 0.3)]
