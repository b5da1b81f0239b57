"""The rows that a report shows one by one: recordings, references, each system's answer and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from adiff_data.audio.files import AudioFolder
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_model.evaluation.clips import ClipView, view_clips
from adiff_model.evaluation.scoring import Scored, Scores
from adiff_model.evaluation.systems import Group
from adiff_model.evaluation.tables import groups_of
from adiff_model.metrics.text_scores import METRICS, Score


@dataclass(frozen=True)
class Browser:
    """What the page's script lays out.

    Attributes:
        systems: their names; answers of a row stand in this order.
        metrics: those that have a score a row.
        rows: as `_row` makes them; `clip1`, `clip2` are places in `clips`, or None.
        note: which rows they are, in words.
    """

    systems: Sequence[str]
    metrics: Sequence[str]
    clips: Sequence[ClipView]
    rows: Sequence[Mapping[str, Any]]
    note: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "systems": list(self.systems),
            "metrics": list(self.metrics),
            "clips": [asdict(clip) for clip in self.clips],
            "rows": list(self.rows),
        }


def make_browser(
    scores: Scores, audio_root: Path | None, most: int, progress: ProgressCallback | None = None
) -> Browser:
    """Rows of every tier, `most` of each at most, drawn by seed; with their recordings where these are here."""
    first = next(iter(scores.values()))
    chosen = [(group, place) for group in groups_of(scores) for place in _places(group, len(first[group].rows), most)]
    total = sum(len(own.rows) for own in first.values())
    paths = [path for group, place in chosen for path in _paths(first[group], place)]
    clips, number_of = _find_clips(paths, audio_root, progress)
    kinds = [metric for metric in METRICS if any(isinstance(own.scores[metric], Score) for own in first.values())]
    rows = [_row(scores, group, place, kinds, number_of) for group, place in chosen]
    sound = "" if audio_root else " --audio-root would let them be heard."
    which = "All rows." if len(rows) == total else f"{len(rows):,} of {total:,} rows, drawn by seed."
    return Browser(list(scores), kinds, clips, rows, which + sound)


def _places(group: Group, rows: int, most: int) -> list[int]:
    return sorted(Seeded("report", *group).sample(list(range(rows)), most))


def _paths(scored: Scored, place: int) -> tuple[str, str]:
    return scored.rows[place].filepath1, scored.rows[place].filepath2


def _find_clips(
    paths: Sequence[str], audio_root: Path | None, progress: ProgressCallback | None
) -> tuple[list[ClipView], dict[str, int]]:
    if audio_root is None:
        return [], {}
    folder = AudioFolder(audio_root)
    places = {path: found for path in dict.fromkeys(paths) if (found := folder.find(path))}
    counter = ProgressCounter(progress, "recordings", len(set(places.values())), unit="clips")
    views = view_clips(places.values(), counter.advance)
    numbers = {path: number for number, path in enumerate(views)}
    return list(views.values()), {path: numbers[found] for path, found in places.items()}


def _row(
    scores: Scores, group: Group, place: int, metrics: Sequence[str], number_of: Mapping[str, int]
) -> dict[str, Any]:
    own = next(iter(scores.values()))[group].rows[place]
    return {
        "id": own.id,
        "dataset": group[0],
        "tier": group[1],
        "prompt": own.prompt,
        "path1": own.filepath1,
        "path2": own.filepath2,
        "clip1": number_of.get(own.filepath1),
        "clip2": number_of.get(own.filepath2),
        "caption1": own.caption1,
        "caption2": own.caption2,
        "references": list(own.references),
        "answers": [_answer(system[group], place, metrics) for system in scores.values()],
    }


def _answer(scored: Scored, place: int, metrics: Sequence[str]) -> dict[str, Any]:
    row, findings = scored.rows[place], scored.findings.rows[place]
    return {
        "text": row.prediction,
        "scores": {metric: value for metric in metrics if (value := _score_of(scored, metric, place)) is not None},
        "right_side": findings.right_side,
        "contradicted": findings.contradicted,
        "passed": findings.passed,
        "reasons": list(findings.reasons),
        "events1": [f"{name} {probability:.2f}" for name, probability in row.events1],
        "events2": [f"{name} {probability:.2f}" for name, probability in row.events2],
        "unheard": list(row.unheard),
        "fault": row.fault or "",
    }


def _score_of(scored: Scored, metric: str, place: int) -> float | None:
    score = scored.scores[metric]
    if not isinstance(score, Score):
        return None
    if score.sampled is None:
        return round(score.rows[place], 4)
    return round(score.rows[score.sampled.index(place)], 4) if place in score.sampled else None
