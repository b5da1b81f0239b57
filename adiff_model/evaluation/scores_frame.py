"""Scores as a pandas frame and as JSON: one record for each system, dataset, tier and metric."""

import json
from typing import Any

import pandas as pd

from adiff_data.core.arguments import checks_arguments
from adiff_model.evaluation.judge import Judgements
from adiff_model.evaluation.scoring import Scores
from adiff_model.metrics.text_scores import NoScore, Score

_DTYPES = {
    "system": "string",
    "dataset": "string",
    "tier": "string",
    "metric": "string",
    "score": "Float64",
    "low": "Float64",
    "high": "Float64",
    "rows": "Int64",
    "sampled": "boolean",
    "missing": "string",
}


@checks_arguments
def scores_frame(scores: Scores) -> pd.DataFrame:
    """Scores as a frame, which can be filtered, pivoted and written as any other.

        frame = scores_frame(evaluate(["ours=a.jsonl", "theirs=b.jsonl"]))
        frame.pivot_table("score", ["dataset", "tier", "metric"], "system")

    Returns:
        a row for each `system`, `dataset`, `tier` and `metric`: the `score` (0 to 1; CIDEr-D up to 10), the bounds
        `low` and `high` of its 95 % confidence interval, the number of `rows` that were scored, whether these are a
        sample (`sampled`), and, where there is no score, the reason (`missing`). What does not apply is `pd.NA`.
    """
    records = score_records(scores)
    columns = {name: pd.Series([record.get(name) for record in records], dtype=kind) for name, kind in _DTYPES.items()}
    return pd.DataFrame(columns)


def scores_json(scores: Scores, judgements: Judgements | None = None) -> str:
    """The records as a JSON array; a record has `missing` in place of the scores it does not have."""
    return json.dumps(score_records(scores, judgements), indent=2) + "\n"


def score_records(scores: Scores, judgements: Judgements | None = None) -> list[dict[str, Any]]:
    """A record for each system, dataset, tier and metric; the judge's questions count as metrics."""
    return [
        {"system": system, "dataset": dataset, "tier": tier, "metric": metric, **_values(score)}
        for system, groups in scores.items()
        for (dataset, tier), group_scores in groups.items()
        for metric, score in (
            group_scores.scores | (judgements.of(system, (dataset, tier)) if judgements else {})
        ).items()
    ]


def _values(score: Score | NoScore) -> dict[str, Any]:
    if isinstance(score, NoScore):
        return {"missing": score.reason}
    return {
        "score": score.value,
        "low": score.interval.low,
        "high": score.interval.high,
        "rows": len(score.row_scores),
        "sampled": score.sample is not None,
    }
