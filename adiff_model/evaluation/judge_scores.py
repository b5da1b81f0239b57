"""What a judge said of systems, as scores."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adiff_data.annotation.options import ModelOptions, RunOptions
from adiff_data.core.progress import ProgressCallback, ProgressCounter
from adiff_data.core.seeded import Seeded
from adiff_model.evaluation.judge import ORDERS, QUESTIONS, Points, ask, prompt_hash
from adiff_model.evaluation.systems import Group, System
from adiff_model.metrics.text_scores import Found, NoScore, score_of_mean


@dataclass(frozen=True)
class Judgements:
    """Mean points, 1 to 5, by system, group and question; `judge` is the model's name."""

    judge: str
    points: Mapping[str, Mapping[Group, Found]]

    def of(self, system: str, group: Group) -> Found:
        """A system's points in a group, by question."""
        missing = NoScore("not judged")
        return self.points.get(system, {}).get(group) or dict.fromkeys(QUESTIONS, missing)


@dataclass(frozen=True)
class Judge:
    """Who judges, and how much of it.

    Attributes:
        folder: keeps what was answered, so that nothing is asked twice.
        rows: of each tier, the same for all systems.
    """

    model: ModelOptions
    options: RunOptions
    key: str
    folder: Path
    rows: int

    def judge(self, system: System, progress: ProgressCallback | None = None) -> Mapping[Group, Found]:
        """Judges a system."""
        who = f"{self.model.model}\n{prompt_hash()}\n{system.name}"
        journal = self.folder / f"judge-{hashlib.sha256(who.encode()).hexdigest()[:12]}.jsonl"
        found = {}
        for group, rows in system.groups.items():
            places = sorted(Seeded("judge", *group, len(rows)).sample(list(range(len(rows))), self.rows))
            chosen = [rows[place] for place in places if rows[place].prediction.strip()]
            title = f"judge {system.name}, {' '.join(group)}"
            counter = ProgressCounter(progress, title, len(ORDERS) * len(chosen), unit="answers")
            points = ask(chosen, journal, self.model, self.options, key=self.key, advance=counter.advance)
            found[group] = _scores([own for own, _ in points.values()], len(chosen))
        return found


def _scores(points: list[Points], asked: int) -> Found:
    if not points:
        return dict.fromkeys(QUESTIONS, NoScore(f"of {asked} rows the judge gave none points that can be read"))
    return {question: score_of_mean([own[question] for own in points]) for question in QUESTIONS}
