"""The best of several answers: the one with the fewest faults, the first of equals, and no more asked than needed."""

import math

import pytest

from adiff_model.best_of import Candidates, num_faults
from adiff_model.prediction_file import Task

GOOD = "Audio 1 has a dog that barks loudly, and audio 2 has steady rain."
OF_CAPTIONS = "Based on the captions, audio 1 has a dog and audio 2 has rain."
NO_SIDES = "Based on the captions, a dog barks and some rain falls there."


def task(tier: str = "fewwords") -> Task:
    paths = {"filepath1": "ClothoV21/evaluation/a.wav", "filepath2": "ClothoV21/evaluation/b.wav"}
    return Task(id="1", tier=tier, prompt="explain", references=("one",), **paths)


@pytest.mark.parametrize(
    ("answer", "faults"),
    [(GOOD, 0), (OF_CAPTIONS, 1), (NO_SIDES, 2), ("A dog", 2), ("", math.inf), (" \n", math.inf)],
)
def test_faults_are_checks_that_fail(answer, faults):
    assert num_faults(task(), answer) == faults


def test_what_both_share_needs_no_two_sides():
    answer = "A dog barks, again and again, not far away, somewhere in a wide yard."
    assert (num_faults(task("similarity"), answer), num_faults(task("fewwords"), answer)) == (0, 1)


@pytest.mark.parametrize(
    ("answers", "best", "asked"),
    [
        ([GOOD, NO_SIDES, OF_CAPTIONS], 0, 1),
        ([NO_SIDES, GOOD, OF_CAPTIONS], 1, 2),
        ([NO_SIDES, OF_CAPTIONS, NO_SIDES], 1, 3),
        ([NO_SIDES, NO_SIDES, NO_SIDES], 0, 3),
        (["", "", NO_SIDES], 2, 3),
        (["", "", ""], 0, 3),
    ],
)
def test_the_first_of_those_with_the_fewest_faults_is_kept(answers, best, asked):
    candidates = Candidates[int](task(), len(answers))
    taken = next(count for count, text in enumerate(answers, 1) if candidates.take(count - 1, text))
    assert (candidates.best, taken, candidates.count) == (best, asked, asked)
