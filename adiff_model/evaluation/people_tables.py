"""What people say of systems, and how each metric follows them, as Markdown."""

from adiff_data.core.markdown import as_text, table
from adiff_data.studies.resampling import Estimate
from adiff_data.studies.tables import results_markdown
from adiff_model.evaluation.following_people import People
from adiff_model.evaluation.leaderboard import DASH

_LEGEND = (
    "How each metric follows people: Kendall's tau-b with 95 % intervals (bootstrap over rows and raters), each metric "
    "turned so that more is better. 1 is the order of people, 0 is chance. *Answers* compares two systems' answers to "
    "the same row, *systems* the systems by their means."
)


def people_markdown(people: People) -> str:
    """The study's results, and a line for each question and metric."""
    lines = [
        (as_text(each.question), as_text(each.metric), _tau(each.answers), each.pairs, _tau(each.systems))
        for each in people.following
    ]
    headings = ("question", "metric", "answers", "pairs", "systems")
    return f"{results_markdown(people.results)}\n{_LEGEND}\n\n{table(headings, lines, numbers=headings[2:])}\n"


def _tau(estimate: Estimate | None) -> str:
    return DASH if estimate is None else f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"
