"""Scores that are shares, with their intervals: of the rows with an outcome, or of what the rows count."""

from collections.abc import Sequence

import numpy as np

from adiff_model.metrics.bootstrap import bootstrap, confidence_interval, mean_of_known, ratio_of_sums
from adiff_model.metrics.text_scores import NoScore, Score


def share_of_known(outcomes: Sequence[bool | None], *, reason: str) -> Score | NoScore:
    """The share of positive outcomes among the rows that have one; where none has, the `reason` of it."""
    known_rows = tuple(row for row, outcome in enumerate(outcomes) if outcome is not None)
    if not known_rows:
        return NoScore(reason)
    values = np.array([np.nan if outcome is None else float(outcome) for outcome in outcomes])
    distribution = bootstrap(lambda indices: mean_of_known(values[indices]), len(values))
    known = values[list(known_rows)]
    sample = known_rows if len(known_rows) < len(values) else None
    return Score(float(known.mean()), confidence_interval(distribution), known.tolist(), distribution, sample)


def share_of_sums(parts: Sequence[int], wholes: Sequence[int], *, reason: str) -> Score | NoScore:
    """The sum of the rows' parts over that of their wholes; where every whole is 0, the `reason` of it.

    Of a row that counts nothing there is no score.
    """
    sample = tuple(row for row, whole in enumerate(wholes) if whole)
    if not sample:
        return NoScore(reason)
    distribution = bootstrap(ratio_of_sums(parts, wholes), len(wholes))
    return Score(
        sum(parts) / sum(wholes),
        confidence_interval(distribution),
        [parts[row] / wholes[row] for row in sample],
        distribution,
        sample if len(sample) < len(wholes) else None,
    )
