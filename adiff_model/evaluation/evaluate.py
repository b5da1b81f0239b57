"""`evaluate`: scores predictions in every way, and writes tables and a report to look at."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from adiff_data.audio.differences import PairFactsSource
from adiff_data.audio.measuring import measure
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.core.progress import ProgressCallback
from adiff_model.evaluation.baselines import baseline_systems, read_training
from adiff_model.evaluation.browser import make_browser
from adiff_model.evaluation.judge import Judge, Judgements
from adiff_model.evaluation.leaderboard import as_csv, rows_of
from adiff_model.evaluation.leaderboard import as_markdown as leaderboard_as_markdown
from adiff_model.evaluation.plots import draw_plots
from adiff_model.evaluation.report import make_report
from adiff_model.evaluation.scoring import Scores, Scoring
from adiff_model.evaluation.systems import Source, System, read_systems
from adiff_model.evaluation.tables import as_json, as_markdown, as_summary
from adiff_model.evaluation.truthfulness import as_annotation, find_truth

_log = logging.getLogger(__name__)
REPORT, SCORES, SUMMARY, FACTS = "report.html", "scores.md", "summary.md", "facts.jsonl"


def evaluate(
    predictions: str | Path | Sequence[str | Path] | Mapping[str, Source],
    *,
    out: str | Path | None = None,
    audio_root: str | Path | None = None,
    baselines: str | Path | None = None,
    rows: int | None = None,
    spice: bool = True,
    browse: int = 100,
    judge: Judge | None = None,
    progress: ProgressCallback | None = None,
) -> Scores:
    """Scores systems by the field's text metrics, and by whether their answers are true.

    Args:
        predictions: a file as `predict` writes it, several files (`PATH` or `NAME=PATH` each), or files or lists of
            `Prediction` by their system's name. Several systems are compared with the first, row by row.
        out: the folder to fill with tables, plots and a report; None writes nothing.
        audio_root: the folder of the recordings, which are measured, and can be played in the report.
        baselines: a dataset whose training split gives baselines: a built or published folder, or `ORG/NAME`.
        rows: score SPICE on this many rows of each tier, the same for all systems; None for all.
        spice: whether SPICE is scored; its parser takes seconds for each sentence.
        browse: rows of each tier that the report shows one by one.
        judge: a language model that gives points to answers; None for none.
        progress: called with what is done so far, of measuring, scoring and judging.

    Returns:
        by system, then by (dataset, tier): `scores["ours"]["cld", "sentence"].scores["BLEU-4"]` is a `Score` with
        `value` (0 to 1) and a 95 % `interval`, or a `NoScore` with the reason.

    Raises:
        InputError: predictions cannot be evaluated or compared, or a folder or dataset does not exist.
        WorkError: a metric's program failed.
    """
    folder = None if out is None else Path(out)
    recordings = None if audio_root is None else Path(audio_root)
    systems = read_systems(predictions)
    for system in systems:
        if system.empty:
            _log.warning("%s: %d rows have no prediction; they count, and score 0", system.name, system.empty)
    if baselines:
        systems += baseline_systems(systems[0], read_training(str(baselines), list(systems[0].groups)))
    first = [row for group_rows in systems[0].groups.values() for row in group_rows]
    facts = _measure(systems[0], recordings, folder, progress)
    scores = Scoring(rows, spice, facts, find_truth(recordings, first)).score(systems, progress)
    judged = None
    if judge:
        points = {system.name: judge.judge(system, progress) for system in systems}
        judged = Judgements(judge.model.model, points)
    if folder is not None:
        _write(folder, scores, judged, recordings, browse, progress)
    return scores


def _measure(
    system: System, audio_root: Path | None, folder: Path | None, progress: ProgressCallback | None
) -> PairFactsSource | None:
    """What is measured on the recordings, where they are available; kept beside the report."""
    if audio_root is None:
        return None
    if not audio_root.is_dir():
        raise InputError("no such folder of recordings", file=audio_root)
    pairs = [as_annotation(row) for rows in system.groups.values() for row in rows]
    return measure(pairs, audio_root, cache=folder / FACTS if folder else None, progress=progress)


def _write(
    folder: Path,
    scores: Scores,
    judged: Judgements | None,
    audio_root: Path | None,
    browse: int,
    progress: ProgressCallback | None,
) -> None:
    leaderboard = rows_of(scores)
    browser = make_browser(scores, audio_root, browse, progress)
    texts = {
        SUMMARY: as_summary(scores),
        SCORES: as_markdown(scores, judged),
        "scores.json": as_json(scores, judged),
        "leaderboard.md": leaderboard_as_markdown(leaderboard),
        "leaderboard.csv": as_csv(leaderboard),
        REPORT: make_report(scores, leaderboard, draw_plots(scores), browser, judged),
    }
    for name, text in texts.items():
        with replace_file(folder / name, force=True) as output:
            output.text.write(text)
