"""The report: one HTML file that opens from disk and requests nothing from any server.

All foreign text (captions, predictions, names) reaches the page as HTML that Jinja escapes, or as JSON that the page's
script inserts as text; a content security policy allows only what the file itself contains to run or load.
"""

from collections.abc import Sequence
from functools import cache

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from adiff_data.core.pages import page_part
from adiff_data.core.pages.one_file import as_json, content_security_policy
from adiff_model.evaluation.following_people import People
from adiff_model.evaluation.footnotes import Footnotes
from adiff_model.evaluation.judge import Judgements
from adiff_model.evaluation.metric_descriptions import describe_metric
from adiff_model.evaluation.probe_scores import CHARTED_PROBE_METRICS, was_probed
from adiff_model.evaluation.report.files import page_file
from adiff_model.evaluation.report.interval_charts import CHARTED_METRICS, make_figures
from adiff_model.evaluation.report.origins import ReportOrigin
from adiff_model.evaluation.report.overview import make_overview
from adiff_model.evaluation.report.people_section import people_tables
from adiff_model.evaluation.report.row_plots import HEIGHT, WIDTH, PlotSet
from adiff_model.evaluation.report.score_tables import compare_with_published, make_tables
from adiff_model.evaluation.report.tier_labels import tier_labels
from adiff_model.evaluation.row_browser import RowBrowser
from adiff_model.evaluation.scoring import CONTENT_METRICS, TRUTH_METRICS, Scores, groups_of

_STYLES = ("layout", "tables", "figures", "rows", "narrow", "print")  # in this order: later ones win
_SCRIPTS = (  # each may use those before it
    "elements",
    "filters",
    "address",
    "rows",
    "enlarging",
    "contents",
    "start",
)


def make_report(
    scores: Scores,
    origin: ReportOrigin,
    leaderboard: pd.DataFrame,
    plots: Sequence[PlotSet],
    browser: RowBrowser,
    judgements: Judgements | None = None,
    people: People | None = None,
) -> str:
    """The whole page."""
    style = "\n".join(
        [page_part("base.css"), page_part("marks.css"), *(page_file("styles", f"{name}.css") for name in _STYLES)]
    )
    script = "\n\n".join(
        [*(page_file("scripts", f"{name}.js") for name in _SCRIPTS), page_part("element.js"), page_part("marks.js")]
    )
    footnotes = Footnotes()
    charted_probes = CHARTED_PROBE_METRICS if was_probed(scores) else ()
    labels = tier_labels(groups_of(scores))
    label_of_group = {" ".join(group): label for group, label in labels.items()}
    return (
        _environment()
        .get_template("page.html")
        .render(
            policy=Markup(content_security_policy(style, script)),
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
            people=people,
            people_tables=people_tables(people) if people else [],
            tables=make_tables(scores, judgements, footnotes),
            leaderboard=compare_with_published(leaderboard),
            plots=plots,
            plot_size=(WIDTH, HEIGHT),
            note=browser.note,
            footnotes=list(footnotes),
            data=Markup(as_json({**browser.as_dict(), "labels": label_of_group})),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(lambda name: page_file("templates", name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
