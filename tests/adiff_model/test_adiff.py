"""The wrapper, as the published README calls it, and the detected events."""

import numpy as np
import pytest

from adiff_data.core.errors import InputError
from adiff_model import ADIFF
from adiff_model.events import class_names, top_events, undetected_classes

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


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(InputError, match="no checkpoint is named"):
        ADIFF(config="base")
    with pytest.raises(InputError, match="no such checkpoint"):
        ADIFF(model_path=tmp_path / "nothing")


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
    assert undetected_classes(text, [probabilities(dog=0.8), probabilities(speech=0.9)]) == named


def test_the_most_probable_events_come_first():
    events = top_events(probabilities(dog=0.8, rain=0.3), 2)
    assert [(event.name, event.probability) for event in events] == [("Dog", 0.8), ("Rain", 0.3)]
