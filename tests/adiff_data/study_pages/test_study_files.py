"""A study as one HTML file a rater: opened from disk, answered by keys, saved, and its answers taken in."""

import json
import re

import pytest

from adiff_data.core.errors import InputError
from adiff_data.studies.answer_files import import_answers
from adiff_data.studies.plan import write_plan
from adiff_data.studies.planning import plan_study
from adiff_data.studies.results import study_results
from adiff_data.studies.store import StudyStore
from adiff_data.study_pages.files import export_study
from tests.adiff_data.study_pages.conftest import HOSTILE, SYSTEMS
from tests.adiff_data.study_pages.in_browser import asked_for, judge


@pytest.fixture
def study(study_rows, tmp_path):
    study = plan_study(study_rows, practice=1, checks=1, people=1)
    write_plan(tmp_path, study)
    return study


def answers(study, count: int, rater: str = "0123456789abcdef", value: int = 4) -> dict:
    """What a page saves after some trials."""
    names = [question.name for question in study.questions]
    said = [
        {"trial": trial, "key": f"{rater} {trial} {value}", "values": dict.fromkeys(names, value), "time": 1.0}
        for trial in range(count)
    ]
    return {"study": study.id, "sheet": 0, "rater": rater, "consented": 1.0, "answers": said}


def saved(folder, content: object, name: str = "answers.json"):
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_file_opens_from_disk_is_answered_saved_and_taken_in(study, demo_corpus, open_page, tmp_path):
    files = export_study(tmp_path, tmp_path / "to send", audio_root=demo_corpus)
    assert [path.name for path in files] == ["rater-1.html", "rater-2.html"]
    page = open_page(files[0].as_uri())
    requested = []
    page.on("request", lambda request: requested.append(request.url.partition(":")[0]))
    page.keyboard.press("Enter")
    page.wait_for_selector("#trial:not([hidden])")
    judge(page, *[asked_for(page) or 2] * 3)
    page.reload()  # what was said is kept
    page.wait_for_selector("#trial:not([hidden])")
    assert page.text_content("#progress").startswith("1 of ")
    while page.locator("#trial").is_visible():
        assert page.text_content("#answers .text").startswith((HOSTILE, "This is no description"))
        judge(page, *[asked_for(page) or 2] * 3)
    with page.expect_download() as download:
        page.focus("#save")
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "answers-1.json")
    assert set(requested) <= {"data", "file", "blob"}

    assert import_answers(tmp_path, tmp_path / "answers-1.json") == len(study.sheets[0])
    results = study_results(tmp_path)
    assert [(rater.answered, rater.checks_passed) for rater in results.raters] == [(results.raters[0].asked, 1)]
    assert {result.value.value for result in results.systems} == {2.0}


@pytest.mark.slow
def test_a_file_tells_neither_systems_nor_checks_and_nothing_ends_its_data(study, demo_corpus, tmp_path):
    [file, _] = export_study(tmp_path, tmp_path / "to send", audio_root=demo_corpus)
    text = file.read_text(encoding="utf-8")
    [data] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    trials = json.loads(data)["trials"]
    assert not any(f'"{system}"' in data for system in SYSTEMS)
    assert {frozenset(trial) for trial in trials} == {
        frozenset(("number", "practice", "tier", "request", "answers", "gains", "clips"))
    }
    assert text.count("<script") == 2


def test_a_file_that_comes_again_adds_what_is_new(study, tmp_path):
    assert import_answers(tmp_path, saved(tmp_path, answers(study, 2))) == 2
    assert import_answers(tmp_path, saved(tmp_path, answers(study, 2))) == 0
    assert import_answers(tmp_path, saved(tmp_path, answers(study, 3))) == 1
    assert import_answers(tmp_path, saved(tmp_path, answers(study, 1))) == 0  # saved earlier
    gone_back = answers(study, 3)
    gone_back["answers"][2]["key"] = "another key"
    assert import_answers(tmp_path, saved(tmp_path, gone_back)) == 1
    with StudyStore.of_study(tmp_path, study) as store:
        assert [event.action for event in store.events()] == ["consent", *["answer"] * 3, "undo", "answer"]
        assert store.raters() == {1: 0}


def test_a_page_that_was_answered_in_a_second_browser_is_no_second_rater_unless_that_is_said(study, tmp_path):
    import_answers(tmp_path, saved(tmp_path, answers(study, 2)))
    second = saved(tmp_path, answers(study, 3, rater="fedcba9876543210"))
    with pytest.raises(InputError, match="page 1 was answered in another browser too"):
        import_answers(tmp_path, second)
    assert import_answers(tmp_path, second, another_rater=True) == 3
    assert import_answers(tmp_path, second) == 0  # known by now
    with StudyStore.of_study(tmp_path, study) as store:
        assert store.raters() == {1: 0, 2: 0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"study": "another"}, "another study"),
        ({"sheet": 9}, "another study"),
        ({"consented": None}, "before the consent"),
        (
            {"answers": [{"trial": 1, "key": "12345678", "values": {}, "time": 1}]},
            "answer 1: this answer is not of the",
        ),
        ({"answers": [{"trial": 0, "key": "12345678", "values": {"x": 1}, "time": 1}]}, "every question needs"),
        ({"answers": [{"trial": 0}]}, "is no file of answers"),
        ({"name": "Anna"}, "is no file of answers"),
    ],
)
def test_what_is_no_file_of_answers_is_refused_and_nothing_kept(study, tmp_path, changes, told):
    with pytest.raises(InputError, match=told):
        import_answers(tmp_path, saved(tmp_path, answers(study, 1) | changes))
    with StudyStore.of_study(tmp_path, study) as store:
        assert store.raters() == {}
