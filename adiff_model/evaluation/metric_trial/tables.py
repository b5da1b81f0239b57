"""A trial as Markdown, as a frame and as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.markdown import as_text, table
from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.leaderboard import DASH
from adiff_model.evaluation.metric_trial.damages import FAULTS, GRADED, Damage, Degree
from adiff_model.evaluation.metric_trial.trial import Fall, MetricTrial, TierTrial, Verdict
from adiff_model.metrics.text_scores import NoScore

LEGEND = (
    "In per cent of the score of right answers (*right*, x 100), what is lost when one, two or all claims of an answer "
    "are damaged; below 0, the score rises. Of dropped events, *all* is all but one; of invented ones, as many as "
    "there are. *Not …*: what a score that is better where it is lower lacks to 100. *More costs more*: whether a "
    "metric falls further with each degree of each fault. *Paraphrase costs less*: whether other words for all "
    "claims, which are no fault, cost less than the fault in one claim that costs least."
)
_DTYPES = {
    "tier": "string",
    "metric": "string",
    "damage": "string",
    "degree": "string",
    "rows": "Int64",
    "right": "Float64",
    "broken": "Float64",
    "fall": "Float64",
    "low": "Float64",
    "high": "Float64",
    "verdict": "string",
    "missing": "string",
}


def overview_markdown(trials: Sequence[TierTrial]) -> str:
    """A table a tier: a line a metric, a column a damage, without intervals."""
    footnotes = Footnotes()
    parts = [part for trial in trials for part in (f"## {trial.tier}", _counts(trial), _overview(trial, footnotes))]
    return "\n\n".join([*parts, *_notes(footnotes), LEGEND]) + "\n"


def trust_markdown(trials: Sequence[TierTrial]) -> str:
    """The overview, and a table of each damage, with 95 % confidence intervals."""
    footnotes, parts = Footnotes(), []
    for trial in trials:
        parts += [f"## {trial.tier}, with intervals"]
        for damage in Damage:
            if any(isinstance(metric.falls[damage, Degree.ALL], Fall) for metric in trial.metrics):
                parts += [
                    f"### {trial.tier}: {damage}, {trial.count(damage):,} rows",
                    _of_damage(trial, damage, footnotes),
                ]
    return overview_markdown(trials) + "\n" + "\n\n".join([*parts, *_notes(footnotes)]) + "\n"


@checks_arguments
def trust_frame(trials: Sequence[TierTrial]) -> pd.DataFrame:
    """Trials as a frame.

    Returns:
        a row for each `tier`, `metric`, `damage` and `degree` (`one`, `two`, `all`): the number of `rows`, the scores
        of their `right` and their `broken` answers, the `fall` as a share of the first with its 95 % confidence
        interval (`low`, `high`), the `verdict` on the metric under this damage, and, where there is no fall, why
        (`missing`).
    """
    records = list(_records(trials))
    columns = {name: pd.Series([record.get(name) for record in records], dtype=kind) for name, kind in _DTYPES.items()}
    return pd.DataFrame(columns)


def trust_json(trials: Sequence[TierTrial]) -> str:
    """The records of `trust_frame`, and by tier and metric the two verdicts over all damages."""
    verdicts = {
        trial.tier: {
            metric.metric: {
                "smallest_fault": metric.smallest_fault,
                "paraphrase_costs_less": metric.forgives_paraphrase,
            }
            for metric in trial.metrics
        }
        for trial in trials
    }
    return json.dumps({"falls": list(_records(trials)), "verdicts": verdicts}, indent=2) + "\n"


def answers_jsonl(trials: Sequence[TierTrial]) -> str:
    """A line a row: its right answer and its broken ones, to be read."""
    return "".join(
        json.dumps({"id": row.task.id, "tier": trial.tier, "right": row.answer.text(), **broken}, ensure_ascii=False)
        + "\n"
        for trial in trials
        for row, broken in zip(trial.rows, trial.broken, strict=True)
    )


def _records(trials: Sequence[TierTrial]) -> Iterator[dict[str, Any]]:
    for trial in trials:
        for metric in trial.metrics:
            for (damage, degree), fall in metric.falls.items():
                names = {"tier": trial.tier, "metric": metric.metric, "damage": damage, "degree": degree}
                yield names | _values(fall) | {"verdict": metric.verdict(damage)}


def _values(fall: Fall | NoScore) -> dict[str, Any]:
    if isinstance(fall, NoScore):
        return {"missing": fall.reason}
    return {
        "rows": fall.rows,
        "right": fall.right,
        "broken": fall.broken,
        "fall": fall.share,
        "low": fall.interval.low,
        "high": fall.interval.high,
    }


def _counts(trial: TierTrial) -> str:
    counts = ", ".join(f"{damage} {trial.count(damage):,}" for damage in Damage)
    return f"{len(trial.rows):,} rows, of which can be broken: {counts}."


def _overview(trial: TierTrial, footnotes: Footnotes) -> str:
    header = ("metric", "right", *Damage, "more costs more", "paraphrase costs less")
    return table(header, [_overview_line(metric, footnotes) for metric in trial.metrics])


def _overview_line(metric: MetricTrial, footnotes: Footnotes) -> tuple[str, ...]:
    whole = metric.falls[Damage.PARAPHRASED, Degree.ALL]
    right = (
        f"{100 * whole.right:.1f}"
        if isinstance(whole, Fall)
        else _cell(metric, Damage.PARAPHRASED, Degree.ALL, footnotes)
    )
    cells = (
        " / ".join(_short(metric.falls[damage, degree]) for degree in Degree)
        if damage in GRADED
        else _short(metric.falls[damage, Degree.ALL])
        for damage in Damage
    )
    return as_text(metric.metric), right, *cells, _more_costs_more(metric), _paraphrase(metric)


def _short(fall: Fall | NoScore) -> str:
    return DASH if isinstance(fall, NoScore) else f"{round(100 * fall.share)}"


def _more_costs_more(metric: MetricTrial) -> str:
    """The faults of which this is not so, by what is so."""
    verdicts = {damage: verdict for damage in FAULTS if (verdict := metric.verdict(damage)) is not None}
    if not verdicts:
        return DASH
    by_verdict = {
        verdict: [damage for damage, its_verdict in verdicts.items() if its_verdict is verdict]
        for verdict in Verdict
        if verdict is not Verdict.FALLS
    }
    return "; ".join(f"{verdict}: {', '.join(damages)}" for verdict, damages in by_verdict.items() if damages) or "yes"


def _paraphrase(metric: MetricTrial) -> str:
    if metric.forgives_paraphrase is None:
        return DASH
    return "yes" if metric.forgives_paraphrase else f"no: {metric.smallest_fault}"


def _of_damage(trial: TierTrial, damage: Damage, footnotes: Footnotes) -> str:
    degrees = list(Degree) if damage in GRADED else [Degree.ALL]
    lines = [
        (
            as_text(metric.metric),
            *(_cell(metric, damage, degree, footnotes) for degree in degrees),
            metric.verdict(damage) or DASH,
        )
        for metric in trial.metrics
    ]
    return table(("metric", *degrees, "falls further with more"), lines)


def _cell(metric: MetricTrial, damage: Damage, degree: Degree, footnotes: Footnotes) -> str:
    fall = metric.falls[damage, degree]
    if isinstance(fall, NoScore):
        return f"{DASH} ({footnotes.mark(fall.reason, metric.metric)})"
    return f"{100 * fall.share:.1f} [{100 * fall.interval.low:.1f}, {100 * fall.interval.high:.1f}]"


def _notes(footnotes: Footnotes) -> list[str]:
    notes = [f"- ({mark}) {as_text(subjects)}: {as_text(reason)}" for mark, subjects, reason in footnotes]
    return ["\n".join(notes)] if notes else []
