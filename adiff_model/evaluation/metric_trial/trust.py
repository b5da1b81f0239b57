"""`trust_metrics`: breaks right answers to a dataset's rows in known ways, and shows which metric notices."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import datasets
from pydantic import PositiveInt

from adiff_data.audio.differences import PairFactsSource
from adiff_data.audio.measuring import measure
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file, require_output_folder
from adiff_data.core.progress import ProgressCallback
from adiff_data.dataset.loading import load_split
from adiff_data.tiers import TIERS
from adiff_model.as_annotation import as_annotation
from adiff_model.dataset_tasks import config_of, read_tasks
from adiff_model.evaluation.ground_truth import read_ground_truth
from adiff_model.evaluation.metric_trial.answers import known_comparisons, other_words, right_answer, tells_both
from adiff_model.evaluation.metric_trial.damages import TrialRow
from adiff_model.evaluation.metric_trial.picture import trust_picture
from adiff_model.evaluation.metric_trial.tables import answers_jsonl, trust_frame, trust_json, trust_markdown
from adiff_model.evaluation.metric_trial.trial import RowScores, TierTrial, try_metrics
from adiff_model.evaluation.scoring import Scorer
from adiff_model.prediction_file import Prediction, Task

TABLE, PICTURE, FACTS = "trust.md", "trust.svg", "facts.jsonl"


@checks_arguments
def trust_metrics(  # noqa: PLR0913 - a public call names each of its options
    dataset: str | Path | datasets.Dataset,
    split: str | None = None,
    *,
    config: str | None = None,
    tiers: Sequence[str] | None = None,
    limit: PositiveInt | None = None,
    audio_root: str | Path | None = None,
    metrics: Mapping[str, RowScores] | None = None,
    spice: bool = True,
    fense: bool = True,
    out: str | Path | None = None,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[TierTrial]:
    """Breaks right answers in known ways, and measures how far each metric falls.

    A right answer says what the row's captions and the comparisons known of the pair say, in words of its own. It is
    broken claim by claim, all other words staying as they are, and scored against the row's references as `evaluate`
    scores predictions.

        def brevity(rows):
            return [1 / len(row.prediction.split()) for row in rows]

        trials = trust_metrics("data/DEMO", "evaluation", metrics={"brevity": brevity})
        trust_frame(trials).query("metric == 'brevity'")

    Args:
        dataset: a built or published folder, `ORG/NAME`, or a split that `load_split` returned.
        split: such as `evaluation`; of a split in memory none.
        config: such as `cld`; of a built folder its only one.
        tiers: which are tried, each for itself; None for all that the split has.
        limit: try only so many rows of each tier, the first ones.
        audio_root: the folder of the recordings, which are measured: what they show decides comparisons. Of a demo
            corpus it decides events as well.
        metrics: metrics of your own by name. Each takes predictions, and gives each row a score that is better where it
            is higher; it may raise `MetricUnavailable`, whose message then stands in its place.
        spice, fense: as in `evaluate`.
        out: the folder for tables and a picture; None writes nothing.
        force: overwrite files of other results.
        progress: called with the progress of measuring and scoring.

    Returns:
        a trial of each tier: its rows, their broken answers, and by metric how far it falls. `trust_frame` makes a
        table of them.

    Raises:
        InputError: the dataset has no such split, no row of a tier tells an event of both audios, or a metric of your
            own does not give each row a finite score.
        WorkError: `out` cannot be written, or the Hub cannot be reached.
    """
    folder = None if out is None else Path(out)
    if folder is not None:
        require_output_folder(folder)
    tasks = _read(dataset, split, config)
    tiers = _tiers_of(tasks, tiers)
    predictions = [Prediction(**task.model_dump(), prediction="") for task in tasks]
    recordings = None if audio_root is None else Path(audio_root)
    facts = _measure(predictions, recordings, folder, progress)
    ground_truth = read_ground_truth(recordings, predictions)
    scorer = Scorer(spice=spice, fense=fense, facts=facts, ground_truth=ground_truth)
    rows_of_tiers = list(_rows_by_tier(tasks, tiers, facts, limit))
    trials = [try_metrics(rows, scorer, metrics or {}, progress) for rows in rows_of_tiers]
    if folder is not None:
        _write(trials, folder, force=force)
    return trials


def _read(dataset: str | Path | datasets.Dataset, split: str | None, config: str | None) -> list[Task]:
    """The rows of all tiers: what one says of a pair is known of it in the others."""
    if isinstance(dataset, datasets.Dataset):
        return list(read_tasks(dataset))
    if split is None:
        raise InputError("which split?", file=str(dataset), mend="name one, such as evaluation")
    return list(read_tasks(load_split(dataset, config_of(dataset, config), split)))


def _tiers_of(tasks: Sequence[Task], tiers: Sequence[str] | None) -> list[str]:
    for tier in tiers or ():
        if tier not in TIERS:
            raise InputError(f"no tier of differences is called '{tier}'", mend=f"one of {', '.join(TIERS)}")
    return list(tiers) if tiers else [tier for tier in TIERS if any(task.tier == tier for task in tasks)]


def _measure(
    rows: Sequence[Prediction], audio_root: Path | None, folder: Path | None, progress: ProgressCallback | None
) -> PairFactsSource | None:
    if audio_root is None:
        return None
    if not audio_root.is_dir():
        raise InputError("no such folder of recordings", file=audio_root)
    pairs = [as_annotation(row) for row in rows]
    return measure(pairs, audio_root, cache=folder / FACTS if folder else None, progress=progress)


def _rows_by_tier(
    tasks: Sequence[Task], tiers: Sequence[str], facts: PairFactsSource | None, limit: int | None
) -> Iterator[list[TrialRow]]:
    """The rows whose captions tell an event of each audio, with their right answers."""
    answers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for task in tasks:
        answers[task.filepath1, task.filepath2] += task.references
    captions: dict[str, dict[str, None]] = defaultdict(dict)
    for task in tasks:
        captions[task.filepath1][task.caption1] = captions[task.filepath2][task.caption2] = None
    for tier in tiers:
        rows = []
        for task in tasks:
            if task.tier == tier and tells_both(task):
                measured = facts.of(as_annotation(Prediction(**task.model_dump(), prediction=""))) if facts else None
                known = known_comparisons([*task.references, *answers[task.filepath1, task.filepath2]], measured)
                rows.append(TrialRow(task, right_answer(task, known), other_words(task, captions)))
        if not rows:
            raise InputError(f"no row of {tier} has captions that tell an event of each audio")
        yield rows[:limit]


def _write(trials: Sequence[TierTrial], folder: Path, *, force: bool) -> None:
    texts = {
        TABLE: trust_markdown(trials),
        "trust.csv": trust_frame(trials).to_csv(index=False),
        "trust.json": trust_json(trials),
        PICTURE: trust_picture(trials),
        "answers.jsonl": answers_jsonl(trials),
    }
    for name, text in texts.items():
        with replace_file(folder / name, force=force) as output:
            output.text.write(text)
