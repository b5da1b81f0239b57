"""`adiff evaluate`: predictions against their references and recordings, in tables and in a report to look at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from adiff_data.audio.differences import PairFactsSource
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.llm import ModelOptions, RunOptions, checked, read_key
from adiff_model.evaluation.baselines import baseline_systems, read_training
from adiff_model.evaluation.browser import make_browser
from adiff_model.evaluation.judge import Judge, Judgements
from adiff_model.evaluation.leaderboard import as_csv, rows_of
from adiff_model.evaluation.leaderboard import as_markdown as leaderboard_as_markdown
from adiff_model.evaluation.plots import draw_plots
from adiff_model.evaluation.report import make_report
from adiff_model.evaluation.scoring import Scores, Scoring
from adiff_model.evaluation.systems import Group, System, read_systems
from adiff_model.evaluation.tables import as_json, as_markdown, as_summary
from adiff_model.evaluation.truthfulness import as_annotation, find_truth
from adiff_model.metrics.text_scores import Found
from pipelines.annotation import FACTS_FILE, measured
from pipelines.console import progress_bars, say, warn

REPORT, SCORES = "report.html", "scores.md"


def evaluate(
    predictions: Annotated[
        list[str], typer.Argument(help="predictions.jsonl, or NAME=predictions.jsonl; several are compared.")
    ],
    out: Annotated[Path, typer.Option(help="The folder to fill.")] = Path("report"),
    audio_root: Annotated[
        Path | None, typer.Option(help="The recordings: to be heard in the report, and measured.")
    ] = None,
    baselines: Annotated[
        str | None, typer.Option(help="A dataset whose training split gives baselines: data/CLD, or ORG/NAME.")
    ] = None,
    rows: Annotated[
        int | None, typer.Option(min=1, help="Score SPICE on so many rows of each tier, the same for all.")
    ] = None,
    spice: Annotated[
        bool, typer.Option(help="SPICE parses sentences for seconds each; --no-spice leaves it out.")
    ] = True,
    browse: Annotated[int, typer.Option(min=0, help="Rows of each tier that the report lets one look at.")] = 100,
    judge: Annotated[str | None, typer.Option(help="A language model that judges, as its server knows it.")] = None,
    judge_url: Annotated[str | None, typer.Option(help="Its OpenAI-compatible server; default OpenAI's own.")] = None,
    judge_rows: Annotated[int, typer.Option(min=1, help="Rows of each tier that it judges, in both orders.")] = 50,
    api_key_file: Annotated[Path | None, typer.Option(help="Of the judge. Default: OPENAI_API_KEY.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Requests to the judge in flight at most.")] = 16,
) -> None:
    """Score predictions by the field's metrics, and by whether they are true; with a report to look at.

    Example: adiff evaluate predictions.jsonl --out report --audio-root recordings
    """
    asked = None
    if judge:
        model = checked(ModelOptions, model=judge, base_url=judge_url, temperature=0.0)
        options = checked(RunOptions, concurrency=concurrency)
        asked = Judge(model, options, read_key(api_key_file, judge_url), out / "judge", judge_rows)
    scores = evaluate_files(
        predictions, out, audio_root=audio_root, baselines=baselines, rows=rows, spice=spice, browse=browse, judge=asked
    )
    say(f"{as_summary(scores)}\n{out / SCORES}: with intervals; {out / REPORT}: for a browser")


def evaluate_files(
    predictions: list[str],
    out: Path,
    *,
    audio_root: Path | None = None,
    baselines: str | None = None,
    rows: int | None = None,
    spice: bool = True,
    browse: int = 100,
    judge: Judge | None = None,
) -> Scores:
    """As the command: fills `out` with tables, leaderboard and report."""
    systems = read_systems(predictions)
    for system in systems:
        if system.empty:
            warn(f"warning: {system.name}: {system.empty:,} rows have no prediction; they count, and score nothing")
    if baselines:
        systems += baseline_systems(systems[0], read_training(baselines, list(systems[0].groups)))
    first = [row for own in systems[0].groups.values() for row in own]
    scoring = Scoring(rows, spice, _facts(systems[0], audio_root, out), find_truth(audio_root, first))
    scores = scoring.score(systems)
    judged = Judgements(judge.model.model, {own.name: _judge(judge, own) for own in systems}) if judge else None
    leaderboard = rows_of(scores)
    files = {
        "summary.md": as_summary(scores),
        SCORES: as_markdown(scores, judged),
        "scores.json": as_json(scores, judged),
        "leaderboard.md": leaderboard_as_markdown(leaderboard),
        "leaderboard.csv": as_csv(leaderboard),
        REPORT: make_report(scores, leaderboard, draw_plots(scores), make_browser(scores, audio_root, browse), judged),
    }
    for name, text in files.items():
        with replace_file(out / name, force=True) as output:
            output.text.write(text)
    return scores


def _judge(judge: Judge, system: System) -> Mapping[Group, Found]:
    """What the judge says of one system, under progress bars of its own."""
    with progress_bars() as progress:
        return judge.judge(system, progress)


def _facts(system: System, audio_root: Path | None, out: Path) -> PairFactsSource | None:
    """What is measured on the recordings, where they are here; kept beside the report."""
    if audio_root is None:
        return None
    if not audio_root.is_dir():
        raise InputError("no such folder of recordings", file=audio_root)
    pairs = [as_annotation(row) for rows in system.groups.values() for row in rows]
    return measured(pairs, audio_root, out / FACTS_FILE)
