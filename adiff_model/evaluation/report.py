"""The report: one HTML file that opens from disk and requests nothing from any server.

All foreign text (captions, predictions, names) reaches the page as escaped HTML in the tables, or as JSON that the
page's script inserts as text; a content security policy allows only what the file itself contains to run or load.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template

import pandas as pd

from adiff_model.evaluation.judge import QUESTIONS, Judgements
from adiff_model.evaluation.leaderboard import HEADINGS
from adiff_model.evaluation.plots import Plot
from adiff_model.evaluation.row_browser import RowBrowser
from adiff_model.evaluation.scoring import TRUTH_METRICS, Scores, groups_of
from adiff_model.evaluation.systems import Group
from adiff_model.evaluation.tables import LEGEND, rating_text, score_text
from adiff_model.metrics.text_scores import METRICS

_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def make_report(
    scores: Scores,
    leaderboard: pd.DataFrame,
    plots: Sequence[Plot],
    browser: RowBrowser,
    judgements: Judgements | None = None,
) -> str:
    """The whole page."""
    style, script = _page_part("page.css"), _page_part("page.js")
    return Template(_page_part("page.html")).substitute(
        policy=_content_security_policy(style, script),
        style=style,
        script=script,
        systems=html.escape(", ".join(scores)),
        tables="\n".join(_group_tables(group, scores, judgements) for group in groups_of(scores)),
        legend=html.escape(LEGEND.replace("*", "").replace("`", "")),
        leaderboard=_table(HEADINGS, leaderboard.to_numpy().tolist()),
        plots="\n".join(_figure(*plot) for plot in plots),
        note=html.escape(browser.note),
        rows=_as_json(browser.as_dict()),
    )


def _group_tables(group: Group, scores: Scores, judgements: Judgements | None) -> str:
    first = next(iter(scores.values()))[group].scores
    parts = [f"<h3>{html.escape(' '.join(group))}</h3>"]
    for metrics in (METRICS, TRUTH_METRICS):
        rows = [
            (system, *(score_text(groups[group].scores[metric], first[metric]) for metric in metrics))
            for system, groups in scores.items()
        ]
        parts.append(_table(("system", *metrics), rows))
    if judgements:
        rows = [
            (system, *(rating_text(judgements.of(system, group)[question]) for question in QUESTIONS))
            for system in scores
        ]
        parts.append(_table((f"judged by {judgements.judge}, 1 to 5", *QUESTIONS), rows))
    notes = [f"{system}: {'; '.join(groups[group].assessment.notes)}" for system, groups in scores.items()]
    return "\n".join([*parts, *(f"<p>{html.escape(note)}</p>" for note in notes)])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"<tr>{''.join(f'<th>{html.escape(name)}</th>' for name in header)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _figure(caption: str, picture: str) -> str:
    text = html.escape(caption)
    return f'<figure><img src="{picture}" alt="{text}"><figcaption>{text}</figcaption></figure>'


def _as_json(content: Mapping[str, object]) -> str:
    """JSON that cannot end the element that contains it."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)


def _content_security_policy(style: str, script: str) -> str:
    """Only this style and this script, and pictures and sounds in data URIs."""
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)
    )
    return (
        f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; "
        "img-src data:; media-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _page_part(name: str) -> str:
    return (files(__package__) / "page" / name).read_text(encoding="utf-8").strip()
