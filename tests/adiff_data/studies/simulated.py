"""Raters of known accuracy and bias, who answer a study without its page."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from adiff_data.studies.answers import Given, RaterAnswers
from adiff_data.studies.plan import FIRST, NEITHER, SECOND, Study, StudyRow, Trial
from adiff_data.studies.planning import plan_study

Judging = Callable[[Study, Trial], Mapping[str, int]]
SYSTEMS = ("weak", "middle", "strong")


def rows_of(count: int, systems: Sequence[str] = SYSTEMS, tiers: Sequence[str] = ("sentence",)) -> list[StudyRow]:
    """Rows whose answers say whose they are."""
    return [
        StudyRow(
            id=f"row {number}",
            filepath1=f"Demo/evaluation/{number}a.wav",
            filepath2=f"Demo/evaluation/{number}b.wav",
            tier=tiers[number % len(tiers)],
            request="explain the difference in a sentence",
            answers={system: f"{system} on {number}" for system in systems},
        )
        for number in range(count)
    ]


class Rater:
    """Rates by the true quality of a system, with a bias and noise of their own; pays attention, or does not.

    Args:
        quality: of each system, 1 to 5.
        bias: added to every rating.
        noise: the standard deviation of what is added to each.
        row_effect: of each row, added to every rating of it.
        careless: answers at random, whatever is asked.
    """

    def __init__(
        self,
        quality: Mapping[str, float],
        *,
        bias: float = 0.0,
        noise: float = 0.5,
        row_effect: Mapping[str, float] | None = None,
        careless: bool = False,
        seed: int = 0,
    ) -> None:
        self.quality, self.bias, self.noise, self.careless = quality, bias, noise, careless
        self.row_effect, self.random = row_effect or {}, np.random.default_rng(seed)

    def __call__(self, study: Study, trial: Trial) -> dict[str, int]:
        names = [question.name for question in study.questions]
        if self.careless:
            return {name: int(self.random.choice(study.values)) for name in names}
        if trial.right is not None:
            return dict.fromkeys(names, trial.right)
        return {name: self._judged(study, trial) for name in names}

    def _judged(self, study: Study, trial: Trial) -> int:
        felt = [self.quality[system] + self.random.normal(0, self.noise) for system in trial.systems]
        if study.kind == "rating":
            return int(np.clip(round(felt[0] + self.bias + self.row_effect.get(trial.row, 0.0)), 1, 5))
        gap = felt[0] - felt[1] + self.bias  # who is biased prefers what stands first
        return NEITHER if abs(gap) < 0.1 else FIRST if gap > 0 else SECOND


def rate(study: Study, raters: Sequence[Judging], seconds: float = 30.0) -> list[RaterAnswers]:
    """Lets each rater answer one sheet, from the first one on."""
    return [
        RaterAnswers(
            number + 1,
            number % len(study.sheets),
            tuple(
                Given(number + 1, trial, judge(study, trial), seconds)
                for trial in study.sheets[number % len(study.sheets)]
            ),
        )
        for number, judge in enumerate(raters)
    ]


def rating_study(rows: int = 60, **settings) -> Study:
    """A study of the three systems with one question."""
    from adiff_data.studies.plan import Question

    return plan_study(rows_of(rows), questions=[Question(name="quality", text="How good is it?")], **settings)
