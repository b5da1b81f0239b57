"""The report: one HTML file that opens from disk and requests nothing from any server.

All foreign text (captions, predictions, names) reaches the page as HTML that Jinja escapes, or as JSON that the page's
script inserts as text; a content security policy allows only what the file itself contains to run or load.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from adiff_data.core.styles import style as style_sheet
from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.judge import Judgements
from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.probe_scores import CHARTED_PROBE_METRICS, was_probed
from adiff_model.evaluation.report.interval_charts import CHARTED_METRICS, make_figures
from adiff_model.evaluation.report.origins import ReportOrigin
from adiff_model.evaluation.report.overview import make_overview
from adiff_model.evaluation.report.row_plots import HEIGHT, WIDTH, PlotSet
from adiff_model.evaluation.report.score_tables import compare_with_published, make_tables
from adiff_model.evaluation.report.tier_labels import tier_labels
from adiff_model.evaluation.row_browser import RowBrowser
from adiff_model.evaluation.scoring import CONTENT_METRICS, TRUTH_METRICS, Scores, groups_of

_STYLES = ("layout", "tables", "figures", "rows", "narrow", "print")  # in this order: later ones win
_SCRIPTS = ("elements", "filters", "address", "rows", "enlarging", "contents", "start")  # each may use those before it
_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def make_report(
    scores: Scores,
    origin: ReportOrigin,
    leaderboard: pd.DataFrame,
    plots: Sequence[PlotSet],
    browser: RowBrowser,
    judgements: Judgements | None = None,
) -> str:
    """The whole page."""
    style = "\n".join(
        [style_sheet("base"), style_sheet("marks"), *(_page_file("styles", f"{name}.css") for name in _STYLES)]
    )
    script = "\n\n".join(_page_file("scripts", f"{name}.js") for name in _SCRIPTS)
    footnotes = Footnotes()
    charted_probes = CHARTED_PROBE_METRICS if was_probed(scores) else ()
    labels = tier_labels(groups_of(scores))
    label_of_group = {" ".join(group): label for group, label in labels.items()}
    return (
        _environment()
        .get_template("page.html")
        .render(
            policy=Markup(_content_security_policy(style, script)),
            style=Markup(style),
            script=Markup(script),
            systems=list(scores),
            datasets=list(dict.fromkeys(dataset for dataset, _ in labels)),
            labels=labels,
            origin=origin,
            baselines=origin.baselines,
            overview=make_overview(scores, footnotes),
            text_figures=make_figures(scores, CHARTED_METRICS, footnotes),
            truth_figures=make_figures(scores, TRUTH_METRICS, footnotes),
            claim_metrics=[describe_metric(metric) for metric in CONTENT_METRICS],
            claim_figures=make_figures(scores, CONTENT_METRICS, footnotes),
            listening_metrics=[describe_metric(metric) for metric in charted_probes],
            listening_figures=make_figures(scores, charted_probes, footnotes) if charted_probes else [],
            tables=make_tables(scores, judgements, footnotes),
            leaderboard=compare_with_published(leaderboard),
            plots=plots,
            plot_size=(WIDTH, HEIGHT),
            note=browser.note,
            footnotes=list(footnotes),
            data=Markup(_as_json({**browser.as_dict(), "labels": label_of_group})),
        )
    )


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
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(lambda name: _page_file("templates", name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _page_file(folder: str, name: str) -> str:
    return (files(__package__) / folder / name).read_text(encoding="utf-8").strip()
