"""The page's files: its markup, its style, and its script, which asks a server or has everything in its own file."""

from functools import cache
from importlib.resources import files
from typing import Literal

from jinja2 import Environment, StrictUndefined

from adiff_data.core.pages import page_part
from adiff_data.listeners.page import listening_part


def script(backend: Literal["by_server.js", "by_file.js"]) -> str:
    """The whole script."""
    return "\n".join([listening_part("listening.js"), _own(backend), _own("study.js"), page_part("element.js")])


def style() -> str:
    """The whole style sheet."""
    return "\n".join([page_part("base.css"), listening_part("listening.css"), _own("study.css")])


def page_of_server() -> str:
    """The page as the server has it, whose script and style are files of their own."""
    return _render(policy="", style="", script="", data="")


def page_of_file(policy: str, data: str) -> str:
    """The page as one file.

    Args:
        policy: what it may load.
        data: JSON that cannot end its element.
    """
    return _render(policy=policy, style=style(), script=script("by_file.js"), data=data)


def _render(**parts: str) -> str:
    """Every part is ready to stand in HTML as it is."""
    return Environment(undefined=StrictUndefined, trim_blocks=True).from_string(_own("study.html")).render(**parts)


@cache
def _own(name: str) -> str:
    return (files(__package__) / "page" / name).read_text(encoding="utf-8").strip()
