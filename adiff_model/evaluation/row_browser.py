"""The rows that a report shows one by one: recordings, references, and each system's answers with their scores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from adiff_data.audio.files import AudioFolder
from adiff_data.claims.marks import claim_marks
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_model.evaluation.clips import ClipPreview, preview_clips
from adiff_model.evaluation.listening import tells_difference
from adiff_model.evaluation.scoring import GroupScores, Scores, groups_of
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.text_scores import METRICS, Score
from adiff_model.prediction_file import Prediction
from adiff_model.probes import Probe

_SHOWN_FROM = 0.05  # probability of an event
_HEARD: dict[Probe, str] = {
    "swap": "the two exchanged",
    "same": "audio 1 twice",
    "silence": "silence",
    "noise": "noise",
    "other": "other recordings",
}


@dataclass(frozen=True)
class RowBrowser:
    """What the page's script shows.

    Attributes:
        systems: their names, in the order of each row's answers.
        metrics: those that score single rows.
        clips: the recordings.
        rows: as `_row` makes them; `clip1` and `clip2` are indices of `clips`, or None.
        note: a sentence that says which rows these are.
    """

    systems: Sequence[str]
    metrics: Sequence[str]
    clips: Sequence[ClipPreview]
    rows: Sequence[Mapping[str, Any]]
    note: str

    def as_dict(self) -> dict[str, Any]:
        """The content as plain values, for JSON."""
        return {
            "systems": list(self.systems),
            "metrics": list(self.metrics),
            "clips": [asdict(clip) for clip in self.clips],
            "rows": list(self.rows),
        }


def make_row_browser(
    scores: Scores, audio_root: Path | None, max_rows: int, progress: ProgressCallback | None = None
) -> RowBrowser:
    """At most `max_rows` rows of each group, drawn by seed, with their recordings if there is an `audio_root`."""
    first = next(iter(scores.values()))
    chosen = [(group, row) for group in groups_of(scores) for row in _sample(group, len(first[group].rows), max_rows)]
    total = sum(len(group_scores.rows) for group_scores in first.values())
    paths = [path for group, row in chosen for path in _paths(first[group], row)]
    clips, clip_index = _preview(paths, audio_root, progress)
    metrics = [metric for metric in METRICS if any(isinstance(group.scores[metric], Score) for group in first.values())]
    rows = [_row(scores, group, row, metrics, clip_index) for group, row in chosen]
    which = f"All {total:,} rows." if len(rows) == total else f"{len(rows):,} of {total:,} rows, drawn by seed."
    hint = "" if audio_root else " Where the folder of recordings is named, they can be played here."
    return RowBrowser(list(scores), metrics, clips, rows, which + hint)


def _sample(group: Group, num_rows: int, max_rows: int) -> list[int]:
    return sorted(Seeded("report", *group).sample(list(range(num_rows)), max_rows))


def _paths(group_scores: GroupScores, row: int) -> tuple[str, str]:
    prediction = group_scores.rows[row]
    return prediction.filepath1, prediction.filepath2


def _preview(
    paths: Sequence[str], audio_root: Path | None, progress: ProgressCallback | None
) -> tuple[list[ClipPreview], dict[str, int]]:
    """The previews of the recordings that exist, and the index of each published path among them."""
    if audio_root is None:
        return [], {}
    files, _ = AudioFolder(audio_root).find_all(paths)
    counter = ProgressCounter(progress, "recordings", len(set(files.values())), unit="clips")
    previews = preview_clips(files.values(), counter.advance)
    index = {file: number for number, file in enumerate(previews)}
    return list(previews.values()), {path: index[file] for path, file in files.items()}


def _row(
    scores: Scores, group: Group, row: int, metrics: Sequence[str], clip_index: Mapping[str, int]
) -> dict[str, Any]:
    prediction = next(iter(scores.values()))[group].rows[row]
    return {
        "id": prediction.id,
        "dataset": group[0],
        "tier": group[1],
        "prompt": prediction.prompt,
        "path1": prediction.filepath1,
        "path2": prediction.filepath2,
        "clip1": clip_index.get(prediction.filepath1),
        "clip2": clip_index.get(prediction.filepath2),
        "caption1": prediction.caption1,
        "caption2": prediction.caption2,
        "references": list(prediction.references),
        "answers": [_answer(groups[group], row, metrics) for groups in scores.values()],
    }


def _answer(group_scores: GroupScores, row: int, metrics: Sequence[str]) -> dict[str, Any]:
    prediction, assessment = group_scores.rows[row], group_scores.assessment.rows[row]
    row_scores = {metric: _row_score(group_scores, metric, row) for metric in metrics}
    return {
        "text": prediction.prediction,
        "marks": [astuple(mark) for mark in claim_marks(prediction.prediction, group_scores.claims[row].claims)]
        if group_scores.claims
        else [],
        "scores": {metric: score for metric, score in row_scores.items() if score is not None},
        "right_side": assessment.right_side,
        "contradicted": assessment.contradicted,
        "passed": assessment.passed,
        "reasons": list(assessment.reasons),
        "doubts": list(assessment.doubts),
        "events1": _heard(prediction.events1),
        "events2": _heard(prediction.events2),
        "unheard": list(prediction.unheard),
        "fault": prediction.fault or "",
        "probed": [_probed(probe, answers[row]) for probe, answers in group_scores.probed.items()],
    }


def _probed(probe: Probe, prediction: Prediction) -> dict[str, Any]:
    is_false = probe == "same" and tells_difference(prediction.prediction)
    return {"heard": _HEARD[probe], "text": prediction.prediction, "fault": "a false difference" if is_false else ""}


def _row_score(group_scores: GroupScores, metric: str, row: int) -> float | None:
    score = group_scores.scores[metric]
    if not isinstance(score, Score):
        return None
    if score.sample is None:
        return round(score.row_scores[row], 4)
    return round(score.row_scores[score.sample.index(row)], 4) if row in score.sample else None


def _heard(events: Iterable[tuple[str, float]]) -> list[str]:
    """The likeliest events with their probabilities, without those that were hardly heard."""
    return [f"{name} {probability:.2f}" for name, probability in events if probability >= _SHOWN_FROM]
