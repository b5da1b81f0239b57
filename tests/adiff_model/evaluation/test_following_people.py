"""Which metric follows people, with raters whose taste is known."""

import numpy as np
import pytest
from scipy.stats import kendalltau

from adiff_data.core.errors import InputError
from adiff_data.studies.answers import StudyEvent
from adiff_data.studies.plan import FIRST, SECOND, Question, StudyRow, write_plan
from adiff_data.studies.planning import plan_study
from adiff_data.studies.store import StudyStore
from adiff_model.evaluation.evaluate import evaluate
from adiff_model.evaluation.following_people import follow_people, tau_b

pytestmark = pytest.mark.slow

POINTS = {"right": 5, "half": 3, "wrong": 1}


@pytest.fixture(scope="module")
def systems(predictions):
    """Right answers; right ones without their second half; and those of other rows."""
    turned = [*predictions[6:], *predictions[:6]]
    return {
        "right": predictions,
        "half": [
            row.model_copy(update={"prediction": row.prediction[: len(row.prediction) // 2]}) for row in predictions
        ],
        "wrong": [
            row.model_copy(update={"prediction": other.prediction})
            for row, other in zip(predictions, turned, strict=True)
        ],
    }


@pytest.fixture(scope="module")
def scores(systems):
    return evaluate(systems, spice=False, fense=False)


@pytest.fixture
def studied(systems, tmp_path):
    """Makes a study of the systems in which every rater gives the same points to each."""

    def make(kind="rating", points=POINTS, names=("right", "half", "wrong")):
        rows = [
            StudyRow(
                id=row.id,
                filepath1=row.filepath1,
                filepath2=row.filepath2,
                tier=row.tier,
                request=row.prompt,
                answers={name: systems[name][place].prediction.strip() for name in names},
            )
            for place, row in enumerate(systems["right"])
        ]
        study = plan_study(rows, kind=kind, questions=[Question(name="good", text="Good?")], people=2, practice=0)
        write_plan(tmp_path, study)
        with StudyStore.of_study(tmp_path, study) as store:
            for sheet, trials in enumerate(study.sheets):
                rater = store.add_rater(f"rater {sheet}", sheet)
                store.add(StudyEvent(time=0, rater=rater, action="consent"))
                for place, trial in enumerate(trials):
                    given = [points[system] for system in trial.systems]
                    value = trial.right or (given[0] if len(given) == 1 else FIRST if given[0] > given[1] else SECOND)
                    event = StudyEvent(time=0, rater=rater, action="answer", trial=place, values={"good": value})
                    store.add(event)
        return tmp_path

    return make


@pytest.mark.parametrize("kind", ["rating", "preference"])
def test_metrics_that_see_the_right_answer_follow_people(scores, studied, kind):
    following = {each.metric: each for each in follow_people(scores, studied(kind)).following}
    assert following["METEOR"].answers.low > 0.5
    assert following["METEOR"].systems.value == pytest.approx(1.0)
    assert following["METEOR"].pairs == 24 * 3


def test_people_of_the_opposite_taste_turn_the_sign(scores, studied):
    following = {
        each.metric: each
        for each in follow_people(scores, studied(points={"right": 1, "half": 3, "wrong": 5})).following
    }
    assert following["METEOR"].answers.high < -0.5


def test_the_report_says_what_people_say_and_which_metric_follows(systems, studied, tmp_path):
    evaluate(systems, out=tmp_path / "report", spice=False, fense=False, browse=2, study=studied())
    text = (tmp_path / "report" / "people.md").read_text()
    assert "| good | all | right | 5.00 [5.00, 5.00]" in text
    assert "| good | METEOR |" in text
    page = (tmp_path / "report" / "report.html").read_text()
    assert "Which metric follows people?" in page
    assert "rater 0" not in page + text


def test_a_study_of_other_answers_or_systems_is_refused(scores, systems, studied):
    folder = studied(names=("right", "half"))
    with pytest.raises(InputError, match="fewer than two systems"):
        follow_people({"right": scores["right"], "else": scores["half"]}, folder)
    with pytest.raises(InputError, match="has another answer"):
        follow_people({"right": scores["right"], "half": scores["wrong"]}, folder)


def test_tau_is_kendalls():
    random = np.random.default_rng(0)
    one, other = random.integers(0, 5, 12), random.integers(0, 5, 12)
    first, second = (np.sign(np.subtract.outer(each, each)[np.triu_indices(12, 1)]) for each in (one, other))
    found = tau_b(first[None, None], second[None, None], np.ones((1, 1, 1)))
    assert found[0] == pytest.approx(kendalltau(one, other).statistic)
