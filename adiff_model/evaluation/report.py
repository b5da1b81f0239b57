"""The report: one HTML file that opens from disk and asks no server for anything.

All foreign text (captions, predictions, names) reaches the page as escaped HTML in the tables, or as JSON that the
page's script puts in as text; a content security policy lets nothing run or load but what the file itself holds.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template

from adiff_model.evaluation.browser import Browser
from adiff_model.evaluation.judge import QUESTIONS, Judgements
from adiff_model.evaluation.leaderboard import HEADINGS
from adiff_model.evaluation.plots import Plot
from adiff_model.evaluation.scoring import MEASURES, Scores
from adiff_model.evaluation.systems import Group
from adiff_model.evaluation.tables import LEGEND, cell, groups_of, points
from adiff_model.metrics.text_scores import METRICS

_SAFE = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def make_report(
    scores: Scores,
    leaderboard: Sequence[Sequence[str]],
    plots: Sequence[Plot],
    browser: Browser,
    judged: Judgements | None = None,
) -> str:
    """The whole page."""
    style, script = _part("page.css"), _part("page.js")
    return Template(_part("page.html")).substitute(
        policy=_policy(style, script),
        style=style,
        script=script,
        systems=html.escape(", ".join(scores)),
        tables="\n".join(_group(group, scores, judged) for group in groups_of(scores)),
        legend=html.escape(LEGEND.replace("*", "").replace("`", "")),
        leaderboard=_table(("system", *HEADINGS), leaderboard),
        plots="\n".join(_figure(*plot) for plot in plots),
        note=html.escape(browser.note),
        rows=_as_data(browser.as_dict()),
    )


def _group(group: Group, scores: Scores, judged: Judgements | None) -> str:
    first = next(iter(scores.values()))[group].scores
    parts = [f"<h3>{html.escape(' '.join(group))}</h3>"]
    for metrics in (METRICS, MEASURES):
        rows = [
            (name, *(cell(own[group].scores[name_], first[name_]) for name_ in metrics)) for name, own in scores.items()
        ]
        parts.append(_table(("system", *metrics), rows))
    if judged:
        rows = [(name, *(points(judged.of(name, group)[question]) for question in QUESTIONS)) for name in scores]
        parts.append(_table((f"judged by {judged.judge}, 1 to 5", *QUESTIONS), rows))
    notes = [f"{name}: {'; '.join(own[group].findings.notes)}" for name, own in scores.items()]
    return "\n".join([*parts, *(f"<p>{html.escape(note)}</p>" for note in notes)])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"<tr>{''.join(f'<th>{html.escape(name)}</th>' for name in header)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{html.escape(own)}</td>' for own in row)}</tr>" for row in rows]
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _figure(shows: str, picture: str) -> str:
    text = html.escape(shows)
    return f'<figure><img src="{picture}" alt="{text}"><figcaption>{text}</figcaption></figure>'


def _as_data(content: Mapping[str, object]) -> str:
    """JSON that cannot end the element that holds it."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).translate(_SAFE)


def _policy(style: str, script: str) -> str:
    own = {
        name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for name, text in (("style", style), ("script", script))
    }
    return (
        f"default-src 'none'; script-src 'sha256-{own['script']}'; style-src 'sha256-{own['style']}'; "
        "img-src data:; media-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _part(name: str) -> str:
    return (files(__package__) / "page" / name).read_text(encoding="utf-8").strip()
