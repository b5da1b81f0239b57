"""Scores as Markdown, for people, and as JSON, for programs."""

import json
from collections.abc import Sequence
from typing import Any

from adiff_data.publishing.markdown import as_text
from adiff_model.evaluation.judge import QUESTIONS, Judgements
from adiff_model.evaluation.scoring import MEASURES, Scores
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.confidence import difference_p
from adiff_model.metrics.text_scores import METRICS, NoScore, Score

SUMMARY = ("BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D", "SPICE", *MEASURES)
LEGEND = (
    "All x 100, with 95 % intervals (bootstrap over the rows); p: against the first system, on the same rows. "
    "*Right side*: events of both audios named, none where it does not sound. *Contradicted*: of the comparisons that "
    "were measured, those that go against it. *Checks passed*: as `adiff check` judges data."
)


def groups_of(scores: Scores) -> list[Group]:
    """The tiers of datasets that any system answers, each once."""
    return list(dict.fromkeys(group for own in scores.values() for group in own))


def as_markdown(scores: Scores, judged: Judgements | None = None) -> str:
    """Two tables a dataset and tier: a line a system, and how it differs from the first."""
    parts = []
    for group in groups_of(scores):
        parts += [f"## {', '.join(group)}", _table(group, scores, METRICS), _table(group, scores, MEASURES)]
        parts += _notes(group, scores)
        if judged:
            parts.append(_judged_table(group, scores, judged))
    return "\n\n".join([*parts, LEGEND]) + "\n"


def as_summary(scores: Scores) -> str:
    """One narrow table, for a terminal: a line a tier and system, the scores alone."""
    lines = [f"| tier | system | {' | '.join(SUMMARY)} |", f"|---|---{'|---:' * len(SUMMARY)}|"]
    for group in groups_of(scores):
        for name, own in scores.items():
            cells = (_bare(own[group].scores[metric]) for metric in SUMMARY)
            lines.append(f"| {' '.join(group)} | {as_text(name)} | {' | '.join(cells)} |")
    reasons = {
        metric: score.reason
        for groups in scores.values()
        for own in groups.values()
        for metric, score in own.scores.items()
        if isinstance(score, NoScore)
    }
    return "\n".join([*lines, "", *(f"No {metric}: {reason}." for metric, reason in reasons.items())]) + "\n"


def as_json(scores: Scores, judged: Judgements | None = None) -> str:
    """A line a system, dataset, tier and metric."""
    lines = [
        {"system": name, "dataset": group[0], "tier": group[1], "metric": metric, **_values(score)}
        for name, groups in scores.items()
        for group, own in groups.items()
        for metric, score in (own.scores | (judged.of(name, group) if judged else {})).items()
    ]
    return json.dumps(lines, indent=2) + "\n"


def cell(score: Score | NoScore, first: Score | NoScore) -> str:
    """A score with its interval, or in a few words why there is none."""
    if isinstance(score, NoScore):
        return f"none: {score.reason}"
    text = f"{100 * score.value:.2f} [{100 * score.interval.low:.2f}, {100 * score.interval.high:.2f}]"
    if score.sampled is not None:
        text += f" of {len(score.sampled):,} rows"
    if isinstance(first, Score) and score is not first:
        text += f" p={difference_p(first.draws, score.draws):.3f}"
    return text


def _bare(score: Score | NoScore) -> str:
    return f"{100 * score.value:.1f}" if isinstance(score, Score) else "–"


def _table(group: Group, scores: Scores, metrics: Sequence[str]) -> str:
    first = next(iter(scores.values()))[group].scores
    lines = [f"| system | {' | '.join(metrics)} |", f"|---{'|---:' * len(metrics)}|"]
    for name, own in scores.items():
        cells = (_shown(own[group].scores[metric], first[metric]) for metric in metrics)
        lines.append(f"| {as_text(name)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _shown(score: Score | NoScore, first: Score | NoScore) -> str:
    """Numbers as they are; a reason may hold foreign text."""
    return as_text(cell(score, first)) if isinstance(score, NoScore) else cell(score, first)


def _notes(group: Group, scores: Scores) -> list[str]:
    lines = [f"- {as_text(name)}: {as_text('; '.join(own[group].findings.notes))}" for name, own in scores.items()]
    return ["\n".join(lines)]


def _judged_table(group: Group, scores: Scores, judged: Judgements) -> str:
    lines = [
        f"| judged by {as_text(judged.judge)}, 1 to 5 | {' | '.join(QUESTIONS)} |",
        f"|---{'|---:' * len(QUESTIONS)}|",
    ]
    for name in scores:
        own = judged.of(name, group)
        lines.append(f"| {as_text(name)} | {' | '.join(points(own[question]) for question in QUESTIONS)} |")
    return "\n".join(lines)


def points(score: Score | NoScore) -> str:
    """Mean points of a judge, with their interval."""
    if isinstance(score, NoScore):
        return as_text(f"none: {score.reason}")
    return f"{score.value:.2f} [{score.interval.low:.2f}, {score.interval.high:.2f}] of {len(score.rows):,} rows"


def _values(score: Score | NoScore) -> dict[str, Any]:
    if isinstance(score, NoScore):
        return {"missing": score.reason}
    return {
        "score": score.value,
        "low": score.interval.low,
        "high": score.interval.high,
        "rows": len(score.rows),
        "sampled": score.sampled is not None,
    }
