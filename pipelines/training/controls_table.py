"""The table of controls: means over seeds, and their differences from the full training, with intervals."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
from scipy import stats

from adiff_data.core.markdown import as_text, table
from adiff_model.evaluation.claim_scores import CLAIMS_TRUE, EVENTS_TOLD
from adiff_model.evaluation.leaderboard import DASH
from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.scoring import RIGHT_SIDE
from pipelines.training.controls import FULL, ControlsRecipe

METRICS = ("METEOR", RIGHT_SIDE, CLAIMS_TRUE, EVENTS_TOLD)
_CONFIDENCE = 0.95
_COLUMNS = ["control", "dataset", "tier", "metric", "seeds", "mean", "difference", "low", "high"]
_NOTE = """\
Each training was done with {seeds} seeds. In each cell: the mean over the seeds in per cent; in brackets, the 95 %
interval of its difference from *full* in percentage points (Student's t over the differences of equal seeds), bold
where it is without 0. With few seeds the intervals are wide, and one in twenty is expected to be bold by chance.
"""


def controls_frame(scores: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds.

    Args:
        scores: as `scores_frame`, where a system is a control or `full`, with the `seed` of each row.

    Returns:
        a row for each `control`, `dataset`, `tier` and `metric` that every seed has a score of: the number of `seeds`,
        the `mean`, and of the difference from `full` by seed the mean `difference` and the bounds `low` and `high` of
        its 95 % interval (Student's t), which `full` itself does not have.
    """
    scored = scores[scores["metric"].isin(METRICS) & scores["score"].notna()].astype({"score": float})
    by_seed = scored.pivot_table("score", ["dataset", "tier", "metric"], ["system", "seed"], sort=False, dropna=False)
    records = []
    for control in dict.fromkeys(scored["system"]):
        for key, of_key in by_seed.iterrows():
            values = of_key[control].to_numpy()
            if np.isnan(values).any():
                continue
            difference = {} if control == FULL else _difference(values - of_key[FULL].to_numpy())
            dataset, tier, metric = cast(tuple[str, str, str], key)
            record = {"control": control, "dataset": dataset, "tier": tier, "metric": metric}
            records.append({**record, "seeds": len(values), "mean": values.mean(), **difference})
    return pd.DataFrame(records, columns=_COLUMNS)


def _difference(differences: np.ndarray) -> dict[str, float]:
    """The mean of paired differences and its interval; nothing is known of it where `full` has no score."""
    if np.isnan(differences).any():
        return {}
    mean, error = differences.mean(), stats.sem(differences)
    margin = float(stats.t.ppf((1 + _CONFIDENCE) / 2, len(differences) - 1) * error)
    return {"difference": float(mean), "low": float(mean) - margin, "high": float(mean) + margin}


def controls_csv(frame: pd.DataFrame) -> str:
    """The frame, for spreadsheets."""
    return frame.to_csv(index=False, lineterminator="\n")


def controls_markdown(frame: pd.DataFrame, recipe: ControlsRecipe) -> str:
    """A table for each tier: a line for each control, a column for each metric; then what each control is."""
    tables = [
        f"## {dataset}, {tier}\n\n{_table(of_tier, (FULL, *recipe.controls))}\n"
        for (dataset, tier), of_tier in frame.groupby(["dataset", "tier"], sort=False)
    ]
    changes = [f"- *{name}*: {as_text(change.about)}" for name, change in recipe.controls.items() if change.about]
    return "\n".join([*tables, _NOTE.format(seeds=len(recipe.seeds)), *changes]).rstrip() + "\n"


def _table(of_tier: pd.DataFrame, controls: Sequence[str]) -> str:
    cells = {(record["control"], record["metric"]): _cell(record) for record in of_tier.to_dict("records")}
    lines = [(control, *(cells.get((control, metric), DASH) for metric in METRICS)) for control in controls]
    headings = [f"{metric} {describe_metric(metric).arrow}" for metric in METRICS]
    return table(["training", *headings], lines, numbers=headings)


def _cell(record: Mapping[Any, Any]) -> str:
    mean = f"{100 * record['mean']:.1f}"
    low, high = record["low"], record["high"]
    if np.isnan(low):
        return mean
    interval = f"[{100 * low:+.1f}, {100 * high:+.1f}]"
    return f"{mean} **{interval}**" if low > 0 or high < 0 else f"{mean} {interval}"
