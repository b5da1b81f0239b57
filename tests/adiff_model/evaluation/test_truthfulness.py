"""What n-grams cannot measure: sides, contradictions, checks."""

from types import SimpleNamespace

import pytest

from adiff_data.audio.differences import PairFacts
from adiff_data.audio.facts import Facts
from adiff_model.as_annotation import as_annotation
from adiff_model.evaluation.ground_truth import NOTHING_KNOWN, read_ground_truth
from adiff_model.evaluation.truthfulness import assess
from adiff_model.prediction_file import Prediction


def clotho(answer: str, **changes: object) -> Prediction:
    fields = {
        "id": "x-fewwords",
        "filepath1": "ClothoV21/evaluation/a.wav",
        "filepath2": "ClothoV21/evaluation/b.wav",
        "caption1": "A dog barks in a yard",
        "caption2": "A church bell rings",
        "tier": "fewwords",
        "prompt": "explain the difference in few words",
        "references": ("Audio 1: a dog. Audio 2: a bell.",),
        "prediction": answer,
    }
    return Prediction(**{**fields, **changes})


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Audio 1 has a dog that barks, audio 2 has a church bell.", True),
        ("Audio 1 has a church bell, audio 2 has a dog that barks.", False),
        ("Audio 1 has a dog that barks, audio 2 has silence.", False),
        ("Audio 1 has a dog and a church bell, audio 2 has a church bell.", False),
    ],
)
def test_audiosets_names_in_the_captions_tell_the_sides(answer, right):
    assert assess([clotho(answer)], ground_truth=NOTHING_KNOWN).rows[0].right_side is right


def test_captions_that_name_no_event_leave_it_open():
    assert (
        assess([clotho("Audio 1 hums.", caption1="Something happens")], ground_truth=NOTHING_KNOWN).rows[0].right_side
        is None
    )


def test_a_demo_corpus_knows_the_events(demo_corpus, predictions):
    ground_truth = read_ground_truth(demo_corpus, predictions)
    assert {row.filepath1 for row in predictions} <= ground_truth.clips.keys()
    assert all(row.right_side for row in assess(predictions, ground_truth=ground_truth).rows)
    exchanged = [
        row.model_copy(update={"filepath1": row.filepath2, "filepath2": row.filepath1})
        for row in predictions
        if not set(ground_truth.clips[row.filepath1].sources) & set(ground_truth.clips[row.filepath2].sources)
    ]
    assert exchanged
    assert not any(row.right_side for row in assess(exchanged, ground_truth=ground_truth).rows)


def test_recordings_of_no_demo_corpus_tell_no_events(tmp_path, predictions):
    assert read_ground_truth(tmp_path, predictions) == NOTHING_KNOWN
    assert read_ground_truth(None, predictions) == NOTHING_KNOWN


def test_a_comparison_is_held_against_what_was_measured():
    quiet, loud = (
        Facts(**{**dict.fromkeys(Facts.__dataclass_fields__, 1.0), "loudness": loudness}) for loudness in (-40.0, -20.0)
    )
    answers = (
        "Audio 2 is louder than audio 1.",
        "Audio 1 is louder than audio 2.",
        "Audio 1 has a dog, audio 2 a bell.",
    )
    rows = [clotho(answer, id=f"{number}-fewwords") for number, answer in enumerate(answers)]
    measured = SimpleNamespace(of=lambda _: PairFacts(quiet, loud))
    assessed = assess(rows, ground_truth=NOTHING_KNOWN, facts=measured).rows
    assert [row.contradicted for row in assessed] == [False, True, None]
    assert [row.contradicted for row in assess(rows, ground_truth=NOTHING_KNOWN).rows] == [None, None, None]


def test_predictions_are_judged_as_data_is():
    [row] = assess([clotho("I cannot listen to audio.")], ground_truth=NOTHING_KNOWN).rows
    assert not row.passed
    assert any(reason.startswith("talk") for reason in row.reasons)
    [empty] = assess([clotho("")], ground_truth=NOTHING_KNOWN).rows
    assert not empty.passed
    assert as_annotation(clotho("")).provenance.failure == "no prediction"
    assert as_annotation(clotho("a")).split == "evaluation"
