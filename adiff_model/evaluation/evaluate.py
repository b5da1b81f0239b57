"""`evaluate`: scores predictions, and writes tables and a report."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import NonNegativeInt, PositiveFloat, PositiveInt

from adiff_data.audio.differences import PairFactsSource
from adiff_data.audio.measuring import measure
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.files import replace_file, require_output_folder
from adiff_data.core.progress import ProgressCallback
from adiff_data.core.wording import counted
from adiff_data.engines.engine import Engine
from adiff_data.studies.results import study_results
from adiff_model.as_annotation import as_annotation
from adiff_model.evaluation.baselines import baseline_systems, read_training_answers
from adiff_model.evaluation.difficulty_tables import difficulty_csv, difficulty_markdown
from adiff_model.evaluation.following_people import People, follow_people
from adiff_model.evaluation.ground_truth import read_ground_truth
from adiff_model.evaluation.judge import Judge, Judgements
from adiff_model.evaluation.leaderboard import leaderboard_csv, leaderboard_frame, leaderboard_markdown
from adiff_model.evaluation.people_tables import people_markdown
from adiff_model.evaluation.probe_scores import read_probed_systems, with_probes
from adiff_model.evaluation.report.origins import report_origin
from adiff_model.evaluation.report.page import make_report
from adiff_model.evaluation.report.row_plots import draw_plots
from adiff_model.evaluation.row_browser import RowBrowser, make_row_browser
from adiff_model.evaluation.scores_frame import scores_json
from adiff_model.evaluation.scoring import Scorer, Scores
from adiff_model.evaluation.systems import PredictionSource, System, read_systems
from adiff_model.evaluation.tables import scores_markdown, summary_markdown
from adiff_model.metrics.spice import TIME_LIMIT

_log = logging.getLogger(__name__)
REPORT, SCORES, SUMMARY, FACTS, PEOPLE = "report.html", "scores.md", "summary.md", "facts.jsonl", "people.md"
_WRITTEN = (
    REPORT,
    SUMMARY,
    SCORES,
    "scores.json",
    "leaderboard.md",
    "leaderboard.csv",
    "difficulty.md",
    "difficulty.csv",
    PEOPLE,
)
_REPORT_MARK, _BEGINNING = b"<title>adiff", 4096  # bytes


@checks_arguments
def evaluate(  # noqa: PLR0913 - a public call names each of its options
    predictions: str | Path | Sequence[str | Path] | Mapping[str, PredictionSource],
    *,
    out: str | Path | None = None,
    audio_root: str | Path | None = None,
    baselines: str | Path | None = None,
    rows: PositiveInt | None = None,
    spice: bool = True,
    spice_time_limit: PositiveFloat = TIME_LIMIT,
    fense: bool = True,
    browse: NonNegativeInt = 100,
    judge: Judge | None = None,
    study: str | Path | None = None,
    engine: Engine | None = None,
    progress: ProgressCallback | None = None,
) -> Scores:
    """Scores systems by the field's text metrics, and by whether their answers are true.

    Args:
        predictions: a file that `predict` wrote, several files (`PATH` or `NAME=PATH` each), or files or lists of
            `Prediction` by the name of their system. Several systems are compared with the first, row by row. Files of
            probes beside a file (`predictions.swap.jsonl`, as `predict` writes them) are read too.
        out: the folder for tables, plots and a report; None writes nothing.
        audio_root: the folder of the recordings, which are measured, and can be played in the report.
        baselines: a dataset whose training split provides baselines: a built or published folder, or `ORG/NAME`.
        rows: score SPICE on a sample of this many rows of each tier, the same for all systems; None for all rows.
        spice: whether to score SPICE, whose parser takes seconds for each sentence.
        spice_time_limit: seconds that SPICE's parser has for a row with a very long sentence, which is left out of the
            mean if it takes longer.
        fense: whether to score FENSE, whose models are downloaded on first use.
        browse: how many rows of each tier the report shows one by one.
        judge: a language model that rates answers; None for none.
        study: the folder of a listening study of these predictions: what raters said of them, and how each metric
            follows it, goes into the report.
        engine: where recordings are measured and SPICE is scored; None is this machine.
        progress: called with the progress of measuring, scoring and judging.

    Returns:
        by system, then by (dataset, tier): `scores["ours"]["cld", "sentence"].scores["BLEU-4"]` is a `Score` with
        `value` (0 to 1) and a 95 % confidence `interval`, or a `NoScore` with the reason. `scores_frame` makes a
        table of them.

    Raises:
        InputError: predictions cannot be evaluated or compared, a folder or dataset does not exist, `out` is a file, or
            the study is of other answers, or has none yet.
        WorkError: `out` cannot be written, or the judge failed; all scores are written before. A metric that fails has
            the cause in place of its score.
    """
    folder = None if out is None else Path(out)
    if folder is not None:
        require_output_folder(folder)
        _require_own_files(folder)
    recordings = None if audio_root is None else Path(audio_root)
    systems = read_systems(predictions)
    probed = read_probed_systems(systems)
    for system in systems:
        if system.num_empty:
            empty = counted(system.num_empty, "row has", "rows have")
            _log.warning("%s: %s no prediction; an empty answer scores 0", system.name, empty)
    if baselines:
        systems += baseline_systems(systems[0], read_training_answers(str(baselines), list(systems[0].groups)))
    if judge:
        judge.require_captions(systems)
    if study:
        study_results(study)  # an hour of scoring should not end with a study that is none
    facts = _measure(systems[0], recordings, folder, engine, progress)
    ground_truth = read_ground_truth(recordings, systems[0].rows)
    scorer = Scorer(rows, spice, spice_time_limit, fense, facts=facts, ground_truth=ground_truth, engine=engine)
    scores = with_probes(scorer.score(systems, progress), probed, scorer, progress)
    people = follow_people(scores, study) if study else None
    output = None
    if folder:
        browser = make_row_browser(scores, recordings, browse, progress)
        output = _Output(folder, tuple(systems), scores, browser, people)
        output.write(None)  # before anybody is asked: a judge that fails takes nothing else with it
    if judge:
        judgements = judge.judge(systems, progress)
        if output:
            output.write(judgements)
        _require_judgements(judgements, folder)
    return scores


def _require_own_files(folder: Path) -> None:
    """Makes sure that files of these names are those of an earlier report, which is replaced, and nobody else's."""
    existing = [name for name in _WRITTEN if (folder / name).exists()]
    report = folder / REPORT
    if existing and not (report.is_file() and _REPORT_MARK in report.read_bytes()[:_BEGINNING]):
        mend = "give another folder, or move it away"
        raise InputError(f"{existing[0]} is there, and is not of a report", file=folder, mend=mend)


def _measure(
    system: System,
    audio_root: Path | None,
    folder: Path | None,
    engine: Engine | None,
    progress: ProgressCallback | None,
) -> PairFactsSource | None:
    """The facts of the rows' recordings, if there are recordings; cached beside the report."""
    if audio_root is None:
        return None
    if not audio_root.is_dir():
        raise InputError("no such folder of recordings", file=audio_root)
    pairs = [as_annotation(row) for row in system.rows]
    cache = folder / FACTS if folder else None
    return measure(pairs, audio_root, cache=cache, engine=engine, progress=progress)


@dataclass(frozen=True)
class _Output:
    """What is written to a folder, with a judge's ratings or without them."""

    folder: Path
    systems: tuple[System, ...]
    scores: Scores
    browser: RowBrowser
    people: People | None = None

    def write(self, judgements: Judgements | None) -> None:
        """Writes the tables, the plots and the report, in place of those that are there."""
        leaderboard, plots = leaderboard_frame(self.scores), draw_plots(self.scores)
        origin = report_origin(self.systems)
        texts = {
            REPORT: make_report(self.scores, origin, leaderboard, plots, self.browser, judgements, self.people),
            SUMMARY: summary_markdown(self.scores),
            SCORES: scores_markdown(self.scores, judgements),
            "scores.json": scores_json(self.scores, judgements),
            "difficulty.md": difficulty_markdown(self.scores),
            "difficulty.csv": difficulty_csv(self.scores),
            "leaderboard.md": leaderboard_markdown(leaderboard),
            "leaderboard.csv": leaderboard_csv(leaderboard),
        }
        if self.people:
            texts[PEOPLE] = people_markdown(self.people)
        for name, text in texts.items():
            with replace_file(self.folder / name, force=True) as output:
                output.text.write(text)


def _require_judgements(judgements: Judgements, folder: Path | None) -> None:
    """Ends an evaluation whose judge failed, once all else is done.

    Raises:
        WorkError: it did; it says where the scores are.
    """
    if judgements.error:
        where = f"; all other scores are in {folder}" if folder else ""
        raise WorkError(f"the judge failed: {judgements.error}{where}")
