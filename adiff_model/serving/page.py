"""The page at `/`: two recordings, their spectrograms, and what the model says of them. It loads nothing else.

It has the report's style. All foreign text (names of files, answers, errors) is put in by its script as text.
"""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from adiff_data.core.pages import page_part
from adiff_data.core.pages.one_file import as_json, content_security_policy
from adiff_data.tiers import TIERS
from adiff_model.evaluation.report.files import page_file


def make_page(model: str) -> str:
    """The whole page.

    Args:
        model: its name.
    """
    style = "\n".join(
        [page_part("base.css"), page_part("marks.css"), page_file("styles", "rows.css"), _asset("page.css")]
    )
    script = "\n\n".join(
        [page_file("scripts", "elements.js"), _asset("page.js"), page_part("element.js"), page_part("marks.js")]
    )
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
        _asset("page.html")
    )
    return template.render(
        model=model,
        policy=Markup(content_security_policy(style, script, media="blob:", connect="'self'")),
        style=Markup(style),
        script=Markup(script),
        data=Markup(as_json({"model": model, "labels": {name: tier.label for name, tier in TIERS.items()}})),
    )


@cache
def _asset(name: str) -> str:
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8").strip()
