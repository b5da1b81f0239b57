"""Who is given what: balanced over raters, rows and systems, whatever the numbers."""

from collections import Counter
from itertools import pairwise

import pytest

from adiff_data.core.errors import InputError
from adiff_data.studies.plan import FIRST, POINTS, SECOND, read_plan, write_plan
from adiff_data.studies.planning import plan_study
from tests.adiff_data.studies.simulated import SYSTEMS, rows_of


def counted(sheet):
    return [trial for trial in sheet if trial.kind == "counted"]


def test_each_answer_is_given_to_as_many_raters_as_asked_and_each_rater_hears_a_row_once():
    study = plan_study(rows_of(32), people=2, practice=2)
    assert len(study.sheets) == 6
    rated = Counter((trial.row, trial.systems) for sheet in study.sheets for trial in counted(sheet))
    assert len(rated) == 30 * 3
    assert set(rated.values()) == {2}
    for sheet in study.sheets:
        assert len({trial.row for trial in counted(sheet)}) == 30
        assert set(Counter(trial.systems for trial in counted(sheet)).values()) == {10}


def test_no_system_comes_early_or_late():
    for sheet in plan_study(rows_of(32), checks=0, practice=2).sheets:
        blocks = [counted(sheet)[start:][:3] for start in range(0, 30, 3)]
        assert all({trial.systems[0] for trial in block} == set(SYSTEMS) for block in blocks)


def test_two_answers_stand_in_both_orders_equally_often():
    study = plan_study(rows_of(26), kind="preference", people=2, practice=2)
    first = Counter(trial.systems for sheet in study.sheets for trial in counted(sheet))
    assert set(first.values()) == {24}  # 24 rows, 6 orders, each two answers to 2 raters
    of_one_row = {trial.systems for sheet in study.sheets for trial in counted(sheet) if trial.row == study.rows[0].id}
    assert len(of_one_row) == 6


def test_many_rows_are_shared_among_raters():
    study = plan_study(rows_of(52), people=1, trials=20, practice=2)
    assert len(study.sheets) == 3 * 3
    assert max(len(counted(sheet)) for sheet in study.sheets) <= 20
    assert len({(trial.row, trial.systems) for sheet in study.sheets for trial in counted(sheet)}) == 150


def test_checks_stand_among_the_rows_and_no_single_value_passes_them_all():
    for kind, values in (("rating", POINTS), ("preference", (FIRST, SECOND))):
        for sheet in plan_study(rows_of(30), kind=kind, checks=4).sheets:
            places = [place for place, trial in enumerate(sheet) if trial.kind == "check"]
            assert len(places) == 4
            assert min(b - a for a, b in pairwise(places)) >= 5
            right = [sheet[place].right for place in places]
            assert set(right) <= set(values)
            assert max(Counter(right).values()) <= 2


def test_practice_comes_first_and_is_of_rows_that_do_not_count():
    sheet = plan_study(rows_of(10), practice=3).sheets[0]
    assert [trial.kind for trial in sheet[:3]] == ["practice"] * 3
    assert not {trial.row for trial in sheet[:3]} & {trial.row for trial in counted(sheet)}


def test_a_limit_takes_as_many_rows_of_each_tier():
    study = plan_study(rows_of(90, tiers=["fewwords", "detail", "detail"]), limit=20, practice=0)
    tiers = Counter(study.row_of[trial.row].tier for trial in counted(study.sheets[0]))
    assert tiers == {"fewwords": 10, "detail": 10}


def test_the_same_seed_gives_the_same_study_and_another_seed_another():
    assert plan_study(rows_of(20), seed=4).id == plan_study(rows_of(20), seed=4).id
    assert plan_study(rows_of(20), seed=4).id != plan_study(rows_of(20), seed=5).id


def test_what_cannot_be_studied_is_refused():
    with pytest.raises(InputError, match="needs two systems"):
        plan_study(rows_of(20, systems=["one"]), kind="preference")
    with pytest.raises(InputError, match="too few"):
        plan_study(rows_of(2), practice=2)


def test_a_plan_comes_back_from_its_file_and_no_other_is_overwritten(tmp_path):
    study = plan_study(rows_of(12))
    write_plan(tmp_path, study)
    assert read_plan(tmp_path) == study
    write_plan(tmp_path, study)
    with pytest.raises(InputError, match="another study is there"):
        write_plan(tmp_path, plan_study(rows_of(12), seed=1))
    with pytest.raises(InputError, match="no study is here"):
        read_plan(tmp_path / "nowhere")
