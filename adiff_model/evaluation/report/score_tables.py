"""Every score, in tables: a line for each system, a column for each metric."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.judge import QUESTIONS, Judgements
from adiff_model.evaluation.leaderboard import DASH, PUBLISHED, SYSTEM
from adiff_model.evaluation.metric_descriptions import MetricDescription, describe_metric
from adiff_model.evaluation.probe_scores import KEPT_METRICS, MIRROR_METRICS, was_probed
from adiff_model.evaluation.report.score_cells import ScoreCell, score_cell
from adiff_model.evaluation.report.tier_labels import tier_labels
from adiff_model.evaluation.scoring import CONTENT_METRICS, TRUTH_METRICS, Scores, groups_of
from adiff_model.evaluation.standings import rank
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.bootstrap import paired_bootstrap_p_value
from adiff_model.metrics.text_scores import METRICS, NoScore, Score

Lines = Sequence[tuple[str, Sequence[ScoreCell]]]  # by system


@dataclass(frozen=True)
class ScoreTable:
    """A line for each system, a column for each metric."""

    title: str
    metrics: Sequence[MetricDescription]
    rows: Lines


@dataclass(frozen=True)
class TierTables:
    """Every score of one tier of one dataset; `notes` are those of the checks, by system."""

    label: str
    tables: Sequence[ScoreTable]
    notes: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class LeaderboardTable:
    """The published scores beside those of this evaluation, in the columns that can be compared."""

    headings: Sequence[str]
    rows: Lines


def make_tables(scores: Scores, judgements: Judgements | None, footnotes: Footnotes) -> list[TierTables]:
    """The tables of each tier: text metrics, truth metrics, and a judge's ratings if there are any."""
    return [
        TierTables(
            label,
            list(_tables(scores, group, judgements, footnotes)),
            [(system, "; ".join(tiers[group].assessment.notes)) for system, tiers in scores.items()],
        )
        for group, label in tier_labels(groups_of(scores)).items()
    ]


def compare_with_published(leaderboard: pd.DataFrame) -> LeaderboardTable | None:
    """The leaderboard's columns in which an evaluated system has a score; None where there is none."""
    evaluated = leaderboard.iloc[len(PUBLISHED) :]
    headings = [name for name in leaderboard.columns if name != SYSTEM and (evaluated[name] != DASH).any()]
    if not headings:
        return None
    best = {name: max(_number(text) for text in leaderboard[name] if text != DASH) for name in headings}
    rows = [
        (line[SYSTEM], [_leaderboard_cell(line[name], best[name]) for name in headings])
        for line in leaderboard.to_dict("records")
    ]
    return LeaderboardTable(headings, rows)


def _tables(scores: Scores, group: Group, judgements: Judgements | None, footnotes: Footnotes) -> Iterator[ScoreTable]:
    kinds = [("Text metrics", METRICS), ("Truth", TRUTH_METRICS), ("Claims", CONTENT_METRICS)]
    if was_probed(scores):
        kinds += [("Listening", MIRROR_METRICS), ("What is left without the audio", KEPT_METRICS)]
    for title, metrics in kinds:
        columns = {metric: _column(scores, group, metric, footnotes) for metric in metrics}
        yield ScoreTable(title, [describe_metric(metric) for metric in metrics], _transposed(scores, columns))
    if judgements:
        ratings = {system: judgements.of(system, group) for system in scores}
        columns = {question: _ratings(ratings, question, footnotes) for question in QUESTIONS}
        questions = [MetricDescription(question) for question in QUESTIONS]
        yield ScoreTable(f"Judged by {judgements.judge}, 1 to 5", questions, _transposed(scores, columns))


def _column(scores: Scores, group: Group, metric: str, footnotes: Footnotes) -> list[ScoreCell]:
    first = next(iter(scores.values()))[group].scores[metric]
    return [
        score_cell(
            metric,
            standing.score,
            footnotes,
            is_best=standing.place == "best",
            p_value=_p_value(first, standing.score),
        )
        for standing in rank(scores, group, metric)
    ]


def _p_value(first: Score | NoScore, score: Score | NoScore) -> float | None:
    """Of the difference from the first system; None for that system itself, and where one has no score."""
    if score is first or isinstance(first, NoScore) or isinstance(score, NoScore):
        return None
    return paired_bootstrap_p_value(first.distribution, score.distribution)


def _ratings(
    ratings: Mapping[str, Mapping[str, Score | NoScore]], question: str, footnotes: Footnotes
) -> list[ScoreCell]:
    given = [by_question[question] for by_question in ratings.values()]
    values = {rating.value for rating in given if isinstance(rating, Score)}
    return [
        score_cell(
            question,
            rating,
            footnotes,
            factor=1.0,
            decimals=2,
            is_best=isinstance(rating, Score) and len(values) > 1 and rating.value == max(values),
        )
        for rating in given
    ]


def _transposed(systems: Iterable[str], columns: Mapping[str, Sequence[ScoreCell]]) -> Lines:
    return [(system, [column[line] for column in columns.values()]) for line, system in enumerate(systems)]


def _leaderboard_cell(text: str, best: float) -> ScoreCell:
    value, _, sample = text.partition(" ")
    return ScoreCell(value, note=sample.strip("()"), is_best=text != DASH and _number(text) == best)


def _number(text: str) -> float:
    """The score in a leaderboard's cell, which may name a sample behind it."""
    return float(text.partition(" ")[0])
