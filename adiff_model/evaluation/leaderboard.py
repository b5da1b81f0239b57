"""The published leaderboard, with the evaluated systems below it."""

import pandas as pd

from adiff_data.core.markdown import as_text, table
from adiff_data.tiers import TIERS
from adiff_model.evaluation.scoring import GroupScores, Scores
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.text_scores import Score

SYSTEM = "system"
DASH = "–"  # no score
COLUMNS: tuple[tuple[Group, str], ...] = tuple(
    ((dataset, tier), metric) for dataset in ("cld", "acd") for tier in TIERS for metric in ("BLEU-4", "SPICE")
)
_TIER_NUMBER = {tier: number for number, tier in enumerate(TIERS, start=1)}
HEADINGS = (SYSTEM, *(f"{group[0].upper()}-{_TIER_NUMBER[group[1]]} {metric}" for group, metric in COLUMNS))
PUBLISHED: dict[str, tuple[float, ...]] = {  # ADIFF, ICLR 2025, greedy decoding, x 100
    "ADIFF (published)": (15.25, 11.85, 24.50, 23.15, 17.08, 16.67, 14.76, 12.68, 23.43, 22.16, 16.91, 17.07)
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs cells that begin so


def leaderboard_frame(scores: Scores) -> pd.DataFrame:
    """The published rows, then the evaluated systems, as text. A dash stands for a missing score, and a score of a
    sample says so."""
    published = [(name, *(f"{score:.2f}" for score in row)) for name, row in PUBLISHED.items()]
    evaluated = [
        (name, *(_cell(groups.get(group), metric) for group, metric in COLUMNS)) for name, groups in scores.items()
    ]
    return pd.DataFrame([*published, *evaluated], columns=HEADINGS)


def leaderboard_markdown(leaderboard: pd.DataFrame) -> str:
    """A table for README files and cards."""
    escaped = leaderboard.assign(**{SYSTEM: leaderboard[SYSTEM].map(as_text)})
    return table(HEADINGS, escaped.to_numpy().tolist()) + "\n"


def leaderboard_csv(leaderboard: pd.DataFrame) -> str:
    """A table for spreadsheets, in which the name of a system is never run as a formula."""
    escaped = leaderboard.assign(**{SYSTEM: leaderboard[SYSTEM].map(never_a_formula)})
    return escaped.to_csv(index=False, lineterminator="\n")


def never_a_formula(name: str) -> str:
    """A name as a cell of CSV that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name


def _cell(group_scores: GroupScores | None, metric: str) -> str:
    score = group_scores.scores[metric] if group_scores else None
    if not isinstance(score, Score):
        return DASH
    sample = f" ({len(score.sample)} rows)" if score.sample is not None else ""
    return f"{100 * score.value:.2f}{sample}"
