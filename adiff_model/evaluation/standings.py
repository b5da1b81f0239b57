"""Which system is best by a metric, and which of the others cannot be told apart from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.scoring import Scores, groups_of
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.bootstrap import paired_bootstrap_p_value
from adiff_model.metrics.text_scores import NoScore, Score

SIGNIFICANCE_LEVEL = 0.05
_OVERALL_METRICS = ("SPIDEr", "CIDEr-D", "ROUGE-L", "BLEU-4", "METEOR")  # the first that was scored speaks for the rest

Place = Literal["best", "close", "behind", "none"]


@dataclass(frozen=True)
class Standing:
    """One system's score by a metric on a tier, beside the best one.

    Attributes:
        place: `best`; `close`, where it may be chance that it is not the best; `behind`; `none`, where there is no
            score, or none that differs.
        p_value: of the difference from the best system; None for the best itself, and where there is none.
    """

    system: str
    score: Score | NoScore
    place: Place = "none"
    p_value: float | None = None


@dataclass(frozen=True)
class Lead:
    """The best system by a metric on a tier.

    Attributes:
        best: of several equal ones the first.
        others: the other systems with a score, better ones first.
    """

    best: Standing
    others: tuple[Standing, ...]

    @property
    def rivals(self) -> list[str]:
        """The other systems that are as good, or whose difference may be chance."""
        return [other.system for other in self.others if other.place != "behind"]


def rank(scores: Scores, group: Group, metric: str) -> list[Standing]:
    """Every system's standing, in the order of the systems."""
    by_system = {system: groups[group].scores[metric] for system, groups in scores.items()}
    values = [score.value for score in by_system.values() if isinstance(score, Score)]
    if not values or min(values) == max(values):
        return [Standing(system, score) for system, score in by_system.items()]
    best_value = max(values) if describe_metric(metric).higher_is_better else min(values)
    best = next(score for score in by_system.values() if isinstance(score, Score) and score.value == best_value)
    return [_standing(system, score, best) for system, score in by_system.items()]


def find_lead(scores: Scores, group: Group, metric: str) -> Lead | None:
    """Who is best by a metric on a tier, and who is next; None where no system has a score."""
    sign = -1 if describe_metric(metric).higher_is_better else 1
    scored = [
        (sign * standing.score.value, standing)
        for standing in rank(scores, group, metric)
        if isinstance(standing.score, Score)
    ]
    if not scored:
        return None
    best, *others = (standing for _, standing in sorted(scored, key=lambda pair: pair[0]))
    return Lead(best, tuple(others))


def overall_metric(scores: Scores, metrics: Sequence[str] = _OVERALL_METRICS) -> str:
    """The text metric that stands for the others where only one is shown: the first that any system has a score by."""
    for metric in metrics:
        if any(find_lead(scores, group, metric) for group in groups_of(scores)):
            return metric
    return metrics[0]


def _standing(system: str, score: Score | NoScore, best: Score) -> Standing:
    if isinstance(score, NoScore):
        return Standing(system, score)
    if score.value == best.value:
        return Standing(system, score, "best")
    p_value = paired_bootstrap_p_value(best.distribution, score.distribution)
    return Standing(system, score, "close" if p_value >= SIGNIFICANCE_LEVEL else "behind", p_value)
