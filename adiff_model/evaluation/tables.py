"""Scores as Markdown tables."""

from collections.abc import Callable, Iterable, Sequence

from adiff_data.core.markdown import as_text, table
from adiff_model.evaluation.claim_scores import CLAIMS_TRUE, EVENTS_TOLD
from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.judge import QUESTIONS, Judgements
from adiff_model.evaluation.leaderboard import DASH
from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.probe_scores import KEPT_METRICS, MIRROR_METRICS, kept_metric, was_probed
from adiff_model.evaluation.scoring import CONTENT_METRICS, TRUTH_METRICS, Scores, groups_of
from adiff_model.evaluation.standings import Standing, rank
from adiff_model.evaluation.systems import Group
from adiff_model.metrics.bootstrap import paired_bootstrap_p_value
from adiff_model.metrics.text_scores import METRICS, NoScore, Score

SUMMARY_METRICS = ("BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D", "SPICE", *TRUTH_METRICS, CLAIMS_TRUE, EVENTS_TOLD)
_SUMMARY_KEPT = tuple(kept_metric("METEOR", probe) for probe in ("silence", "other"))
LEGEND = (
    "All x 100, with 95 % confidence intervals (bootstrap over the rows); p: of the difference from the first system "
    "(paired bootstrap); ↑ higher is better, ↓ lower is better, and the best of a column is bold. *Right side*: events "
    "of both audios are named, and none on a side where it does not sound. *Contradicted*: a comparison contradicts "
    "the measurement, of the answers with a measured comparison. *Checks passed*: as `adiff check` judges data. "
    "*Claims true*: of those that could be decided; *events told*: on their side, of all that are known to sound. "
    "*Mirrored*: claims that change sides when the two files are exchanged. *False differences*: answers to the same "
    "file twice that tell one. *Kept*: the share of a score that is left without the audio."
)


def scores_markdown(scores: Scores, judgements: Judgements | None = None) -> str:
    """For each dataset and tier tables of the text metrics, the truth metrics and the claims, with a line for each
    system: confidence intervals and p-values. Why scores are missing stands once, below all tables."""
    parts, footnotes = [], Footnotes()
    for group in groups_of(scores):
        parts.append(f"## {', '.join(group)}")
        kinds = (
            METRICS,
            TRUTH_METRICS,
            CONTENT_METRICS,
            *((MIRROR_METRICS, KEPT_METRICS) if was_probed(scores) else ()),
        )
        parts += [_scores_table(group, scores, metrics, footnotes) for metrics in kinds]
        parts.append(_notes(group, scores))
        if judgements:
            parts.append(_ratings_table(group, scores, judgements, footnotes))
    return "\n\n".join([*parts, *_footnote_list(footnotes), LEGEND]) + "\n"


def summary_markdown(scores: Scores) -> str:
    """One narrow table for a terminal: a line for each tier and system, without intervals."""
    footnotes = Footnotes()
    metrics = (*SUMMARY_METRICS, *((*MIRROR_METRICS, *_SUMMARY_KEPT) if was_probed(scores) else ()))
    lines = []
    for group in groups_of(scores):
        columns = [_column(group, scores, metric, footnotes, _short) for metric in metrics]
        cells = zip(*columns, strict=True)
        lines += [(" ".join(group), as_text(system), *line) for system, line in zip(scores, cells, strict=True)]
    return (
        "\n\n".join([_with_numbers(("tier", "system"), _headings(metrics), lines), *_footnote_list(footnotes)]) + "\n"
    )


def _scores_table(group: Group, scores: Scores, metrics: Sequence[str], footnotes: Footnotes) -> str:
    columns = [
        _column(group, scores, metric, footnotes, _against(next(iter(scores.values()))[group].scores[metric]))
        for metric in metrics
    ]
    lines = [(as_text(system), *line) for system, line in zip(scores, zip(*columns, strict=True), strict=True)]
    return _with_numbers(("system",), _headings(metrics), lines)


def _ratings_table(group: Group, scores: Scores, judgements: Judgements, footnotes: Footnotes) -> str:
    lines = []
    for system in scores:
        ratings = judgements.of(system, group)
        lines.append((as_text(system), *(_rating(question, ratings[question], footnotes) for question in QUESTIONS)))
    return _with_numbers((f"judged by {as_text(judgements.judge)}, 1 to 5",), _headings(QUESTIONS), lines)


def _column(
    group: Group, scores: Scores, metric: str, footnotes: Footnotes, text_of: Callable[[Score], str]
) -> list[str]:
    """A metric's cell for each system: the best is bold, and a missing score a dash with its footnote."""
    return [_cell(metric, standing, footnotes, text_of) for standing in rank(scores, group, metric)]


def _cell(metric: str, standing: Standing, footnotes: Footnotes, text_of: Callable[[Score], str]) -> str:
    if isinstance(standing.score, NoScore):
        return f"{DASH} ({footnotes.mark(standing.score.reason, metric)})"
    value, *rest = text_of(standing.score).split(" ", 1)
    return " ".join([f"**{value}**" if standing.place == "best" else value, *rest])


def _short(score: Score) -> str:
    return f"{100 * score.value:.1f}"


def _against(first: Score | NoScore) -> Callable[[Score], str]:
    """Texts of scores with their confidence intervals and their p-values against the first system's."""

    def text_of(score: Score) -> str:
        text = f"{100 * score.value:.2f} [{100 * score.interval.low:.2f}, {100 * score.interval.high:.2f}]"
        if score.sample is not None:
            text += f" of {len(score.row_scores):,} rows"
        if isinstance(first, Score) and score is not first:
            text += f" p={paired_bootstrap_p_value(first.distribution, score.distribution):.3f}"
        return text

    return text_of


def _rating(question: str, rating: Score | NoScore, footnotes: Footnotes) -> str:
    """A judge's mean rating with its confidence interval."""
    if isinstance(rating, NoScore):
        return f"{DASH} ({footnotes.mark(rating.reason, question)})"
    interval = rating.interval
    return f"{rating.value:.2f} [{interval.low:.2f}, {interval.high:.2f}] of {len(rating.row_scores):,} rows"


def _headings(metrics: Sequence[str]) -> list[str]:
    return [f"{metric} {describe_metric(metric).arrow}" for metric in metrics]


def _footnote_list(footnotes: Footnotes) -> list[str]:
    """The footnotes as one block of Markdown, their reasons escaped: they may contain foreign text."""
    lines = [f"- ({mark}) {subjects}: {as_text(reason)}" for mark, subjects, reason in footnotes]
    return ["\n".join(lines)] if lines else []


def _with_numbers(labels: Sequence[str], numbers: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    return table((*labels, *numbers), list(lines), numbers=numbers)


def _notes(group: Group, scores: Scores) -> str:
    return "\n".join(
        f"- {as_text(system)}: {as_text('; '.join(groups[group].assessment.notes))}"
        for system, groups in scores.items()
    )
