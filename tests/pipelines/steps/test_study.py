"""`adiff study` from predictions to results, without a browser."""

import json

import pytest

from adiff_data import annotate, make_pairs, read_clips
from adiff_data.studies.plan import read_plan
from adiff_model.prediction_file import Prediction
from tests.predictions import write_predictions


@pytest.fixture
def predictions(demo_corpus, tmp_path):
    """Two systems: one with the rules' answers, one with those of other rows."""
    pairs = make_pairs(read_clips("demo", demo_corpus, "evaluation"))
    rows = annotate(pairs, annotator="rules", tiers=["sentence"])
    files = []
    for name, shift in (("ours", 0), ("theirs", 1)):
        answers = [rows[(number + shift) % len(rows)].answer for number in range(len(rows))]
        predicted = [
            Prediction(
                id=row.id,
                filepath1=row.filepath1,
                filepath2=row.filepath2,
                tier=row.tier,
                prompt=row.input,
                references=(row.answer,),
                caption1=row.caption1,
                caption2=row.caption2,
                prediction=answer,
            )
            for row, answer in zip(rows, answers, strict=True)
        ]
        files.append(write_predictions(tmp_path / f"{name}.jsonl", predicted))
    return files


def saved_answers(folder, sheet: int, points: dict[str, int]) -> str:
    """What a rater's page saves, who gives each system its points."""
    study = read_plan(folder)
    names = [question.name for question in study.questions]
    said = [
        {
            "trial": place,
            "key": f"{sheet} answer {place}",
            "values": dict.fromkeys(names, trial.right or points[trial.systems[0]]),
            "seconds": 20,
            "time": 1,
        }
        for place, trial in enumerate(study.sheets[sheet])
    ]
    return json.dumps({"study": study.id, "sheet": sheet, "rater": f"r{sheet}", "consented": 1, "answers": said})


@pytest.mark.slow
def test_a_study_is_planned_answered_and_told(adiff, predictions, demo_corpus, tmp_path):
    folder = tmp_path / "study"
    call = ("study", "new", *predictions, "--audio-root", demo_corpus, "--out", folder, "--people", 2, "--practice", 1)
    status, output, _ = adiff(*call)
    assert (status, "2 systems for 4 raters" in output) == (0, True)
    assert "nobody has answered yet" in adiff("study", "results", folder)[2]

    files = []
    for sheet in range(4):
        files.append(tmp_path / f"answers-{sheet}.json")
        files[-1].write_text(saved_answers(folder, sheet, {"ours": 4, "theirs": 2}))
    assert "new answers" in adiff("study", "import", folder, *files)[1]

    status, output, _ = adiff("study", "results", folder, "--out", tmp_path / "results.json")
    assert status == 0
    assert "| correctness | all | ours | 4.00 [4.00, 4.00] |" in output
    assert "-2.00 [-2.00, -2.00]" in output
    assert json.loads((tmp_path / "results.json").read_text())["agreement"]["correctness"] == 1.0

    assert adiff("study", "export", folder, "--answers", tmp_path / "answers.jsonl")[0] == 0
    records = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text().splitlines()]
    assert {record["rater"] for record in records} == {1, 2, 3, 4}
    assert not any("name" in record for record in records)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--question", "better"], "is no question"),
        (["--limit", "1", "--practice", "100"], "too few"),
        (["--tier", "detail"], "no row has both"),
    ],
)
def test_what_cannot_be_planned_is_told(adiff, predictions, demo_corpus, tmp_path, options, told):
    call = ("study", "new", *predictions, "--audio-root", demo_corpus, "--out", tmp_path / "study", *options)
    status, _, error = adiff(*call)
    assert (status, told in error) == (2, True), error


def test_an_export_of_nothing_is_told(adiff, tmp_path):
    assert "--html FOLDER" in adiff("study", "export", tmp_path)[2]
