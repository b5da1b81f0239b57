"""The headline: which system is best where, in sentences and in a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.leaderboard import DASH
from adiff_model.evaluation.metric_descriptions import MetricDescription, describe_metric
from adiff_model.evaluation.report.score_cells import PERCENT, ScoreCell, score_cell
from adiff_model.evaluation.report.tier_labels import tier_labels
from adiff_model.evaluation.scoring import RIGHT_SIDE, TRUTH_METRICS, Scores, groups_of
from adiff_model.evaluation.standings import Standing, find_lead, overall_metric
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.text_scores import Score

_CLAIMS = {RIGHT_SIDE: "Events on their side most often"}  # of the best system by a metric
_RELATIONS = {"best": "equal to", "close": "not told apart from", "behind": "ahead of"}  # to the place of the next
_MAX_NAMES = 3  # of systems that a sentence lists


@dataclass(frozen=True)
class Headline:
    """Who is best by a metric.

    Attributes:
        claim: what the best system does.
        leaders: the best system, or the systems that cannot be told apart from it, and the tiers in which they lead.
    """

    claim: str
    leaders: Sequence[tuple[Sequence[str], str]]


@dataclass(frozen=True)
class OverviewCell:
    """The best system of a tier by a metric, beside the next best.

    Attributes:
        cell: its score.
        system: the best; empty where there is no score, and where all systems have the same.
        relation: `ahead of`, `equal to` or `not told apart from` the next; empty where there is no next.
        runner_up: the score of the next, and the p-value of the difference.
    """

    cell: ScoreCell
    system: str = ""
    relation: str = ""
    runner_up: str = ""


@dataclass(frozen=True)
class Overview:
    """Which system is best where: a table with a row for each tier, and sentences that sum it up."""

    metrics: Sequence[MetricDescription]
    rows: Sequence[tuple[str, Sequence[OverviewCell]]]
    headlines: Sequence[Headline]


def make_overview(scores: Scores, footnotes: Footnotes) -> Overview:
    """Who is best by the text metric that stands for the others, and by each truth metric."""
    labels = tier_labels(groups_of(scores))
    text_metric = overall_metric(scores)
    metrics = (text_metric, *TRUTH_METRICS)
    rows = [
        (label, [_overview_cell(scores, group, metric, footnotes) for metric in metrics])
        for group, label in labels.items()
    ]
    headlines = [_headline(scores, metric, labels) for metric in (text_metric, RIGHT_SIDE)]
    return Overview([describe_metric(metric) for metric in metrics], rows, [line for line in headlines if line])


def _overview_cell(scores: Scores, group: Group, metric: str, footnotes: Footnotes) -> OverviewCell:
    lead = find_lead(scores, group, metric)
    if lead is None:
        return OverviewCell(score_cell(metric, next(iter(scores.values()))[group].scores[metric], footnotes))
    cell = score_cell(metric, lead.best.score, footnotes)
    if not lead.others:
        return OverviewCell(cell, lead.best.system)
    if lead.best.place == "none":
        return OverviewCell(cell)
    runner_up = lead.others[0]
    relation = f"{_RELATIONS[runner_up.place]} {runner_up.system}"
    return OverviewCell(cell, lead.best.system, relation, _score_and_p(runner_up))


def _score_and_p(standing: Standing) -> str:
    value = f"{PERCENT * standing.score.value:.1f}" if isinstance(standing.score, Score) else DASH
    return value if standing.p_value is None else f"{value} (p = {standing.p_value:.3f})"


def _headline(scores: Scores, metric: str, labels: Mapping[Group, str]) -> Headline | None:
    """None where nothing was scored, or where there is nothing to compare with."""
    tiers: dict[tuple[str, ...], list[str]] = {}
    for group, label in labels.items():
        lead = find_lead(scores, group, metric)
        if lead and lead.others:
            tiers.setdefault((lead.best.system, *lead.rivals), []).append(label)
    if not tiers:
        return None
    claim = _CLAIMS.get(metric, f"Nearest to the references, by {metric}")
    return Headline(claim, [(_shortened(systems), _joined(labels_of, labels)) for systems, labels_of in tiers.items()])


def _joined(tiers: Sequence[str], labels: Mapping[Group, str]) -> str:
    """`few words, a sentence and detail`; where that is all of them, `every tier`."""
    if len(tiers) == len(labels) > 1:
        return "every tier"
    *first, last = tiers
    return f"{', '.join(first)} and {last}" if first else last


def _shortened(names: Sequence[str]) -> list[str]:
    """The first names, and how many others there are."""
    if len(names) <= _MAX_NAMES:
        return list(names)
    return [*names[: _MAX_NAMES - 1], f"{len(names) - _MAX_NAMES + 1} others"]
