"""`adiff evaluate`: predictions against their references, by the metrics that the field prints."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from adiff_data.output import replace_file
from adiff_data.publishing.markdown import as_text
from adiff_data.seeded import Seeded
from adiff_model.metrics.confidence import difference_p
from adiff_model.metrics.spice import Spice
from adiff_model.metrics.spice_parts import metrics_folder
from adiff_model.metrics.text_scores import METRICS, Found, NoScore, Score, text_scores
from pipelines.console import Bar, say, warn
from pipelines.leaderboard import as_csv, as_markdown, rows_of
from pipelines.systems import Group, System, read_systems

FENSE_MISSING = NoScore("its models are not on this machine")
Scores = Mapping[str, Mapping[Group, Found]]  # by system


def evaluate(
    predictions: Annotated[
        list[str], typer.Argument(help="predictions.jsonl, or NAME=predictions.jsonl; several are compared.")
    ],
    out: Annotated[Path, typer.Option(help="The folder to fill.")] = Path("report"),
    rows: Annotated[
        int | None, typer.Option(min=1, help="Score SPICE on so many rows of each tier, the same for all.")
    ] = None,
    spice: Annotated[
        bool, typer.Option(help="SPICE parses sentences for seconds each; --no-spice leaves it out.")
    ] = True,
) -> None:
    """Score predictions: BLEU, METEOR, ROUGE-L, CIDEr-D, SPICE, SPIDEr and FENSE, with 95 % intervals.

    Example: adiff evaluate predictions.jsonl --out report
    """
    systems = read_systems(predictions)
    for system in systems:
        if system.empty:
            warn(f"warning: {system.name}: {system.empty:,} rows have no prediction; they count, and score nothing")
    scores = {system.name: _score(system, rows, with_spice=spice) for system in systems}
    tables = _as_markdown(scores)
    files = {
        "scores.md": tables,
        "scores.json": json.dumps(_as_json(scores), indent=2) + "\n",
        "leaderboard.md": as_markdown(rows_of(scores)),
        "leaderboard.csv": as_csv(rows_of(scores)),
    }
    for name, text in files.items():
        with replace_file(out / name, force=True) as output:
            output.text.write(text)
    say(f"{tables}\n{', '.join(str(out / name) for name in files)}")


def _score(system: System, sampled: int | None, *, with_spice: bool) -> dict[Group, Found]:
    found = {}
    for group, rows in system.groups.items():
        sample = _sample(group, len(rows), sampled)
        scored = len(rows) if sample is None else len(sample)
        with Bar(f"SPICE {' '.join(group)}", scored, unit="rows") as bar:
            folder = metrics_folder()
            metric = Spice(folder, folder / "spice", bar.advance) if with_spice else NoScore("left out: --no-spice")
            found[group] = text_scores(
                [row.prediction for row in rows],
                [row.references for row in rows],
                spice=metric,
                fense=FENSE_MISSING,
                sample=sample,
            )
    return found


def _sample(group: Group, rows: int, wanted: int | None) -> list[int] | None:
    """Places that follow from the group and the number of rows alone: the same for all systems."""
    if wanted is None or wanted >= rows:
        return None
    return sorted(Seeded("evaluate", *group, rows).sample(list(range(rows)), wanted))


def _as_markdown(scores: Scores) -> str:
    """A table a dataset and tier: a line a system, and how it differs from the first."""
    groups = dict.fromkeys(group for own in scores.values() for group in own)
    legend = "x 100, with 95 % intervals (bootstrap over the rows); p: against the first system, on the same rows."
    return "\n\n".join([*(_table(group, scores) for group in groups), legend]) + "\n"


def _table(group: Group, scores: Scores) -> str:
    first = next(iter(scores.values()))[group]
    lines = [f"## {group[0]}, {group[1]}", "", f"| system | {' | '.join(METRICS)} |", f"|---{'|---:' * len(METRICS)}|"]
    for name, own in scores.items():
        cells = (_cell(own[group][metric], first[metric]) for metric in METRICS)
        lines.append(f"| {as_text(name)} | {' | '.join(cells)} |")
    notes = [f"{name}: {as_text(found.reason)}." for name, found in first.items() if isinstance(found, NoScore)]
    return "\n".join([*lines, "", *notes])


def _cell(score: Score | NoScore, first: Score | NoScore) -> str:
    if isinstance(score, NoScore):
        return "–"
    text = f"{100 * score.value:.2f} [{100 * score.interval.low:.2f}, {100 * score.interval.high:.2f}]"
    if score.sampled is not None:
        text += f" of {len(score.sampled)} rows"
    if isinstance(first, Score) and score is not first:
        text += f" p={difference_p(first.draws, score.draws):.3f}"
    return text


def _as_json(scores: Scores) -> list[dict[str, Any]]:
    return [
        {"system": name, "dataset": group[0], "tier": group[1], "metric": metric, **_values(score)}
        for name, groups in scores.items()
        for group, found in groups.items()
        for metric, score in found.items()
    ]


def _values(score: Score | NoScore) -> dict[str, Any]:
    if isinstance(score, NoScore):
        return {"missing": score.reason}
    rows: Sequence[int] | None = score.sampled
    return {
        "score": score.value,
        "low": score.interval.low,
        "high": score.interval.high,
        "rows": len(score.rows),
        "sampled": rows is not None,
    }
