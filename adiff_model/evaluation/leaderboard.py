"""The published leaderboard, and rows of ours beside it."""

import csv
import io

from adiff_data.publishing.markdown import as_text
from adiff_model.evaluation.scoring import Scored, Scores
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.text_scores import Score

COLUMNS: tuple[tuple[Group, str], ...] = tuple(
    ((dataset, tier), metric)
    for dataset in ("cld", "acd")
    for tier in ("fewwords", "sentence", "detail")
    for metric in ("BLEU-4", "SPICE")
)
_TIER_NUMBER = {"fewwords": 1, "sentence": 2, "detail": 3}
HEADINGS = tuple(f"{group[0].upper()}-{_TIER_NUMBER[group[1]]} {metric}" for group, metric in COLUMNS)
PUBLISHED: dict[str, tuple[float, ...]] = {  # ADIFF, ICLR 2025, greedy decoding, x 100
    "ADIFF (published)": (15.25, 11.85, 24.50, 23.15, 17.08, 16.67, 14.76, 12.68, 23.43, 22.16, 16.91, 17.07)
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(systems: Scores) -> list[tuple[str, ...]]:
    """The published rows, then ours; a score that is not there is a dash, one of a sample says so."""
    published = [(name, *(f"{score:.2f}" for score in scores)) for name, scores in PUBLISHED.items()]
    ours = [
        (name, *(_cell(groups.get(group), metric) for group, metric in COLUMNS)) for name, groups in systems.items()
    ]
    return [*published, *ours]


def as_markdown(rows: list[tuple[str, ...]]) -> str:
    """A table for README files and cards."""
    lines = [("system", *HEADINGS), ("---",) * (len(HEADINGS) + 1), *((as_text(row[0]), *row[1:]) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_csv(rows: list[tuple[str, ...]]) -> str:
    """The same for a spreadsheet, in which a system's name is never a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("system", *HEADINGS))
    writer.writerows((f"'{row[0]}" if row[0].startswith(_FORMULA) else row[0], *row[1:]) for row in rows)
    return file.getvalue()


def _cell(scored: Scored | None, metric: str) -> str:
    score = scored.scores[metric] if scored else None
    if not isinstance(score, Score):
        return "–"
    sampled = f" ({len(score.sampled)} rows)" if score.sampled is not None else ""
    return f"{100 * score.value:.2f}{sampled}"
