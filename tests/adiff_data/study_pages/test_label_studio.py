"""A study in Label Studio: its files, and what comes back from its export."""

import json
from xml.etree import ElementTree

import pytest

from adiff_data.core.errors import InputError
from adiff_data.studies.answer_files import import_answers
from adiff_data.studies.plan import write_plan
from adiff_data.studies.planning import plan_study
from adiff_data.studies.results import study_results
from adiff_data.studies.store import StudyStore
from adiff_data.study_pages.label_studio_files import export_label_studio
from tests.adiff_data.study_pages.conftest import SYSTEMS

pytestmark = pytest.mark.slow


@pytest.fixture(params=["rating", "preference"])
def study(request, study_rows, tmp_path):
    study = plan_study(study_rows, kind=request.param, practice=1, checks=1, people=1)
    write_plan(tmp_path, study)
    return study


def annotated(study, tasks: list[dict], label_of, annotator: object = 7) -> list[dict]:
    """Tasks as Label Studio exports them (format JSON), of one annotator."""
    exported = []
    for number, task in enumerate(tasks):
        label = label_of(study.sheets[task["data"]["sheet"]][task["data"]["trial"]])
        result = [
            {
                "value": {"choices": [label]},
                "id": f"r{place}",
                "from_name": f"question{place}",
                "to_name": "answer1",
                "type": "choices",
                "origin": "manual",
            }
            for place in range(len(study.questions))
        ]
        annotation = {
            "id": 100 + number,
            "completed_by": annotator,
            "result": result,
            "was_cancelled": False,
            "created_at": "2026-01-01T10:00:00.000000Z",
            "lead_time": 12.5,
        }
        exported.append({"id": number, "annotations": [annotation], "data": task["data"], "project": 1})
    return exported


def right_label(study, trial, points):
    """What somebody chooses who pays attention and gives each system its points."""
    if study.kind == "rating":
        return str(trial.right or points[trial.systems[0]])
    value = trial.right or (1 if points[trial.systems[0]] > points[trial.systems[1]] else 2)
    return {1: "the first", 0: "no difference", 2: "the second"}[value]


def test_what_was_annotated_comes_back(study, demo_corpus, tmp_path):
    files = export_label_studio(tmp_path, tmp_path / "export", audio_root=demo_corpus)
    points = dict(zip(SYSTEMS, (5, 2), strict=True))
    for number, path in enumerate(files):
        tasks = json.loads(path.read_text())
        sound = tmp_path / tasks[0]["data"]["audio1"].partition("?d=")[2]
        assert sound.stat().st_size > 1000
        export = tmp_path / f"project-{number}.json"
        export.write_text(json.dumps(annotated(study, tasks, lambda trial: right_label(study, trial, points))))
        assert import_answers(tmp_path, export) == len(study.sheets[number])
        assert import_answers(tmp_path, export) == 0

    results = study_results(tmp_path)
    assert all(rater.checks_passed == rater.checks == 1 and rater.seconds == 12.5 for rater in results.raters)
    by_system = {result.system: result for result in results.systems}
    assert by_system["ours"].value.low > by_system["theirs"].value.high


def test_the_page_has_every_question_and_the_files_tell_no_system(study, demo_corpus, tmp_path):
    export_label_studio(tmp_path, tmp_path / "export", audio_root=demo_corpus)
    page = ElementTree.parse(tmp_path / "export" / "page.xml")
    assert len(page.findall("Choices")) == len(study.questions)
    assert {len(choices) for choices in page.findall("Choices")} == {len(study.values)}
    data = {key for task in json.loads((tmp_path / "export" / "tasks-1.json").read_text()) for key in task["data"]}
    shown = {element.get("value", "").removeprefix("$") for element in page.iter() if "$" in element.get("value", "")}
    assert shown <= data
    assert data - shown == {"study", "sheet", "trial"}


def test_names_of_annotators_are_not_kept(study, demo_corpus, tmp_path):
    [path, *_] = export_label_studio(tmp_path, tmp_path / "export", audio_root=demo_corpus)
    tasks = annotated(
        study, json.loads(path.read_text()), lambda trial: right_label(study, trial, dict.fromkeys(SYSTEMS, 3))
    )
    for task in tasks:
        task["annotations"][0]["completed_by"] = "anna@example.org"
    tasks[2]["annotations"] = []  # left out
    (tmp_path / "export.json").write_text(json.dumps(tasks))
    assert import_answers(tmp_path, tmp_path / "export.json") == len(tasks)
    assert b"anna" not in b"".join(each.read_bytes() for each in tmp_path.glob("answers.sqlite*"))
    with StudyStore.of_study(tmp_path, study) as store:
        assert [event.trial for event in store.events() if event.action == "answer" and not event.values] == [2]


def test_what_is_no_export_of_the_study_is_refused(study, demo_corpus, tmp_path):
    [path, *_] = export_label_studio(tmp_path, tmp_path / "export", audio_root=demo_corpus)
    tasks = json.loads(path.read_text())
    for content, told in (
        ([{"data": {}}], "task 1 is none of a study"),
        ([{"data": {"study": "another", "sheet": 0, "trial": 0}}], "of another study"),
        (annotated(study, tasks[:1], lambda trial: "9"), "'9' is no answer"),
    ):
        (tmp_path / "export.json").write_text(json.dumps(content))
        with pytest.raises(InputError, match=told):
            import_answers(tmp_path, tmp_path / "export.json")
