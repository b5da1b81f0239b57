"""What every page of the project has: colours, type and controls, elements, and how claims are marked."""

from functools import cache
from importlib.resources import files
from typing import Literal


@cache
def page_part(name: Literal["base.css", "marks.css", "element.js", "marks.js"]) -> str:
    """The text of a style sheet, or of a script that stands behind the page's own."""
    return (files(__package__) / name).read_text(encoding="utf-8").strip()
