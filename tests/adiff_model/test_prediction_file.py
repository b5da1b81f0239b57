"""Predictions on file are never lost or mixed, whatever call comes next."""

import json
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError
from adiff_model.prediction_file import Prediction, PredictionFile, Task

SETTINGS = {"checkpoint": "models/a", "weights": "0a", "dataset": "data/CLD", "config": "cld", "split": "evaluation"}
TASKS = [
    Task(id=f"row{number}", filepath1="a.wav", filepath2="b.wav", tier="detail", prompt="?", references=("x",))
    for number in range(12)
]


def answer(task: Task, text: str = "Rain.", fault: str | None = None) -> Prediction:
    return Prediction(**task.model_dump(), prediction=text, fault=fault)


def run(path: Path, tasks=TASKS, settings=SETTINGS, *, split=TASKS, force=False, **answers) -> list[str]:
    """Answers the tasks that are missing; returns their ids."""
    with PredictionFile(path, settings, tasks=tasks, split=split, force=force) as file:
        missing = file.missing
        for task in missing:
            file.add(answer(task, **answers))
    return [task.id for task in missing]


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


@pytest.fixture
def out(tmp_path) -> Path:
    """A file with an answer to each of the twelve tasks."""
    path = tmp_path / "predictions.jsonl"
    run(path)
    return path


def test_a_run_of_fewer_rows_keeps_the_others(out, caplog):
    caplog.clear()
    before = out.read_bytes()
    assert run(out, TASKS[:3]) == []
    assert run(out, TASKS[5:7]) == []
    assert run(out, []) == []
    assert out.read_bytes() == before
    assert caplog.text == ""


def test_rows_that_come_later_are_put_into_the_splits_order(tmp_path):
    path = tmp_path / "predictions.jsonl"
    run(path, TASKS[8:])
    run(path, TASKS[:3])
    assert ids(path) == [task.id for task in (*TASKS[:3], *TASKS[8:])]


def test_rows_that_the_split_has_no_more_stay_behind_the_others(out, caplog):
    run(out, TASKS[4:], split=TASKS[4:])
    assert ids(out) == [task.id for task in (*TASKS[4:], *TASKS[:4])]
    assert "of 4 rows the split has no task; they stay" in caplog.text


def test_a_row_of_other_references_is_answered_again_and_the_others_stay(out):
    changed = TASKS[2].model_copy(update={"references": ("y",)})
    assert run(out, [changed], text="Wind.") == ["row2"]
    rows = {row["id"]: row for row in map(json.loads, out.read_text().splitlines())}
    assert len(rows) == 12
    assert (rows["row2"]["prediction"], rows["row2"]["references"]) == ("Wind.", ["y"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"config": "acd"}, r'config = "cld", not "acd"'),
        ({"split": "validation"}, "split = "),
        ({"weights": "0b"}, r'weights = "0a", not "0b"'),
        ({"weights": "0b", "checkpoint": "models/b"}, r'checkpoint = "models/a", not "models/b"'),
        ({"dataset": "data/ACD"}, "dataset = "),
        ({"further": 1}, "further = null, not 1"),
    ],
)
def test_a_run_of_something_else_is_refused_and_changes_nothing(out, changes, message):
    before = {path.name: path.read_bytes() for path in out.parent.iterdir()}
    with pytest.raises(InputError, match=message):
        run(out, settings=SETTINGS | changes)
    assert {path.name: path.read_bytes() for path in out.parent.iterdir()} == before


def test_a_model_that_was_moved_goes_on(out):
    assert run(out, settings=SETTINGS | {"checkpoint": "elsewhere/a"}) == []


def test_force_keeps_a_backup_and_never_overwrites_one(out):
    first, settings = out.read_bytes(), out.with_suffix(".run.json").read_bytes()
    assert len(run(out, settings=SETTINGS | {"weights": "0b"}, force=True, text="Wind.")) == 12
    second = out.read_bytes()
    run(out, TASKS[:1], force=True, text="Hail.")
    assert out.with_name("predictions.jsonl.bak").read_bytes() == first
    assert out.with_name("predictions.run.json.bak").read_bytes() == settings
    assert out.with_name("predictions.jsonl.bak2").read_bytes() == second
    assert ids(out) == ["row0"]


def test_force_without_a_prediction_changes_nothing(out):
    before = out.read_bytes()
    with pytest.raises(RuntimeError), PredictionFile(out, {}, tasks=TASKS, split=TASKS, force=True):
        raise RuntimeError("the encoder failed")
    with PredictionFile(out, {}, tasks=TASKS, split=TASKS, force=True):
        pass
    assert out.read_bytes() == before
    assert not out.with_name("predictions.jsonl.bak").exists()


def test_a_run_that_answered_nothing_binds_nothing(tmp_path):
    path = tmp_path / "predictions.jsonl"
    with pytest.raises(RuntimeError), PredictionFile(path, SETTINGS, tasks=TASKS, split=TASKS):
        raise RuntimeError("the encoder failed")
    assert not path.exists()
    run(path, settings=SETTINGS | {"weights": "0b"}, text="", fault="no such recording")
    assert len(run(path)) == 12
    assert len(ids(path)) == 12


def test_rows_with_a_fault_stay_until_they_are_predicted_again(tmp_path):
    path = tmp_path / "predictions.jsonl"
    run(path, TASKS[:4])
    run(path, TASKS[4:6], text="", fault="no such recording")
    assert run(path, TASKS[:5], text="Hail.") == ["row4"]
    rows = [(row["id"], row["fault"]) for row in map(json.loads, path.read_text().splitlines())]
    assert rows == [*((f"row{number}", None) for number in range(5)), ("row5", "no such recording")]


def test_an_answer_to_changed_references_is_no_duplicate_in_a_run_that_goes_on(out):
    changed = [task.model_copy(update={"references": ("y",)}) for task in TASKS]
    with PredictionFile(out, SETTINGS, tasks=changed, split=changed) as file:
        file.add(answer(changed[0]))
        assert ids(out) == ["row0"]


def test_a_file_whose_settings_are_missing_is_refused(out):
    out.with_suffix(".run.json").unlink()
    with pytest.raises(InputError, match=r"predictions.run.json, which tells what it was made with, is not beside it"):
        run(out)
    assert len(ids(out)) == 12


def test_files_of_any_name_have_settings_of_their_own(tmp_path):
    run(tmp_path / "answers.tiny")
    run(tmp_path / "answers.base", settings=SETTINGS | {"weights": "0b"})
    assert run(tmp_path / "answers.tiny") == []


@pytest.mark.parametrize("content", ["some notes", '{"id": "row0"}\n', "[1]\n"])
@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_file_of_predictions_is_never_lost(content, force, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text(content)
    if force:
        run(path, force=True)
        assert (tmp_path / "notes.txt.bak").read_text().rstrip() == content.rstrip()
        return
    with pytest.raises(InputError, match=r"notes.txt, row 1"):
        run(path)
    assert path.read_text() == content


def test_two_runs_do_not_write_one_file(out):
    with PredictionFile(out, SETTINGS, tasks=TASKS, split=TASKS, force=True) as file:
        file.add(answer(TASKS[0]))
        with pytest.raises(InputError, match="another process is writing this file"):
            run(out)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="is a folder, but a file is needed"):
        run(tmp_path)
