"""The best of several answers to one task, by those checks of data that need nothing but the answer.

Answers are asked for one after the other until one has no fault. Of equally good ones the first counts, so that none
after it could take its place: what is chosen is what would be chosen of all of them.
"""

import math
from collections.abc import Callable
from typing import Generic, TypeVar

from adiff_data.checks.both_sides import both_sides
from adiff_data.checks.form import form
from adiff_data.checks.talk import talk
from adiff_data.checks.verdicts import Outcome as CheckOutcome
from adiff_data.llm import Outcome, Question, Reply, Request, Usage
from adiff_data.tiers import is_about_similarity
from adiff_model.as_annotation import as_annotation
from adiff_model.prediction_file import Prediction, Task

Answer = TypeVar("Answer")


def num_faults(task: Task, text: str) -> float:
    """How many of the checks of form, talk and both sides an answer fails; infinity where there is none."""
    if not text.strip():
        return math.inf
    row = as_annotation(Prediction(**task.model_dump(include=set(Task.model_fields)), prediction=text))
    findings = [form(row), talk(row)]
    if not is_about_similarity(task.tier):
        findings.append(both_sides(row))
    return sum(finding.outcome is CheckOutcome.FAIL for finding in findings)


class Candidates(Generic[Answer]):
    """The answers to a task so far.

    Args:
        most: how many are asked for at most.

    Attributes:
        count: how many there are.
    """

    def __init__(self, task: Task, most: int) -> None:
        self._task, self._most = task, most
        self._best: tuple[float, Answer] | None = None
        self.count = 0

    @property
    def best(self) -> Answer:
        """The one with the fewest faults, the first of equals."""
        assert self._best is not None
        return self._best[1]

    def take(self, answer: Answer, text: str) -> bool:
        """Takes the next one; returns whether no further one is needed."""
        self.count += 1
        if self._most == 1:
            self._best = 0, answer
            return True
        faults = num_faults(self._task, text)
        if self._best is None or faults < self._best[0]:
            self._best = faults, answer
        return faults == 0 or self.count == self._most


class BestOf:
    """A dialogue (of `adiff_data.llm`) of several questions about one task, whose best answer counts.

    Args:
        most: how many answers are asked for at most.
        question: makes the question for the answer of a number, from 0; it is given what its outcome goes to.
        finish: called once, with the best outcome, which has the usage of all, and how many were asked for.
    """

    def __init__(
        self,
        task: Task,
        most: int,
        question: Callable[[int, Callable[[Outcome], None]], Question],
        finish: Callable[[Outcome, int], None],
    ) -> None:
        self._make_question, self._finish = question, finish
        self._candidates = Candidates[Outcome](task, most)
        self._usage, self._seconds = Usage(), 0.0
        self._rejected = False
        self._question = question(0, self._take)

    def next_request(self) -> Request | None:
        """For the answer that is asked for now."""
        return self._question.next_request()

    def take_reply(self, reply: Reply) -> None:
        """Goes on to the next answer, where one is needed."""
        self._question.take_reply(reply)

    def take_rejection(self, reason: str) -> None:
        """Ends the dialogue: the same would be rejected again."""
        self._rejected = True
        self._question.take_rejection(reason)

    def _take(self, outcome: Outcome) -> None:
        self._usage = self._usage.with_more(outcome.usage)
        self._seconds += outcome.seconds or 0.0
        if self._candidates.take(outcome, outcome.text) or self._rejected:
            best = self._candidates.best
            all_of_them = Outcome(best.text, best.failure, best.finish_reason, self._usage, round(self._seconds, 3))
            self._finish(all_of_them, self._candidates.count)
        else:
            self._question = self._make_question(self._candidates.count, self._take)
