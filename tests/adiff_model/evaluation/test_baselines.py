"""The baselines, which need no audio."""

from adiff_model.evaluation.baselines import COMMONEST, NEAREST, RANDOM, TrainingAnswer, baseline_systems
from adiff_model.evaluation.systems import System

GROUP = ("demo", "fewwords")
TRAINING = {
    GROUP: [
        TrainingAnswer("A dog barks", "Rain falls", "dog against rain"),
        TrainingAnswer("Rain falls", "A dog barks", "rain against dog"),
        TrainingAnswer("A siren wails", "Wind blows", "often said"),
        TrainingAnswer("Wind blows", "A siren wails", "often said"),
    ]
}


def answers(predictions, **changes) -> dict[str, list[str]]:
    rows = tuple(row.model_copy(update=changes) for row in predictions if row.tier == "fewwords")
    systems = baseline_systems(System("ours", {GROUP: rows}), TRAINING)
    return {system.name: [row.prediction for row in system.groups[GROUP]] for system in systems}


def test_the_commonest_answer_stands_in_every_row(predictions):
    assert set(answers(predictions)[COMMONEST]) == {"often said"}


def test_the_nearest_answer_minds_which_caption_is_which(predictions):
    nearest = answers(predictions, caption1="The rain falls on a roof", caption2="Two dogs: one barks")
    assert set(nearest[NEAREST]) == {"rain against dog"}


def test_without_captions_nothing_is_nearest(predictions):
    assert set(answers(predictions, caption1="")) == {COMMONEST, RANDOM}


def test_no_row_is_given_its_own_answer_and_each_answer_is_given_once(predictions):
    references = [row.references[0] for row in predictions if row.tier == "fewwords"]
    given = answers(predictions)[RANDOM]
    assert sorted(given) == sorted(references)
    assert not any(answer == reference for answer, reference in zip(given, references, strict=True))
    assert given == answers(predictions)[RANDOM]


def test_a_single_row_gets_an_answer_of_the_training(predictions):
    assert answers(predictions[:1])[RANDOM][0] in {row.answer for row in TRAINING[GROUP]}
