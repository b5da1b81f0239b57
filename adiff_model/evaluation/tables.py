"""Scores as Markdown tables."""

from collections.abc import Iterable, Sequence

from adiff_data.publishing.markdown import as_text
from adiff_model.evaluation.judge import QUESTIONS, Judgements
from adiff_model.evaluation.scoring import TRUTH_METRICS, Scores, groups_of
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.bootstrap import paired_bootstrap_p_value
from adiff_model.metrics.text_scores import METRICS, NoScore, Score

SUMMARY_METRICS = ("BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D", "SPICE", *TRUTH_METRICS)
LEGEND = (
    "All x 100, with 95 % confidence intervals (bootstrap over the rows); p: of the difference from the first system "
    "(paired bootstrap). *Right side*: events of both audios are named, and none on a side where it does not sound. "
    "*Contradicted*: a comparison contradicts the measurement, of the answers with a measured comparison. "
    "*Checks passed*: as `adiff check` judges data."
)


def scores_markdown(scores: Scores, judgements: Judgements | None = None) -> str:
    """For each dataset and tier a table of the text metrics and one of the truth metrics: a line for each system, with
    confidence intervals and p-values."""
    parts = []
    for group in groups_of(scores):
        parts.append(f"## {', '.join(group)}")
        parts += [_scores_table(group, scores, metrics) for metrics in (METRICS, TRUTH_METRICS)]
        parts.append(_notes(group, scores))
        if judgements:
            parts.append(_ratings_table(group, scores, judgements))
    return "\n\n".join([*parts, LEGEND]) + "\n"


def summary_markdown(scores: Scores) -> str:
    """One narrow table for a terminal: a line for each tier and system, without intervals."""
    lines = [
        (" ".join(group), as_text(system), *(_short(groups[group].scores[metric]) for metric in SUMMARY_METRICS))
        for group in groups_of(scores)
        for system, groups in scores.items()
    ]
    reasons = {
        metric: score.reason
        for groups in scores.values()
        for group_scores in groups.values()
        for metric, score in group_scores.scores.items()
        if isinstance(score, NoScore)
    }
    notes = [f"No {metric}: {reason}." for metric, reason in reasons.items()]
    return "\n".join([_table(("tier", "system"), SUMMARY_METRICS, lines), "", *notes]) + "\n"


def score_text(score: Score | NoScore, first: Score | NoScore) -> str:
    """A score with its confidence interval and its p-value against the first system's, or why there is none."""
    if isinstance(score, NoScore):
        return f"none: {score.reason}"
    text = f"{100 * score.value:.2f} [{100 * score.interval.low:.2f}, {100 * score.interval.high:.2f}]"
    if score.sample is not None:
        text += f" of {len(score.sample):,} rows"
    if isinstance(first, Score) and score is not first:
        text += f" p={paired_bootstrap_p_value(first.distribution, score.distribution):.3f}"
    return text


def rating_text(rating: Score | NoScore) -> str:
    """A judge's mean rating with its confidence interval, or why there is none."""
    if isinstance(rating, NoScore):
        return as_text(f"none: {rating.reason}")
    interval = rating.interval
    return f"{rating.value:.2f} [{interval.low:.2f}, {interval.high:.2f}] of {len(rating.row_scores):,} rows"


def _scores_table(group: Group, scores: Scores, metrics: Sequence[str]) -> str:
    first = next(iter(scores.values()))[group].scores
    lines = [
        (as_text(system), *(_escaped_score(groups[group].scores[metric], first[metric]) for metric in metrics))
        for system, groups in scores.items()
    ]
    return _table(("system",), metrics, lines)


def _ratings_table(group: Group, scores: Scores, judgements: Judgements) -> str:
    lines = [
        (as_text(system), *(rating_text(judgements.of(system, group)[question]) for question in QUESTIONS))
        for system in scores
    ]
    return _table((f"judged by {as_text(judgements.judge)}, 1 to 5",), QUESTIONS, lines)


def _table(labels: Sequence[str], numbers: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table of columns of text, then of columns of numbers, which are aligned to the right."""
    rule = f"|{'---|' * len(labels)}{'---:|' * len(numbers)}"
    return "\n".join([_line((*labels, *numbers)), rule, *map(_line, lines)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _short(score: Score | NoScore) -> str:
    return f"{100 * score.value:.1f}" if isinstance(score, Score) else "–"


def _escaped_score(score: Score | NoScore, first: Score | NoScore) -> str:
    """Only reasons are escaped: they may contain foreign text, and numbers contain brackets."""
    return as_text(score_text(score, first)) if isinstance(score, NoScore) else score_text(score, first)


def _notes(group: Group, scores: Scores) -> str:
    return "\n".join(
        f"- {as_text(system)}: {as_text('; '.join(groups[group].assessment.notes))}"
        for system, groups in scores.items()
    )
